package dev.vivarium.image.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends in an exception when it is longer than it may be. */
final class LimitedInput extends FilterInputStream {
  private final long limit;
  private final String what;
  private long count;

  /**
   * @param what is too long then, in the message
   */
  LimitedInput(InputStream in, long limit, String what) {
    super(in);
    this.limit = limit;
    this.what = what;
  }

  /** How many bytes have been read. */
  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    counted(next < 0 ? -1 : 1);
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return (int) counted(in.read(buffer, offset, length));
  }

  @Override
  public long skip(long length) throws IOException {
    return counted(in.skip(length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private long counted(long read) throws IOException {
    if (read > 0) {
      count += read;
      if (count > limit) {
        throw new BoxFormatException(what + " is longer than " + limit + " bytes");
      }
    }
    return read;
  }
}
