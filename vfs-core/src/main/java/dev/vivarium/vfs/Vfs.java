package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.LocatedDescription;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.open.FifoDescription;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.KnownDirectories;
import dev.vivarium.vfs.path.Lookup;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.AtFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.tree.Inode;
import dev.vivarium.vfs.tree.Tree;
import dev.vivarium.vfs.tree.TreeState;
import java.nio.charset.StandardCharsets;
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

  private static final int MOST_LISTED = 1 << 20;

  private final Object lock = new Object();
  private final Tree tree;
  private final Mounts mounts;
  private final OpenFiles openFiles;
  private final OpenCalls openCalls;
  private final EntryCalls entryCalls;
  private final AttributeCalls attributeCalls;
  private final HostCalls hostCalls;

  private Vfs(Builder builder) {
    var pipes = new OpenFiles(builder.quota.pipes());
    mounts = new Mounts(this, builder, lock, pipes);
    tree = mounts.tree();
    openFiles = new OpenFiles(builder.quota.openFiles());
    var known = new KnownDirectories(mounts.table().pathEpoch());
    var walker = new PathWalker(known);
    openCalls = new OpenCalls(walker, openFiles, pipes);
    entryCalls = new EntryCalls(walker, new PathWalker(known));
    attributeCalls = new AttributeCalls(walker);
    hostCalls = new HostCalls(this);
  }

  /** Makes filesystems; each setting has a safe default. */
  public static final class Builder {
    Snapshot base;
    Quota quota = Quota.DEFAULT;
    InstantSource clock = InstantSource.system();
    AccessTimes accessTimes = AccessTimes.RELATIVE;

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

    /** When reading notes the time of access; {@link AccessTimes#RELATIVE} if not set. */
    public Builder accessTimes(AccessTimes choice) {
      this.accessTimes = Objects.requireNonNull(choice);
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

  /**
   * Makes the root filesystem again what a snapshot of it says, or one of what it was forked from.
   * Files stay open: what is in the snapshot is as it was then, whatever its name is now, and what
   * is not is as if it had been removed, gone with its last descriptor. What is charged is again
   * what was, and what is still open besides. A call that fails has changed nothing. Costs in
   * proportion to what has changed since.
   *
   * @throws ErrnoException EBUSY if something is mounted on a directory, or a name of a file, that
   *     is not in the snapshot; ENOSPC, EDQUOT if there is no room for it beside what is still open
   * @throws IllegalArgumentException if it is the snapshot of another filesystem
   */
  public void rollback(Snapshot snapshot) throws ErrnoException {
    synchronized (lock) {
      for (var mount : mounts.table().mounts()) {
        var covered = mount.covered();
        if (covered != null
            && covered.mount().fileSystem() == mounts.table().root().fileSystem()
            && !isThere(snapshot.state(), mount)) {
          throw Errno.EBUSY.exception();
        }
      }
      tree.rollBack(snapshot.state());
    }
  }

  /** Whether what a mount of the root filesystem hides is in a state. */
  private static boolean isThere(TreeState state, Mount mount) {
    var entry = mount.entry();
    long ino = mount.covered().ino();
    return entry == null
        ? state.hasDirectory(ino)
        : state.hasEntry(entry.directory(), entry.name(), ino);
  }

  /**
   * Forks the present state with what is open in it; see {@link WorldFork}.
   *
   * @param settings of the fork; its base is set here
   */
  public WorldFork forkWorld(Builder settings) {
    TreeState state;
    Map<Long, Inode> nameless;
    synchronized (lock) {
      state = tree.freeze();
      nameless = tree.nameless();
    }
    var fork = settings.base(new Snapshot(state)).build();
    return new WorldFork(mounts.table().root(), nameless, fork, fork.tree, fork.openFiles);
  }

  /** The root of the tree. */
  public Location root() {
    return new Location(mounts.table().root(), Tree.ROOT);
  }

  /** A context of root at the root, for the host's own use. */
  public FsContext superuser() {
    return new FsContext(Credentials.ROOT, root());
  }

  /** What is mounted, and where. */
  public Mounts mounts() {
    return mounts;
  }

  // ---- files --------------------------------------------------------------------------------

  /**
   * {@code openat(2)}: all flags of {@link dev.vivarium.vfs.posix.OpenFlags} but O_CLOEXEC, which
   * is the descriptor table's. A FIFO waits for its other side, without any lock, unless it is
   * opened with O_RDWR or O_NONBLOCK.
   *
   * @param mode permissions of a created file, before the umask
   */
  public FileDescription open(FsContext context, Location at, byte[] path, int flags, int mode)
      throws ErrnoException {
    FileDescription opened;
    synchronized (lock) {
      opened = openCalls.open(context, at, path, flags, mode);
    }
    if (opened instanceof FifoDescription fifo) {
      fifo.awaitOtherSide();
    }
    return opened;
  }

  /**
   * {@code pipe2(2)}.
   *
   * @param flags O_NONBLOCK or 0
   * @throws ErrnoException ENFILE
   */
  public Pipe pipe(FsContext context, int flags) throws ErrnoException {
    return openCalls.pipe(mounts.table(), context.credentials(), flags, tree::now);
  }

  /** {@code fstatat(2)}. */
  public Stat stat(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.stat(context, at, path, followSymlink);
    }
  }

  /** {@code statx(2)}: all that is known. */
  public Statx statx(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.statx(context, at, path, followSymlink);
    }
  }

  /** {@link #access(FsContext, Location, byte[], int, int)} with the effective ids. */
  public void access(FsContext context, Location at, byte[] path, int mask, boolean followSymlink)
      throws ErrnoException {
    int flags = AtFlags.AT_EACCESS | (followSymlink ? 0 : AtFlags.AT_SYMLINK_NOFOLLOW);
    access(context, at, path, mask, flags);
  }

  /**
   * {@code faccessat2(2)}. Without AT_EACCESS the real ids decide, also on the way. Source: Linux.
   * Errors, in checking order:
   *
   * <ol>
   *   <li>EINVAL for a mask or flags that are not known; as path resolution
   *   <li>EACCES; EROFS to write what is no device, FIFO or socket
   * </ol>
   *
   * @param mask any of R_OK, W_OK, X_OK, or F_OK
   * @param flags AT_EACCESS, AT_SYMLINK_NOFOLLOW, and AT_EMPTY_PATH for {@code at} itself
   */
  public void access(FsContext context, Location at, byte[] path, int mask, int flags)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.access(context, at, path, mask, flags);
    }
  }

  /** {@code mkdirat(2)}. */
  public void makeDirectory(FsContext context, Location at, byte[] path, int mode)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.makeDirectory(context, at, path, mode);
    }
  }

  /**
   * {@code mknodat(2)}, and so {@code mkfifoat(3)}. Source: {@code mknod(2)} of Linux. Errors, in
   * checking order:
   *
   * <ol>
   *   <li>EPERM for a directory; EINVAL for a type that is none of the others, or a symbolic link
   *   <li>as path resolution, to the last name
   *   <li>EEXIST if it is there, also as a symbolic link to nowhere; ENOENT with a slash behind it
   *   <li>EROFS; EACCES without write permission in the directory
   *   <li>EPERM for a device unless root, but for the character device 0, a whiteout
   *   <li>EPERM if the filesystem has no such nodes; ENOSPC, EDQUOT
   * </ol>
   *
   * @param mode the type (none means a regular file) and permissions, before the umask
   * @param rdev what device a device node stands for, as {@code makedev(3)} encodes it in 32 bits
   */
  public void makeNode(FsContext context, Location at, byte[] path, int mode, long rdev)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.makeNode(context, at, path, mode, rdev);
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
   * {@code readlinkat(2)} with an empty path: the target of a symbolic link that was opened with
   * O_PATH and O_NOFOLLOW.
   *
   * @throws ErrnoException ENOENT for what is none
   */
  public byte[] readLink(FsContext context, FileDescription symlink) throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.readLink(context, symlink);
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

  /**
   * {@code linkat(2)} with AT_EMPTY_PATH: gives what a description refers to a name, also a file of
   * O_TMPFILE its first one. Source: {@code linkat(2)} of Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>ENOENT unless root, or with the very credentials that opened it
   *   <li>as {@link #link(FsContext, Location, byte[], boolean, Location, byte[])} has them for the
   *       new path; EXDEV also for what is in no tree
   *   <li>EPERM for a directory; ENOENT for what has lost its last name, or was opened with
   *       O_TMPFILE and O_EXCL
   * </ol>
   */
  public void link(FsContext context, FileDescription from, Location toAt, byte[] to)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.link(context, from, toAt, to);
    }
  }

  /** {@code renameat(2)}: {@code renameat2(2)} without flags. */
  public void rename(FsContext context, Location fromAt, byte[] from, Location toAt, byte[] to)
      throws ErrnoException {
    rename(context, fromAt, from, toAt, to, 0);
  }

  /**
   * {@code renameat2(2)}. Source: {@code rename(2)} of Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EINVAL for flags that are not known, or do not go together
   *   <li>as path resolution, to both directories; EXDEV
   *   <li>EBUSY if a path ends with {@code .}, {@code ..} or is the root; EEXIST instead for the
   *       new one with RENAME_NOREPLACE
   *   <li>EROFS; ENOENT for the old name, or to exchange for either; EEXIST with RENAME_NOREPLACE
   *   <li>ENOTDIR for a slash behind what is no directory
   *   <li>EINVAL for a directory that would come below itself; ENOTEMPTY if the new name is above
   *       the old one, EINVAL to exchange them
   *   <li>EACCES, EPERM for names that may not be removed or made; ENOTDIR, EISDIR for one kind in
   *       the place of the other
   *   <li>EACCES for a directory that moves elsewhere and may not be written; EBUSY for mount
   *       points
   *   <li>EINVAL for a whiteout where there can be none; ENOTEMPTY for a directory to be replaced;
   *       EMLINK, ENOSPC, EDQUOT
   * </ol>
   *
   * @param flags of {@link dev.vivarium.vfs.posix.RenameFlags}
   */
  public void rename(
      FsContext context, Location fromAt, byte[] from, Location toAt, byte[] to, int flags)
      throws ErrnoException {
    synchronized (lock) {
      entryCalls.rename(context, fromAt, from, toAt, to, flags);
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

  /**
   * {@code getxattr(2)}, and {@code lgetxattr(2)} without following: the whole value. Who has a
   * buffer that is too small for it answers ERANGE. Source: {@code xattr(7)} of Linux. Errors, in
   * checking order:
   *
   * <ol>
   *   <li>ERANGE for a name that is empty or above 255 bytes; as path resolution
   *   <li>ENODATA for {@code trusted.*} and {@code security.*}, and for {@code user.*} of what is
   *       neither a regular file nor a directory
   *   <li>EACCES without read permission; EOPNOTSUPP for another namespace; EINVAL for {@code
   *       user.}
   *   <li>EOPNOTSUPP if the filesystem has none; ENODATA
   * </ol>
   */
  public byte[] getXattr(
      FsContext context, Location at, byte[] path, byte[] name, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.getXattr(context, at, path, name, followSymlink);
    }
  }

  /**
   * {@code setxattr(2)}, and {@code lsetxattr(2)} without following. Source: {@code xattr(7)} of
   * Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EINVAL for an unknown flag; ERANGE for a name that is empty or above 255 bytes; E2BIG for
   *       a value above 65,536 bytes; as path resolution; EROFS
   *   <li>EPERM for {@code trusted.*} and {@code security.*}, for {@code user.*} of what is neither
   *       a regular file nor a directory, and in somebody else's sticky directory
   *   <li>EACCES without write permission; EOPNOTSUPP for another namespace; EINVAL for {@code
   *       user.}
   *   <li>EOPNOTSUPP if the filesystem has none; EEXIST, ENODATA as the flags ask; ENOSPC, EDQUOT
   * </ol>
   *
   * @param flags of {@link dev.vivarium.vfs.posix.XattrFlags}
   */
  public void setXattr(
      FsContext context,
      Location at,
      byte[] path,
      byte[] name,
      byte[] value,
      int flags,
      boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.setXattr(context, at, path, name, value, flags, followSymlink);
    }
  }

  /**
   * {@code removexattr(2)}, and {@code lremovexattr(2)} without following.
   *
   * @throws ErrnoException as {@link #setXattr}; ENODATA
   */
  public void removeXattr(
      FsContext context, Location at, byte[] path, byte[] name, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      attributeCalls.removeXattr(context, at, path, name, followSymlink);
    }
  }

  /**
   * {@code listxattr(2)}, and {@code llistxattr(2)} without following: the names, each without a 0
   * behind it.
   */
  public List<byte[]> listXattr(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    synchronized (lock) {
      return attributeCalls.listXattr(context, at, path, followSymlink);
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
   * {@code sync(2)}: writes what is delayed, as far as there is a way to; {@code syncfs(2)} tells.
   */
  public void sync() {
    for (var mount : mounts.list()) {
      try {
        synchronized (lock) {
          mount.fileSystem().sync();
        }
      } catch (ErrnoException e) {
        // As the call has it, which cannot fail.
      }
    }
  }

  /**
   * What is at a path, symbolic links followed. Called under the lock; good until the next call.
   */
  Lookup lookUp(byte[] path) throws ErrnoException {
    return attributeCalls.lookUp(superuser(), root(), path);
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
        && located.location().mount().table() == mounts.table()) {
      return located.location();
    }
    throw Errno.ENOTDIR.exception();
  }

  /**
   * {@code getcwd(2)}: the path of a place below the context's root, as {@link Location#pathBelow}.
   *
   * @throws ErrnoException ENOENT if it has been removed, or lies outside the root; ENAMETOOLONG
   */
  public byte[] pathOf(FsContext context, Location place) throws ErrnoException {
    synchronized (lock) {
      return place.pathBelow(context.root());
    }
  }

  // ---- for the host -------------------------------------------------------------------------

  /** The content of a file, as root. */
  public byte[] read(String path) throws ErrnoException {
    return hostCalls.read(path, Integer.MAX_VALUE - 8);
  }

  /**
   * As {@link #read(String)}, of a file that a guest may have made as large as it likes: holes make
   * a file of a terabyte that takes no room.
   *
   * @throws ErrnoException EFBIG if it is larger than {@code most} bytes; nothing of it is read
   */
  public byte[] read(String path, int most) throws ErrnoException {
    return hostCalls.read(path, most);
  }

  /** Creates or replaces a file, as root (mode 0644), with the directories that it needs (0755). */
  public void write(String path, byte[] content) throws ErrnoException {
    hostCalls.write(path, content);
  }

  /**
   * Makes an empty file (0644), as root, with the directories that it needs (0755); fine if it is
   * there.
   */
  public void makeFile(String path) throws ErrnoException {
    hostCalls.makeFile(path);
  }

  /** Makes a directory and those that it needs, as root (0755); fine if it is there. */
  public void makeDirectories(String path) throws ErrnoException {
    hostCalls.makeDirectories(path);
  }

  /** What {@link #tree(String)} says of the root. */
  public String tree() {
    synchronized (lock) {
      return TreeListing.of("/", root(), superuser().caller(), MOST_LISTED);
    }
  }

  /**
   * A directory and all that is below it, for people, as {@code tree -a} prints it: a line for each
   * name, in the order of their bytes, with the targets of symbolic links, and a last line that
   * counts. What could control a terminal, or is no UTF-8, is in octal. Ends with dots where it
   * becomes longer than a million characters.
   *
   * @throws ErrnoException ENOTDIR; as path resolution
   */
  public String tree(String path) throws ErrnoException {
    return tree(path, MOST_LISTED);
  }

  /**
   * As {@link #tree(String)}, with another bound on its length: what a guest has nested deeply
   * takes a text that grows with the square of the depth.
   *
   * @param most the number of characters after which it ends with dots, at the end of a line
   * @throws ErrnoException ENOTDIR; as path resolution
   */
  public String tree(String path, int most) throws ErrnoException {
    synchronized (lock) {
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      var host = superuser();
      return TreeListing.of(path, directory(host, root(), bytes), host.caller(), most);
    }
  }

  /**
   * What is charged of {@link Quota#bytes}: what has been made or changed since this filesystem
   * began, and is still there or open.
   */
  public long usedBytes() {
    synchronized (lock) {
      return tree.ledger().bytes();
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
      return VfsCheck.violations(mounts.table());
    }
  }
}
