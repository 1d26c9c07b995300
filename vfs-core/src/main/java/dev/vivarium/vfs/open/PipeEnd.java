package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;

/** One end of a {@link Pipe}. */
final class PipeEnd extends FileDescription implements Readiness {
  private final Pipe pipe;
  private final boolean writing;
  private final Stat stat;

  PipeEnd(Pipe pipe, boolean writing, int flags, Stat stat) {
    super(flags);
    this.pipe = pipe;
    this.writing = writing;
    this.stat = stat;
  }

  @Override
  public FileType type() {
    return FileType.FIFO;
  }

  @Override
  public Stat stat() {
    return stat;
  }

  @Override
  public int read(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (writing) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : pipe.read(buffer, offset, length, nonBlocking());
  }

  @Override
  public int write(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (!writing) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : pipe.write(buffer, offset, length, nonBlocking());
  }

  @Override
  public void allocate(long offset, long length) throws ErrnoException {
    if (offset < 0 || length <= 0) {
      throw Errno.EINVAL.exception();
    }
    throw (writing ? Errno.ESPIPE : Errno.EBADF).exception();
  }

  @Override
  public Readiness readiness() {
    return this;
  }

  @Override
  public int events() {
    return pipe.events(writing);
  }

  @Override
  public long available() {
    return writing ? 0 : pipe.available();
  }

  @Override
  public void watch(Waker waker) {
    pipe.watch(waker);
  }

  @Override
  public void unwatch(Waker waker) {
    pipe.unwatch(waker);
  }

  @Override
  protected void closed() {
    pipe.closed(writing);
  }
}
