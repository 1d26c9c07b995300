package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.FileType;

/**
 * What stands for a stored inode that cannot be read any more. Nothing that a path leads to: the
 * look-up that meets it fails, so it is neither opened nor changed, and stays as it is.
 */
public final class DamagedInode extends Inode {
  DamagedInode(long epoch, long ino) {
    super(epoch, ino, FileType.REGULAR.bits(), 0, 0, 0);
  }

  @Override
  Inode copy(Tree tree) {
    throw new IllegalStateException("an inode that cannot be read was to be changed");
  }

  @Override
  public long size() {
    return 0;
  }
}
