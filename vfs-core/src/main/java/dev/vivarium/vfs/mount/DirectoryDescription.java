package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;

/** An open directory, of any filesystem. */
public final class DirectoryDescription extends LocatedDescription {
  private long position;

  /** Opens a directory that may be read. Called under the lock of the tree. */
  public DirectoryDescription(Mount mount, Node directory, int flags) {
    super(mount, directory, flags);
  }

  @Override
  public DirectoryDescription in(Mount fork) {
    var node = fork.fileSystem().node(location().ino());
    var copy = new DirectoryDescription(fork, node, flags());
    copy.position = position;
    return copy;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws ErrnoException {
    synchronized (lock()) {
      throw (length > Long.MAX_VALUE - position ? Errno.EINVAL : Errno.EISDIR).exception();
    }
  }

  @Override
  public int pread(byte[] buffer, int offset, int length, long at) throws ErrnoException {
    throw (at < 0 || length > Long.MAX_VALUE - at ? Errno.EINVAL : Errno.EISDIR).exception();
  }

  @Override
  public int write(byte[] buffer, int offset, int length) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public int pwrite(byte[] buffer, int offset, int length, long at) throws ErrnoException {
    throw (at < 0 ? Errno.EINVAL : Errno.EBADF).exception();
  }

  @Override
  public long seek(long offset, Whence whence) throws ErrnoException {
    synchronized (lock()) {
      long target =
          switch (whence) {
            case SET -> offset;
            case CUR -> position + offset;
            case END, DATA, HOLE -> -1;
          };
      if (target < 0) {
        throw Errno.EINVAL.exception();
      }
      position = target;
      return target;
    }
  }

  @Override
  public void sync(boolean dataOnly) {
    // Nothing is delayed.
  }

  @Override
  public void readDirectory(long cookie, DirectoryVisitor visitor) throws ErrnoException {
    synchronized (lock()) {
      fileSystem().readDirectory(node(), cookie, visitor);
      if ((flags() & OpenFlags.O_NOATIME) == 0) {
        fileSystem().accessed(node());
      }
    }
  }
}
