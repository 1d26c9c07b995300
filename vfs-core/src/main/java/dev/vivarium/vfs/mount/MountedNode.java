package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.LockTable;
import dev.vivarium.vfs.open.OpenNode;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.List;

/** An inode in a mount, which an open description keeps. */
public final class MountedNode implements OpenNode {
  private final Mount mount;
  private final long ino;
  private final Credentials opener;
  private final boolean written;

  /**
   * Called under the lock of the tree; keeps the mount until it is {@linkplain #closed let go}.
   *
   * @param written whether it is a file that is open for writing, so that the mount cannot become
   *     read-only
   */
  public MountedNode(Mount mount, long ino, Credentials opener, boolean written) {
    this.mount = mount;
    this.ino = ino;
    this.opener = opener;
    this.written = written;
    mount.retain();
    if (written) {
      mount.retainWritable();
    }
  }

  /** Who opened it. */
  public Credentials opener() {
    return opener;
  }

  public Mount mount() {
    return mount;
  }

  /** Which place that is. */
  public Location location() {
    return new Location(mount, ino);
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
  public Statx statx() throws ErrnoException {
    synchronized (mount.table().lock()) {
      return Attributes.statx(mount, node());
    }
  }

  @Override
  public void access(Credentials who, int mask) throws ErrnoException {
    Attributes.checkAccess(mask, 0);
    synchronized (mount.table().lock()) {
      Attributes.access(mount, node(), who, mask);
    }
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
  public byte[] getXattr(Credentials who, byte[] name) throws ErrnoException {
    ExtendedAttributes.check(name);
    synchronized (mount.table().lock()) {
      return ExtendedAttributes.get(mount, node(), who, name);
    }
  }

  @Override
  public void setXattr(Credentials who, byte[] name, byte[] value, int flags)
      throws ErrnoException {
    ExtendedAttributes.check(name, value, flags);
    synchronized (mount.table().lock()) {
      ExtendedAttributes.set(mount, node(), who, name, value, flags);
    }
  }

  @Override
  public void removeXattr(Credentials who, byte[] name) throws ErrnoException {
    ExtendedAttributes.check(name);
    synchronized (mount.table().lock()) {
      ExtendedAttributes.remove(mount, node(), who, name);
    }
  }

  @Override
  public List<byte[]> listXattr() throws ErrnoException {
    synchronized (mount.table().lock()) {
      return ExtendedAttributes.list(mount, node());
    }
  }

  @Override
  public void syncFileSystem() throws ErrnoException {
    synchronized (mount.table().lock()) {
      mount.fileSystem().sync();
    }
  }

  @Override
  public void closed() {
    if (written) {
      mount.releaseWritable();
    }
    mount.release();
  }

  private record LockKey(long device, long ino) {}

  @Override
  public LockTable locks() {
    return mount.table().locks();
  }

  @Override
  public Object lockKey() {
    return new LockKey(mount.fileSystem().device(), ino);
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    synchronized (mount.table().lock()) {
      return Attributes.statFileSystem(mount);
    }
  }
}
