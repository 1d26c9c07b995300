package dev.vivarium.image.oci;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream of which all that is read is also written to another. */
final class CopyingInput extends FilterInputStream {
  private final OutputStream copy;

  private CopyingInput(InputStream in, OutputStream copy) {
    super(in);
    this.copy = copy;
  }

  /**
   * Such a stream, which reads ahead.
   *
   * @param copy is not closed with it
   */
  static InputStream of(InputStream in, OutputStream copy) {
    return new BufferedInputStream(new CopyingInput(in, copy), 1 << 16);
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    if (next >= 0) {
      copy.write(next);
    }
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count > 0) {
      copy.write(buffer, offset, count);
    }
    return count;
  }

  /** Nothing is passed over: it would be missing in the copy. */
  @Override
  public long skip(long length) {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
