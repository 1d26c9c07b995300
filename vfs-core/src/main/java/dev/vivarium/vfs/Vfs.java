package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.HostDirectory;
import dev.vivarium.vfs.mount.LocatedDescription;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.MemoryFileSystem;
import dev.vivarium.vfs.mount.MountTable;
import dev.vivarium.vfs.mount.PathFileSystem;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

  private final Object lock = new Object();
  private final InstantSource clock;
  private final Quota quota;
  private final Ledger ledger;
  private final Tree tree;
  private final MountTable mounts;
  private final OpenFiles openFiles;
  private final OpenCalls openCalls;
  private final EntryCalls entryCalls;
  private final AttributeCalls attributeCalls;
  private final HostCalls hostCalls;

  private Vfs(Builder builder) {
    clock = builder.clock;
    quota = builder.quota;
    ledger = new Ledger(quota.bytes(), quota.inodes(), quota.userBytes(), quota.userInodes());
    tree = new Tree(builder.base == null ? null : builder.base.state(), ledger, clock, lock);
    mounts =
        new MountTable(
            lock,
            device ->
                new MemoryFileSystem(
                    tree, device, quota.directoryEntries(), quota.depth(), Map.of()));
    openFiles = new OpenFiles(quota.openFiles());
    var walker = new PathWalker();
    openCalls = new OpenCalls(walker, openFiles);
    entryCalls = new EntryCalls(walker, new PathWalker());
    attributeCalls = new AttributeCalls(walker);
    hostCalls = new HostCalls(this);
  }

  /** Makes filesystems; each setting has a safe default. */
  public static final class Builder {
    private Snapshot base;
    private Quota quota = Quota.DEFAULT;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /** Starts from a snapshot instead of an empty root directory (root's, mode 0755). */
    public Builder base(Snapshot snapshot) {
      this.base = snapshot;
      return this;
    }

    /** The limits; {@link Quota#DEFAULT} if not set. A fork pays for what it touches. */
    public Builder quota(Quota quota) {
      this.quota = Objects.requireNonNull(quota);
      return this;
    }

    /** The clock of all timestamps; the system's if not set. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock);
      return this;
    }

    /** Makes the filesystem, in constant time. */
    public Vfs build() {
      return new Vfs(this);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A fork with the same clock and default quota: {@code builder().base(snapshot).build()}. */
  public static Vfs fork(Snapshot snapshot) {
    return builder().base(snapshot).build();
  }

  /** The present state of the root filesystem, without what is mounted on it, in constant time. */
  public Snapshot snapshot() {
    synchronized (lock) {
      return new Snapshot(tree.freeze());
    }
  }

  /** The root of the tree. */
  public Location root() {
    return new Location(mounts.root(), Tree.ROOT);
  }

  /** A context of root at the root, for the host's own use. */
  public FsContext superuser() {
    return new FsContext(Credentials.ROOT, root());
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
    synchronized (lock) {
      var where = directory(superuser(), root(), path.getBytes(StandardCharsets.UTF_8));
      var fileSystem =
          DeviceNumbers.fileSystem(devices, mounts.newDevice(), quota, ledger, clock, lock);
      mounts.mount(where, fileSystem, false);
    }
  }

  /**
   * Mounts a directory of the host: the only way to one. The guest sees what is below it, and
   * cannot leave it, whatever links there are and whoever changes it meanwhile. All of it belongs
   * to root, with the host's permission bits; symbolic links can be neither followed nor made, hard
   * links not be made, and modes, owners and times only as far as the platform can.
   *
   * @param path an existing directory of the guest
   * @param directory a directory of the host, or a symbolic link to one
   * @param readOnly whether every change is refused with EROFS
   * @throws ErrnoException ENOTDIR; as path resolution
   * @throws IOException if {@code directory} is not there, or is somewhere that it cannot be
   *     confined to; the message is for people
   */
  public void mountHostDirectory(String path, Path directory, boolean readOnly)
      throws ErrnoException, IOException {
    synchronized (lock) {
      var where = directory(superuser(), root(), path.getBytes(StandardCharsets.UTF_8));
      var host = HostDirectory.open(lock, clock, mounts.newDevice(), directory, readOnly);
      mounts.mount(where, host, readOnly);
    }
  }

  /**
   * Mounts a directory of any {@code java.nio.file} provider, such as a zip file's, read-only.
   * Unlike {@link #mountHostDirectory} it follows symbolic links, each as the guest's own, and
   * needs no secure directory streams; so nobody may be able to change the tree who would lead a
   * guest out of it. Everything belongs to root.
   *
   * @param path an existing directory of the guest
   * @param tree a directory; its filesystem stays open as long as this
   * @throws ErrnoException ENOTDIR; as path resolution
   * @throws IOException if {@code tree} is not there, or is no directory
   */
  public void mountTree(String path, Path tree) throws ErrnoException, IOException {
    synchronized (lock) {
      var where = directory(superuser(), root(), path.getBytes(StandardCharsets.UTF_8));
      mounts.mount(where, PathFileSystem.open(mounts.newDevice(), tree), true);
    }
  }

  // ---- files --------------------------------------------------------------------------------

  /**
   * {@code openat(2)}: all flags of {@link dev.vivarium.vfs.posix.OpenFlags} but O_CLOEXEC, which
   * is the descriptor table's.
   *
   * @param mode permissions of a created file, before the umask
   */
  public FileDescription open(FsContext context, Location at, byte[] path, int flags, int mode)
      throws ErrnoException {
    synchronized (lock) {
      return openCalls.open(context, at, path, flags, mode);
    }
  }

  /**
   * {@code pipe2(2)}.
   *
   * @param flags O_NONBLOCK or 0
   * @throws ErrnoException ENFILE
   */
  public Pipe pipe(FsContext context, int flags) throws ErrnoException {
    return openCalls.pipe(context.credentials(), flags, tree.now());
  }

  /** {@code fstatat(2)}. */
  public Stat stat(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.stat(context, at, path, followSymlink);
    }
  }

  /** {@code faccessat(2)} with the context's credentials: any of R_OK, W_OK, X_OK, or F_OK. */
  public void access(FsContext context, Location at, byte[] path, int mask, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.access(context, at, path, mask, followSymlink);
    }
  }

  /** {@code mkdirat(2)}. */
  public void makeDirectory(FsContext context, Location at, byte[] path, int mode)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.makeDirectory(context, at, path, mode);
    }
  }

  /** {@code unlinkat(2)} with AT_REMOVEDIR: {@code rmdir(2)}. */
  public void removeDirectory(FsContext context, Location at, byte[] path) throws ErrnoException {
    synchronized (lock) {
      entryCalls.removeDirectory(context, at, path);
    }
  }

  /** {@code unlinkat(2)} without AT_REMOVEDIR. */
  public void unlink(FsContext context, Location at, byte[] path) throws ErrnoException {
    synchronized (lock) {
      entryCalls.unlink(context, at, path);
    }
  }

  /** {@code symlinkat(2)}. */
  public void symlink(FsContext context, byte[] target, Location at, byte[] path)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.symlink(context, target, at, path);
    }
  }

  /** {@code readlinkat(2)}: the whole target. */
  public byte[] readLink(FsContext context, Location at, byte[] path) throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.readLink(context, at, path);
    }
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
    synchronized (lock) {
      entryCalls.link(context, fromAt, from, followSymlink, toAt, to);
    }
  }

  /** {@code renameat(2)}. */
  public void rename(FsContext context, Location fromAt, byte[] from, Location toAt, byte[] to)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.rename(context, fromAt, from, toAt, to);
    }
  }

  /** {@code truncate(2)}. */
  public void truncate(FsContext context, Location at, byte[] path, long size)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.truncate(context, at, path, size);
    }
  }

  /** {@code fchmodat(2)}. */
  public void changeMode(
      FsContext context, Location at, byte[] path, int mode, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.changeMode(context, at, path, mode, followSymlink);
    }
  }

  /** {@code fchownat(2)}; -1 leaves an id alone. */
  public void changeOwner(
      FsContext context, Location at, byte[] path, int uid, int gid, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.changeOwner(context, at, path, uid, gid, followSymlink);
    }
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
    synchronized (lock) {
      attributeCalls.setTimes(context, at, path, access, modification, followSymlink);
    }
  }

  /** {@code statvfs(3)} of the filesystem that a path lies on. */
  public FileSystemStat statFileSystem(FsContext context, Location at, byte[] path)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.statFileSystem(context, at, path);
    }
  }

  /**
   * The directory at a path, for {@code chdir(2)} and {@code chroot(2)}.
   *
   * @throws ErrnoException ENOTDIR; EACCES without search permission
   */
  public Location directory(FsContext context, Location at, byte[] path) throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.directory(context, at, path);
    }
  }

  /**
   * The directory that an open description refers to, which relative paths of {@code openat(2)} and
   * its family start from.
   *
   * @throws ErrnoException ENOTDIR if it is no directory of this filesystem
   */
  public Location directoryOf(FileDescription description) throws ErrnoException {
    if (description instanceof LocatedDescription located
        && located.type() == FileType.DIRECTORY
        && located.location().mount().table() == mounts) {
      return located.location();
    }
    throw Errno.ENOTDIR.exception();
  }

  /**
   * {@code getcwd(2)}: the path of a directory below the context's root.
   *
   * @throws ErrnoException ENOENT if it has been removed, or lies outside the root; ENAMETOOLONG
   */
  public byte[] pathOf(FsContext context, Location directory) throws ErrnoException {
    synchronized (lock) {
      return HostCalls.pathOf(context.root(), directory);
    }
  }

  // ---- for the host -------------------------------------------------------------------------

  /** The content of a file, as root. */
  public byte[] read(String path) throws ErrnoException {
    return hostCalls.read(path);
  }

  /** Creates or replaces a file, as root (mode 0644), with the directories that it needs (0755). */
  public void write(String path, byte[] content) throws ErrnoException {
    hostCalls.write(path, content);
  }

  /** Makes a directory and those that it needs, as root (0755); fine if it is there. */
  public void makeDirectories(String path) throws ErrnoException {
    hostCalls.makeDirectories(path);
  }

  /** What {@link #tree(String)} says of the root. */
  public String tree() {
    synchronized (lock) {
      return TreeListing.of("/", root());
    }
  }

  /**
   * A directory and all that is below it, for people, as {@code tree -a} prints it: a line for each
   * name, in the order of their bytes, with the targets of symbolic links, and a last line that
   * counts. What could control a terminal, or is no UTF-8, is in octal. Ends with dots where it
   * becomes longer than 16 million characters.
   *
   * @throws ErrnoException ENOTDIR; as path resolution
   */
  public String tree(String path) throws ErrnoException {
    synchronized (lock) {
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      return TreeListing.of(path, directory(superuser(), root(), bytes));
    }
  }

  /** How many open file descriptions there are. */
  public int openFiles() {
    return openFiles.count();
  }

  /**
   * Checks the invariants of the tree: link counts, the ledger, no orphan without an open
   * description, no entry without an inode.
   *
   * @return a line for each violation; empty if all is well
   */
  public List<String> check() {
    synchronized (lock) {
      return VfsCheck.violations(mounts, ledger);
    }
  }
}
