package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;

/** A filesystem at a place in the tree. Its list of mounts is guarded by the lock of the tree. */
public final class Mount {
  private static final Mount[] NONE = {};

  private final MountTable table;
  private final FileSystem fileSystem;
  private final Location covered;
  private final boolean readOnly;
  private Mount[] mounts = NONE;

  Mount(MountTable table, FileSystem fileSystem, Location covered, boolean readOnly) {
    this.table = table;
    this.fileSystem = fileSystem;
    this.covered = covered;
    this.readOnly = readOnly;
  }

  /** What is mounted. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The directory that this mount hides; null for the root mount. */
  public Location covered() {
    return covered;
  }

  /** Whether changes are refused with EROFS. */
  public boolean readOnly() {
    return readOnly;
  }

  /**
   * Requires that changes are allowed.
   *
   * @throws ErrnoException EROFS
   */
  public void requireWritable() throws ErrnoException {
    if (readOnly) {
      throw Errno.EROFS.exception();
    }
  }

  /** The tree that this mount belongs to. */
  public MountTable table() {
    return table;
  }

  /** The root directory, as a place. */
  public Location root() {
    return new Location(this, fileSystem.root().ino());
  }

  /** The mount that hides a directory of this one, or null. */
  public Mount mountedOn(long ino) {
    for (var mount : mounts) {
      if (mount.covered.ino() == ino) {
        return mount;
      }
    }
    return null;
  }

  void add(Mount mount) {
    mounts = Arrays.copyOf(mounts, mounts.length + 1);
    mounts[mounts.length - 1] = mount;
  }
}
