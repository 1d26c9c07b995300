package dev.vivarium.sys;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.WorldFork;
import dev.vivarium.vfs.mount.Attributes;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.AtFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.SpliceFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One guest process: its descriptors, its place in the filesystem, who it is, its arguments and its
 * environment.
 *
 * <p>The path calls take a descriptor that a relative path starts from, or {@link #AT_FDCWD}; they
 * fail as {@link Vfs} does, and when a relative path is to be resolved, with EBADF if the
 * descriptor is not open and with ENOTDIR if it is no directory.
 */
public final class Process {
  /** Stands for the working directory in the {@code *at} calls. */
  public static final int AT_FDCWD = -100;

  private final Kernel kernel;
  private final int pid;
  private final int parentPid;
  private volatile List<byte[]> arguments;
  private volatile List<byte[]> environment;
  private final FsContext context;
  private final DescriptorTable descriptors;
  private volatile LongSupplier memory = () -> 0;

  /**
   * A process at the root of the kernel's filesystem, without any descriptor.
   *
   * @param arguments the argument strings, the program's name first; without NUL
   * @param environment {@code NAME=value} strings; without NUL
   */
  public Process(
      Kernel kernel,
      int pid,
      int parentPid,
      Credentials credentials,
      List<byte[]> arguments,
      List<byte[]> environment) {
    this(
        kernel,
        pid,
        parentPid,
        List.copyOf(arguments),
        List.copyOf(environment),
        new FsContext(credentials, kernel.vfs().root(), pid),
        new DescriptorTable(kernel.limits().descriptors()));
  }

  private Process(
      Kernel kernel,
      int pid,
      int parentPid,
      List<byte[]> arguments,
      List<byte[]> environment,
      FsContext context,
      DescriptorTable descriptors) {
    this.kernel = kernel;
    this.pid = pid;
    this.parentPid = parentPid;
    this.arguments = arguments;
    this.environment = environment;
    this.context = context;
    this.descriptors = descriptors;
  }

  /**
   * The process's part of {@code fork(2)}: a child in the same world, whose descriptors share the
   * open file descriptions, and so the offsets, with this one's.
   *
   * @param childPid the child's number
   */
  public Process fork(int childPid) {
    return new Process(
        kernel, childPid, pid, arguments, environment, context.fork(childPid), descriptors.fork());
  }

  /**
   * Processes as they go on in a fork of their world: the same numbers and descriptors, with
   * offsets of their own. Those that shared a description share one there.
   *
   * @param processes of one kernel
   * @param copy the kernel of the fork, whose filesystem is the fork's
   * @throws ErrnoException ENFILE
   */
  public static List<Process> inFork(List<Process> processes, WorldFork fork, Kernel copy)
      throws ErrnoException {
    var tables = fork.descriptors(processes.stream().map(Process::descriptors).toList());
    var copies = new ArrayList<Process>();
    for (int i = 0; i < tables.size(); i++) {
      var each = processes.get(i);
      copies.add(
          new Process(
              copy,
              each.pid,
              each.parentPid,
              each.arguments,
              each.environment,
              fork.context(each.context),
              tables.get(i)));
    }
    return copies;
  }

  public Kernel kernel() {
    return kernel;
  }

  public int pid() {
    return pid;
  }

  public int parentPid() {
    return parentPid;
  }

  /** The argument strings; not to be changed. */
  public List<byte[]> arguments() {
    return arguments;
  }

  /** The environment's strings; not to be changed. */
  public List<byte[]> environment() {
    return environment;
  }

  /** Replaces the arguments and the environment, as {@code execve(2)} does. */
  public void setArguments(List<byte[]> newArguments, List<byte[]> newEnvironment) {
    arguments = List.copyOf(newArguments);
    environment = List.copyOf(newEnvironment);
  }

  /** Credentials, umask, root and working directory. */
  public FsContext context() {
    return context;
  }

  public DescriptorTable descriptors() {
    return descriptors;
  }

  /** The bytes of memory that it has now. */
  public long memoryBytes() {
    return memory.getAsLong();
  }

  /** Says who knows {@link #memoryBytes}; until then there are none. */
  public void setMemory(LongSupplier bytes) {
    memory = bytes;
  }

  /**
   * {@code openat(2)}: the lowest free descriptor refers to the new description.
   *
   * @throws ErrnoException also EMFILE
   */
  public int open(int dirfd, byte[] path, int flags, int mode) throws ErrnoException {
    var from = at(dirfd);
    // As in Linux, before a file is made or cut off for a descriptor that is not to be had.
    descriptors.requireFree();
    var description = vfs().open(context, from, path, flags, mode);
    return descriptors.add(description, 0, (flags & OpenFlags.O_CLOEXEC) != 0);
  }

  /** {@code fstatat(2)}. */
  public Stat stat(int dirfd, byte[] path, boolean followSymlink) throws ErrnoException {
    return vfs().stat(context, at(dirfd), path, followSymlink);
  }

  /** {@code statx(2)}; with AT_EMPTY_PATH it is the description's. */
  public Statx statx(int dirfd, byte[] path, boolean followSymlink) throws ErrnoException {
    return vfs().statx(context, at(dirfd), path, followSymlink);
  }

  /**
   * {@code faccessat2(2)}. Without AT_EACCESS the real ids decide, also on the way.
   *
   * @param mask any of R_OK, W_OK, X_OK, or F_OK
   * @param flags of {@link AtFlags}
   * @throws ErrnoException EINVAL for a mask or flags that are not known; EBADF, ENOTDIR; as path
   *     resolution; EACCES; EROFS
   */
  public void access(int dirfd, byte[] path, int mask, int flags) throws ErrnoException {
    Attributes.checkAccess(mask, flags);
    boolean itself = path.length == 0 && (flags & AtFlags.AT_EMPTY_PATH) != 0;
    if (itself && dirfd != AT_FDCWD) {
      var who = context.credentials();
      boolean effective = (flags & AtFlags.AT_EACCESS) != 0;
      descriptors.get(dirfd).access(effective ? who : who.real(), mask);
      return;
    }
    var from = itself ? context.workingDirectory() : at(dirfd);
    vfs().access(context, from, path, mask, flags);
  }

  /** {@code truncate(2)}. */
  public void truncate(byte[] path, long size) throws ErrnoException {
    vfs().truncate(context, context.workingDirectory(), path, size);
  }

  /** {@code fchmodat2(2)}; {@code fchmod(2)} is the description's. */
  public void changeMode(int dirfd, byte[] path, int mode, boolean followSymlink)
      throws ErrnoException {
    vfs().changeMode(context, at(dirfd), path, mode, followSymlink);
  }

  /** {@code fchownat(2)}; -1 leaves an id alone; {@code fchown(2)} is the description's. */
  public void changeOwner(int dirfd, byte[] path, int uid, int gid, boolean followSymlink)
      throws ErrnoException {
    vfs().changeOwner(context, at(dirfd), path, uid, gid, followSymlink);
  }

  /** {@code statvfs(3)}; {@code fstatvfs(3)} is the description's. */
  public FileSystemStat statFileSystem(byte[] path) throws ErrnoException {
    return vfs().statFileSystem(context, context.workingDirectory(), path);
  }

  /** {@code sync(2)}; {@code fsync(2)} and {@code syncfs(2)} are the description's. */
  public void sync() {
    vfs().sync();
  }

  /** {@code mkdirat(2)}. */
  public void makeDirectory(int dirfd, byte[] path, int mode) throws ErrnoException {
    vfs().makeDirectory(context, at(dirfd), path, mode);
  }

  /** {@code mknodat(2)}, and so {@code mkfifoat(3)}. */
  public void makeNode(int dirfd, byte[] path, int mode, long rdev) throws ErrnoException {
    vfs().makeNode(context, at(dirfd), path, mode, rdev);
  }

  /** {@code rmdir(2)} at a directory. */
  public void removeDirectory(int dirfd, byte[] path) throws ErrnoException {
    vfs().removeDirectory(context, at(dirfd), path);
  }

  /** {@code unlinkat(2)} without AT_REMOVEDIR. */
  public void unlink(int dirfd, byte[] path) throws ErrnoException {
    vfs().unlink(context, at(dirfd), path);
  }

  /** {@code symlinkat(2)}. */
  public void symlink(byte[] target, int dirfd, byte[] path) throws ErrnoException {
    vfs().symlink(context, target, at(dirfd), path);
  }

  /**
   * {@code readlinkat(2)}; an empty path stands for the descriptor itself.
   *
   * @throws ErrnoException also ENOENT for an empty path, if the descriptor is no symbolic link's
   */
  public byte[] readLink(int dirfd, byte[] path) throws ErrnoException {
    if (path.length == 0 && dirfd != AT_FDCWD) {
      return vfs().readLink(context, descriptors.get(dirfd));
    }
    return vfs().readLink(context, at(dirfd), path);
  }

  /** {@code linkat(2)}. */
  public void link(int fromDirfd, byte[] from, boolean followSymlink, int toDirfd, byte[] to)
      throws ErrnoException {
    vfs().link(context, at(fromDirfd), from, followSymlink, at(toDirfd), to);
  }

  /**
   * {@code linkat(2)} with AT_EMPTY_PATH.
   *
   * @throws ErrnoException EBADF; as {@link Vfs#link(FsContext, FileDescription, Location, byte[])}
   */
  public void link(int fd, int toDirfd, byte[] to) throws ErrnoException {
    vfs().link(context, descriptors.get(fd), at(toDirfd), to);
  }

  /** {@code renameat(2)}. */
  public void rename(int fromDirfd, byte[] from, int toDirfd, byte[] to) throws ErrnoException {
    rename(fromDirfd, from, toDirfd, to, 0);
  }

  /**
   * {@code renameat2(2)}.
   *
   * @param flags of {@link dev.vivarium.vfs.posix.RenameFlags}
   */
  public void rename(int fromDirfd, byte[] from, int toDirfd, byte[] to, int flags)
      throws ErrnoException {
    vfs().rename(context, at(fromDirfd), from, at(toDirfd), to, flags);
  }

  /**
   * {@code fcntl(F_SETLK)}, or {@code F_SETLKW} if it waits; as {@link DescriptorTable#setLock}.
   */
  public void setLock(int fd, LockRequest request, boolean waits)
      throws ErrnoException, InterruptedException {
    descriptors.setLock(fd, pid, request, waits);
  }

  /**
   * {@code copy_file_range(2)}. The offsets are as in {@link Transfer#copyRange}; the caller moves
   * those that it has given.
   *
   * @throws ErrnoException EBADF, also with O_PATH; EINVAL for any flag; as {@link
   *     Transfer#copyRange}
   */
  public long copyFileRange(int in, long inAt, int out, long outAt, long length, int flags)
      throws ErrnoException {
    var source = descriptors.get(in);
    var target = descriptors.get(out);
    if (((source.flags() | target.flags()) & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (flags != 0) {
      throw Errno.EINVAL.exception();
    }
    return Transfer.copyRange(source, inAt, target, outAt, length);
  }

  /**
   * {@code sendfile(2)}.
   *
   * @throws ErrnoException EBADF; as {@link Transfer#sendFile}
   */
  public long sendFile(int out, int in, long inAt, long length)
      throws ErrnoException, InterruptedException {
    var source = descriptors.get(in);
    return Transfer.sendFile(descriptors.get(out), source, inAt, length);
  }

  /**
   * {@code splice(2)}. A length of 0 does nothing, whatever the rest is.
   *
   * @param flags of {@link SpliceFlags}
   * @throws ErrnoException EINVAL for an unknown flag; EBADF; as {@link Transfer#splice}
   */
  public long splice(int in, long inAt, int out, long outAt, long length, int flags)
      throws ErrnoException, InterruptedException {
    if (length == 0) {
      return 0;
    }
    if ((flags & ~SpliceFlags.ALL) != 0) {
      throw Errno.EINVAL.exception();
    }
    var source = descriptors.get(in);
    var target = descriptors.get(out);
    boolean nonBlocking = (flags & SpliceFlags.SPLICE_F_NONBLOCK) != 0;
    return Transfer.splice(source, inAt, target, outAt, length, nonBlocking);
  }

  /** {@code getxattr(2)}, or {@code lgetxattr(2)}; {@code fgetxattr(2)} is the description's. */
  public byte[] getXattr(byte[] path, byte[] name, boolean followSymlink) throws ErrnoException {
    return vfs().getXattr(context, context.workingDirectory(), path, name, followSymlink);
  }

  /** {@code setxattr(2)}, or {@code lsetxattr(2)}. */
  public void setXattr(byte[] path, byte[] name, byte[] value, int flags, boolean followSymlink)
      throws ErrnoException {
    var from = context.workingDirectory();
    vfs().setXattr(context, from, path, name, value, flags, followSymlink);
  }

  /** {@code removexattr(2)}, or {@code lremovexattr(2)}. */
  public void removeXattr(byte[] path, byte[] name, boolean followSymlink) throws ErrnoException {
    vfs().removeXattr(context, context.workingDirectory(), path, name, followSymlink);
  }

  /** {@code listxattr(2)}, or {@code llistxattr(2)}. */
  public List<byte[]> listXattr(byte[] path, boolean followSymlink) throws ErrnoException {
    return vfs().listXattr(context, context.workingDirectory(), path, followSymlink);
  }

  /** {@code utimensat(2)}. */
  public void setTimes(
      int dirfd, byte[] path, TimeChange access, TimeChange modification, boolean followSymlink)
      throws ErrnoException {
    vfs().setTimes(context, at(dirfd), path, access, modification, followSymlink);
  }

  /** {@code chdir(2)}. */
  public void changeDirectory(byte[] path) throws ErrnoException {
    context.setWorkingDirectory(vfs().directory(context, context.workingDirectory(), path));
  }

  /**
   * {@code fchdir(2)}; a description with O_PATH will do.
   *
   * @throws ErrnoException EBADF; ENOTDIR; EACCES without search permission
   */
  public void changeDirectory(int fd) throws ErrnoException {
    var description = descriptors.get(fd);
    var directory = vfs().directoryOf(description);
    if (!AccessCheck.allows(context.credentials(), description.stat(), FileMode.X_OK)) {
      throw Errno.EACCES.exception();
    }
    context.setWorkingDirectory(directory);
  }

  /**
   * {@code chroot(2)}: {@code /} is another directory from now on, which {@code ..} does not leave.
   * The working directory stays; who confines a process sets both, and hands it no descriptor of a
   * directory outside.
   *
   * @throws ErrnoException as path resolution; ENOTDIR; EACCES without search permission; EPERM
   *     unless root
   */
  public void changeRoot(byte[] path) throws ErrnoException {
    var directory = vfs().directory(context, context.workingDirectory(), path);
    if (!context.credentials().isRoot()) {
      throw Errno.EPERM.exception();
    }
    context.setRoot(directory);
  }

  /**
   * {@code umask(2)}: sets the permission bits that new inodes do not get, and tells the old ones.
   */
  public int changeUmask(int umask) {
    int old = context.umask();
    context.setUmask(umask);
    return old;
  }

  /** {@code getcwd(2)}. */
  public byte[] workingDirectory() throws ErrnoException {
    return vfs().pathOf(context, context.workingDirectory());
  }

  private Vfs vfs() {
    return kernel.vfs();
  }

  private Location at(int dirfd) {
    if (dirfd == AT_FDCWD) {
      return context.workingDirectory();
    }
    FileDescription description;
    try {
      description = descriptors.get(dirfd);
    } catch (ErrnoException e) {
      return Location.NOT_OPEN;
    }
    try {
      return vfs().directoryOf(description);
    } catch (ErrnoException e) {
      return Location.NO_DIRECTORY;
    }
  }
}
