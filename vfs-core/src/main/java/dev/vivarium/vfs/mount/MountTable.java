package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.LockTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The mounts of one tree, and the lock that its path calls and its memory filesystems share. */
public final class MountTable {
  // Small numbers, as Linux gives to filesystems without a block device. Those below are left to
  // what has no mount: pipes and standard streams.
  private static final long FIRST_DEVICE = 32;

  private final Object lock;
  private final LockTable locks;
  private final Mount root;
  private final List<Mount> mounts = new ArrayList<>();
  private long nextDevice = FIRST_DEVICE;

  /**
   * @param lock the lock of the tree
   * @param locks the locks on its files
   * @param rootDriver makes the root filesystem, given its device number
   */
  public MountTable(Object lock, LockTable locks, LongFunction<? extends FileSystem> rootDriver) {
    this.lock = lock;
    this.locks = locks;
    this.root = new Mount(this, rootDriver.apply(newDevice()), null, false);
    mounts.add(root);
  }

  /** The lock of the tree; see the package comment for its place in the lock order. */
  public Object lock() {
    return lock;
  }

  /** The locks on the files of the tree. */
  public LockTable locks() {
    return locks;
  }

  public Mount root() {
    return root;
  }

  /** A device number ({@code st_dev}) that no mount has. */
  public long newDevice() {
    synchronized (lock) {
      return nextDevice++;
    }
  }

  /** All mounts, the root first, in the order of mounting. */
  public List<Mount> mounts() {
    synchronized (lock) {
      return List.copyOf(mounts);
    }
  }

  /**
   * Mounts a filesystem over a directory.
   *
   * @param where an existing directory that nothing is mounted on
   */
  public Mount mount(Location where, FileSystem fileSystem, boolean readOnly) {
    synchronized (lock) {
      var mount = new Mount(this, fileSystem, where, readOnly);
      where.mount().fileSystem().pin(where.ino());
      where.mount().add(mount);
      mounts.add(mount);
      return mount;
    }
  }
}
