package dev.vivarium.image.oci;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Passes on what is written, and knows its digest and length. */
final class DigestingOutput extends FilterOutputStream {
  private final MessageDigest algorithm = Digest.algorithm();
  private long count;
  private Digest digest;

  DigestingOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    algorithm.update((byte) b);
    count++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    algorithm.update(bytes, offset, length);
    count += length;
  }

  /** Counts bytes that have been written before. */
  void recall(byte[] bytes, int length) {
    algorithm.update(bytes, 0, length);
    count += length;
  }

  /** Begins anew, as if nothing had been written. */
  void restart() {
    algorithm.reset();
    count = 0;
    digest = null;
  }

  /** How many bytes have been written. */
  long count() {
    return count;
  }

  /** The digest of all that was written; nothing more can be. */
  Digest digest() {
    if (digest == null) {
      digest = Digest.of(algorithm);
    }
    return digest;
  }
}
