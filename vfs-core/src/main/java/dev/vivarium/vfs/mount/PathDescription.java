package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Whence;

/** What O_PATH opens: a place in the tree, without its content. */
public final class PathDescription extends LocatedDescription {

  /** Called under the lock of the tree. */
  public PathDescription(Mount mount, Node node, int flags) {
    super(mount, node, flags);
  }

  @Override
  public PathDescription in(Mount fork) {
    return new PathDescription(fork, fork.fileSystem().node(location().ino()), flags());
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public int write(byte[] buffer, int offset, int length) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public int pread(byte[] buffer, int offset, int length, long position) throws ErrnoException {
    throw (position < 0 ? Errno.EINVAL : Errno.EBADF).exception();
  }

  @Override
  public int pwrite(byte[] buffer, int offset, int length, long position) throws ErrnoException {
    throw (position < 0 ? Errno.EINVAL : Errno.EBADF).exception();
  }

  @Override
  public long seek(long offset, Whence whence) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public void truncate(long size) throws ErrnoException {
    throw (size < 0 ? Errno.EINVAL : Errno.EBADF).exception();
  }

  @Override
  public void sync(boolean dataOnly) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public void readDirectory(long cookie, DirectoryVisitor visitor) throws ErrnoException {
    throw Errno.EBADF.exception();
  }
}
