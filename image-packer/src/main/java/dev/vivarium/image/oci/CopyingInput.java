package dev.vivarium.image.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream of which all that is read is also written to another. */
final class CopyingInput extends FilterInputStream {
  private final OutputStream copy;

  /**
   * @param copy is not closed with this
   */
  CopyingInput(InputStream in, OutputStream copy) {
    super(in);
    this.copy = copy;
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
