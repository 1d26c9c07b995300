package dev.vivarium.vfs.tree;

/** A character or block device node: the number of a device. */
public final class DeviceNode extends Inode {
  private final long rdev;

  DeviceNode(long epoch, long ino, int mode, long rdev, int uid, int gid, long now) {
    super(epoch, ino, mode, uid, gid, now);
    this.rdev = rdev;
  }

  private DeviceNode(long epoch, DeviceNode original) {
    super(epoch, original);
    rdev = original.rdev;
  }

  @Override
  Inode copy(Tree tree) {
    return new DeviceNode(tree.epoch(), this);
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
