package dev.vivarium.sys.stream;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.FileType;

/**
 * Bytes as a guest's standard input: a pipe that all has been written to, and closed. Other than
 * with a stream of the host nobody ever waits for it, so that what a guest is told depends on
 * nothing but what it does.
 */
public final class BytesInput implements Device, Readiness {
  private final byte[] content;
  // Guarded by this.
  private int from;

  public BytesInput(byte[] content) {
    this.content = content.clone();
  }

  @Override
  public FileType type() {
    return FileType.FIFO;
  }

  @Override
  public synchronized int read(byte[] buffer, int offset, int length, boolean nonBlocking) {
    int count = Math.min(length, content.length - from);
    System.arraycopy(content, from, buffer, offset, count);
    from += count;
    return count;
  }

  @Override
  public Readiness readiness() {
    return this;
  }

  @Override
  public int events() {
    return READABLE | HANGUP;
  }

  @Override
  public synchronized long available() {
    return content.length - from;
  }

  @Override
  public void watch(Waker waker) {}

  @Override
  public void unwatch(Waker waker) {}
}
