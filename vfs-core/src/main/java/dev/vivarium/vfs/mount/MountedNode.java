package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.OpenNode;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.TimeChange;

/** An inode in a mount, which an open description keeps. */
public final class MountedNode implements OpenNode {
  private final Mount mount;
  private final long ino;

  public MountedNode(Mount mount, long ino) {
    this.mount = mount;
    this.ino = ino;
  }

  public Mount mount() {
    return mount;
  }

  /**
   * The inode. Called under the lock of the tree.
   *
   * @throws ErrnoException EBADF
   */
  public Node node() throws ErrnoException {
    var node = mount.fileSystem().node(ino);
    if (node == null) {
      throw Errno.EBADF.exception();
    }
    return node;
  }

  @Override
  public void changeMode(Credentials who, int mode) throws ErrnoException {
    synchronized (mount.table().lock()) {
      Attributes.changeMode(mount, node(), who, mode);
    }
  }

  @Override
  public void changeOwner(Credentials who, int uid, int gid) throws ErrnoException {
    synchronized (mount.table().lock()) {
      Attributes.changeOwner(mount, node(), who, uid, gid);
    }
  }

  @Override
  public void setTimes(Credentials who, TimeChange access, TimeChange modification)
      throws ErrnoException {
    synchronized (mount.table().lock()) {
      Attributes.setTimes(mount, node(), who, access, modification);
    }
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    synchronized (mount.table().lock()) {
      return Attributes.statFileSystem(mount);
    }
  }
}
