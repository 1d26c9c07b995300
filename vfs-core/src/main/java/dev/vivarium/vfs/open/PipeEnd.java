package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;

/** An end of a {@link Pipe}, or of a FIFO, which may be opened at both ends at once. */
abstract class PipeEnd extends FileDescription implements Readiness {
  final PipeBuffer pipe;
  private final long writersBefore;

  /** Opens an end. */
  PipeEnd(PipeBuffer pipe, int flags) {
    super(flags);
    this.pipe = pipe;
    this.writersBefore = pipe.hasWriters() ? pipe.writerOpens() - 1 : pipe.writerOpens();
    pipe.open(readable(), writable());
  }

  @Override
  public final FileType type() {
    return FileType.FIFO;
  }

  @Override
  public int read(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (!readable()) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : pipe.read(buffer, offset, length, nonBlocking());
  }

  @Override
  public int write(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (!writable()) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : pipe.write(buffer, offset, length, nonBlocking());
  }

  @Override
  public final int pipeSize() {
    return pipe.capacity();
  }

  @Override
  public final int setPipeSize(long size) throws ErrnoException {
    if (size < 0 || size > 1L << 31) {
      throw Errno.EINVAL.exception();
    }
    long pages = (Math.max(size, 1) + Pipe.PIPE_BUF - 1) / Pipe.PIPE_BUF;
    long rounded = Pipe.PIPE_BUF * (Long.highestOneBit(2 * pages - 1));
    if (rounded > pipe.capacity() && rounded > Pipe.CAPACITY_MAX) {
      throw Errno.EPERM.exception();
    }
    pipe.setCapacity((int) rounded);
    return (int) rounded;
  }

  @Override
  public final Readiness readiness() {
    return this;
  }

  @Override
  public final int events() {
    return (readable() ? pipe.readerEvents(writersBefore) : 0)
        | (writable() ? pipe.writerEvents() : 0);
  }

  @Override
  public final long available() {
    return readable() ? pipe.available() : 0;
  }

  @Override
  public final void watch(Waker waker) {
    pipe.watch(waker);
  }

  @Override
  public final void unwatch(Waker waker) {
    pipe.unwatch(waker);
  }

  @Override
  protected void closed() {
    pipe.close(readable(), writable());
  }
}
