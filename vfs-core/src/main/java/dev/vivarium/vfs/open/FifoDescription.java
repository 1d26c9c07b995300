package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.tree.Inode;
import java.util.function.Consumer;

/** A FIFO that was opened by its node: {@code fifo(7)}. */
public final class FifoDescription extends PipeEnd {
  private final Fifos fifos;
  private final long ino;
  private final boolean waits;
  private final long othersBefore;

  /** Called under the tree's lock, with a pipe of {@code fifos}. */
  FifoDescription(Fifos fifos, long ino, PipeBuffer pipe, int flags) {
    super(pipe, flags);
    this.fifos = fifos;
    this.ino = ino;
    if (readable() == writable() || nonBlocking()) {
      waits = false;
    } else {
      waits = readable() ? !pipe.hasWriters() : !pipe.hasReaders();
    }
    othersBefore = readable() ? pipe.writerOpens() : pipe.readerOpens();
    fifos.tree().pin(ino);
  }

  /**
   * Ends the opening: waits for the other side, unless it is open for both or need not wait. Called
   * without any lock.
   *
   * @throws ErrnoException EINTR if the thread is interrupted, which it still is then; this
   *     description has been closed
   */
  public void awaitOtherSide() throws ErrnoException {
    if (!waits) {
      return;
    }
    try {
      if (readable()) {
        pipe.awaitWriter(othersBefore);
      } else {
        pipe.awaitReader(othersBefore);
      }
    } catch (InterruptedException e) {
      release();
      Thread.currentThread().interrupt();
      throw Errno.EINTR.exception();
    }
  }

  @Override
  public Stat stat() throws ErrnoException {
    synchronized (fifos.tree().lock()) {
      var inode = fifos.tree().get(ino);
      if (inode == null) {
        throw Errno.EBADF.exception();
      }
      return inode.stat(fifos.device());
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    int count = super.read(buffer, offset, length);
    if (count > 0 && (flags() & OpenFlags.O_NOATIME) == 0) {
      noted(fifos.tree()::touch);
    }
    return count;
  }

  @Override
  public int write(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    int count = super.write(buffer, offset, length);
    if (count > 0) {
      var tree = fifos.tree();
      noted(inode -> tree.contentChanged(inode.ino(), tree.now()));
    }
    return count;
  }

  @Override
  protected void closed() {
    synchronized (fifos.tree().lock()) {
      super.closed();
      fifos.closed(ino, pipe);
      fifos.tree().unpin(ino);
    }
  }

  private void noted(Consumer<Inode> note) {
    synchronized (fifos.tree().lock()) {
      var inode = fifos.tree().get(ino);
      // Another thread may have closed the last descriptor since.
      if (inode != null) {
        note.accept(inode);
      }
    }
  }
}
