package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.tree.Inode;
import dev.vivarium.vfs.tree.Tree;

/** A device that was opened by its node. */
final class DeviceNodeDescription extends DeviceDescription {
  private final Tree tree;
  private final long fileSystem;
  private final long ino;

  /** Called under the lock of the tree. */
  DeviceNodeDescription(Tree tree, long fileSystem, long ino, Device device, int flags) {
    super(device, flags);
    this.tree = tree;
    this.fileSystem = fileSystem;
    this.ino = ino;
    tree.pin(ino);
  }

  @Override
  public Stat stat() throws ErrnoException {
    synchronized (tree.lock()) {
      return node().stat(fileSystem);
    }
  }

  @Override
  protected void closed() {
    synchronized (tree.lock()) {
      tree.unpin(ino);
    }
  }

  private Inode node() throws ErrnoException {
    var node = tree.get(ino);
    if (node == null) {
      throw Errno.EBADF.exception();
    }
    return node;
  }
}
