package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.LockTable;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.tree.PathEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The mounts of one tree, and the lock that its path calls and its memory filesystems share. */
public final class MountTable {
  // Small numbers, as Linux gives to filesystems without a block device. Those below are left to
  // what has no mount: pipes and standard streams.
  private static final long FIRST_DEVICE = 32;

  private final Object lock;
  private final PathEpoch pathEpoch;
  private final LockTable locks;
  private final Mount root;
  private final List<Mount> mounts = new ArrayList<>();
  private long nextDevice = FIRST_DEVICE;
  private int nextId = 1;

  /**
   * @param lock the lock of the tree
   * @param pathEpoch that of the trees under it
   * @param locks the locks on its files
   * @param rootDriver makes the root filesystem, given its device number
   * @param rootOptions how that is mounted
   */
  public MountTable(
      Object lock,
      PathEpoch pathEpoch,
      LockTable locks,
      LongFunction<? extends FileSystem> rootDriver,
      MountOptions rootOptions) {
    this.lock = lock;
    this.pathEpoch = pathEpoch;
    this.locks = locks;
    this.root = new Mount(this, nextId++, rootDriver.apply(newDevice()), null, null, rootOptions);
    mounts.add(root);
  }

  /** The lock of the tree; see the package comment for its place in the lock order. */
  public Object lock() {
    return lock;
  }

  /** What ends when a path may come to mean something else. */
  public PathEpoch pathEpoch() {
    return pathEpoch;
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
  public Mount mount(Location where, FileSystem fileSystem, MountOptions options) {
    return mount(where, null, fileSystem, options);
  }

  /**
   * Mounts a single file over a file.
   *
   * @param where one that is there, and that nothing is mounted on at this name
   * @param entry its name; null for the root of another mount
   */
  public Mount mount(
      Location where, CoveredEntry entry, FileSystem fileSystem, MountOptions options) {
    synchronized (lock) {
      var mount = new Mount(this, nextId++, fileSystem, where, entry, options);
      mounts.add(mount);
      pathEpoch.next();
      where.mount().fileSystem().pin(where.ino());
      where.mount().add(mount);
      return mount;
    }
  }

  /**
   * {@code umount(2)}.
   *
   * @throws ErrnoException EBUSY for the root mount, while a description is open in it, a process
   *     has its root or working directory there, or another mount is below it
   */
  public void unmount(Mount mount) throws ErrnoException {
    synchronized (lock) {
      if (mount == root || mount.isBusy()) {
        throw Errno.EBUSY.exception();
      }
      var covered = mount.covered();
      covered.mount().remove(mount);
      mounts.remove(mount);
      pathEpoch.next();
      covered.mount().fileSystem().unpin(covered.ino());
      if (!mount.isBind()) {
        mount.fileSystem().unmounted();
      }
    }
  }

  /**
   * The inode that a description refers to, as a place. That of what is in no tree is in a mount of
   * its own, which is listed nowhere and has no way up.
   */
  public Location placeOf(FileDescription description) throws ErrnoException {
    return description.place() instanceof MountedNode node
        ? node.location()
        : StreamFileSystem.place(this, description);
  }

  Mount detached(FileSystem fileSystem) {
    return new Mount(this, Mount.DETACHED, fileSystem, null, null, MountOptions.DEFAULT);
  }
}
