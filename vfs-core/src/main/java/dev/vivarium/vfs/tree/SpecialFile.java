package dev.vivarium.vfs.tree;

/**
 * What is no more than a mode and a device number: a character or block device node, a FIFO or a
 * socket. What stands behind it is not in the tree.
 */
public final class SpecialFile extends Inode {
  private final long rdev;

  SpecialFile(long epoch, long ino, int mode, long rdev, int uid, int gid, long now) {
    super(epoch, ino, mode, uid, gid, now);
    this.rdev = rdev;
  }

  SpecialFile(long epoch, long ino, StoredInode stored) {
    super(epoch, ino, stored);
    rdev = stored.rdev();
  }

  private SpecialFile(Tree tree, SpecialFile original) {
    super(tree, original);
    rdev = original.rdev;
  }

  @Override
  Inode copy(Tree tree) {
    return new SpecialFile(tree, this);
  }

  @Override
  public long rdev() {
    return rdev;
  }

  @Override
  public long size() {
    return 0;
  }
}
