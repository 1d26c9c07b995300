package dev.vivarium.conformance.bench.fs;

import java.io.IOException;

/** An open file; each call moves the whole buffer or fails. */
interface OpenFile extends AutoCloseable {
  void read(byte[] buffer) throws Exception;

  void read(byte[] buffer, long position) throws Exception;

  void write(byte[] buffer) throws Exception;

  void write(byte[] buffer, long position) throws Exception;

  /** Goes back to the beginning. */
  void rewind() throws Exception;

  /** Makes it empty. */
  void truncate() throws Exception;

  /** Requires that a call moved all that it should. */
  static void require(boolean whole) throws IOException {
    if (!whole) {
      throw new IOException("a call moved less than it was asked to");
    }
  }
}
