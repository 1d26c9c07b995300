package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * A POSIX filesystem in memory: the tree with its mounts and quota.
 *
 * <p>The calls take an {@link FsContext} (who asks), the directory that a relative path starts from
 * (the working directory, or that of an {@code *at} call's descriptor) and the path's bytes. Every
 * path call can fail as path resolution does, in this order: ENOENT for an empty path; ENAMETOOLONG
 * for 4096 bytes or more, or a component above 255; ENOTDIR, EACCES (search), ENOENT, ELOOP on the
 * way. A byte 0 in a path is EINVAL, before all.
 */
public final class Vfs {

  private Vfs() {}

  /** Makes filesystems; each setting has a safe default. */
  public static final class Builder {
    /** Starts from a snapshot instead of an empty root directory (root's, mode 0755). */
    public Builder base(Snapshot snapshot) {
      throw new AssertionError("to be written");
    }

    /** The limits; {@link Quota#DEFAULT} if not set. A fork pays for what it touches. */
    public Builder quota(Quota quota) {
      throw new AssertionError("to be written");
    }

    /** The clock of all timestamps; the system's if not set. */
    public Builder clock(InstantSource clock) {
      throw new AssertionError("to be written");
    }

    /** Makes the filesystem, in constant time. */
    public Vfs build() {
      throw new AssertionError("to be written");
    }
  }

  public static Builder builder() {
    throw new AssertionError("to be written");
  }

  /** A fork with the same clock and default quota: {@code builder().base(snapshot).build()}. */
  public static Vfs fork(Snapshot snapshot) {
    throw new AssertionError("to be written");
  }

  /** The present state of the root filesystem, without what is mounted on it, in constant time. */
  public Snapshot snapshot() {
    throw new AssertionError("to be written");
  }

  /** The root of the tree. */
  public Location root() {
    throw new AssertionError("to be written");
  }

  /** A context of root at the root, for the host's own use. */
  public FsContext superuser() {
    throw new AssertionError("to be written");
  }

  // ---- mounts -------------------------------------------------------------------------------

  /**
   * Mounts a filesystem of device nodes, such as {@code /dev}.
   *
   * @param path an existing directory
   * @param devices by name; a name's insertion order is its place in the listing
   * @throws ErrnoException ENOTDIR; as path resolution
   */
  public void mountDevices(String path, Map<String, Device> devices) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  // mountHostDirectory(String path, java.nio.file.Path directory, boolean readOnly) follows.

  // ---- files --------------------------------------------------------------------------------

  /**
   * {@code openat(2)}: all flags of {@link dev.vivarium.vfs.posix.OpenFlags} but O_CLOEXEC, which is
   * the descriptor table's.
   *
   * @param mode permissions of a created file, before the umask
   */
  public FileDescription open(FsContext context, Location at, byte[] path, int flags, int mode)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code fstatat(2)}. */
  public Stat stat(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code faccessat(2)} with the context's credentials: any of R_OK, W_OK, X_OK, or F_OK. */
  public void access(FsContext context, Location at, byte[] path, int mask, boolean followSymlink)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code mkdirat(2)}. */
  public void makeDirectory(FsContext context, Location at, byte[] path, int mode)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code unlinkat(2)} with AT_REMOVEDIR: {@code rmdir(2)}. */
  public void removeDirectory(FsContext context, Location at, byte[] path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code unlinkat(2)} without AT_REMOVEDIR. */
  public void unlink(FsContext context, Location at, byte[] path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code symlinkat(2)}. */
  public void symlink(FsContext context, byte[] target, Location at, byte[] path)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code readlinkat(2)}: the whole target. */
  public byte[] readLink(FsContext context, Location at, byte[] path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * {@code linkat(2)}.
   *
   * @param followSymlink AT_SYMLINK_FOLLOW
   */
  public void link(
      FsContext context,
      Location fromAt,
      byte[] from,
      boolean followSymlink,
      Location toAt,
      byte[] to)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code renameat(2)}. */
  public void rename(FsContext context, Location fromAt, byte[] from, Location toAt, byte[] to)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code truncate(2)}. */
  public void truncate(FsContext context, Location at, byte[] path, long size)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code fchmodat(2)}. */
  public void changeMode(
      FsContext context, Location at, byte[] path, int mode, boolean followSymlink)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code fchownat(2)}; -1 leaves an id alone. */
  public void changeOwner(
      FsContext context, Location at, byte[] path, int uid, int gid, boolean followSymlink)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code utimensat(2)}. */
  public void setTimes(
      FsContext context,
      Location at,
      byte[] path,
      TimeChange access,
      TimeChange modification,
      boolean followSymlink)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** {@code statvfs(3)} of the filesystem that a path lies on. */
  public FileSystemStat statFileSystem(FsContext context, Location at, byte[] path)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * The directory at a path, for {@code chdir(2)} and {@code chroot(2)}.
   *
   * @throws ErrnoException ENOTDIR; EACCES without search permission
   */
  public Location directory(FsContext context, Location at, byte[] path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * The directory that an open description refers to, which relative paths of {@code openat(2)} and
   * its family start from.
   *
   * @throws ErrnoException ENOTDIR if it is no directory of this filesystem
   */
  public Location directoryOf(FileDescription description) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * {@code getcwd(2)}: the path of a directory below the context's root.
   *
   * @throws ErrnoException ENOENT if it has been removed, or lies outside the root
   */
  public byte[] pathOf(FsContext context, Location directory) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  // ---- for the host -------------------------------------------------------------------------

  /** The content of a file, as root. */
  public byte[] read(String path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** Creates or replaces a file, as root (mode 0644), with the directories that it needs (0755). */
  public void write(String path, byte[] content) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** Makes a directory and those that it needs, as root (0755); fine if it is there. */
  public void makeDirectories(String path) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * Checks the invariants of the tree: link counts, the ledger, no orphan without an open
   * description, no entry without an inode.
   *
   * @return a line for each violation; empty if all is well
   */
  public List<String> check() {
    throw new AssertionError("to be written");
  }

}
