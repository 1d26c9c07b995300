package dev.vivarium.sys;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.List;

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
  private final List<byte[]> arguments;
  private final List<byte[]> environment;
  private final FsContext context;
  private final DescriptorTable descriptors;

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
    this.kernel = kernel;
    this.pid = pid;
    this.parentPid = parentPid;
    this.arguments = List.copyOf(arguments);
    this.environment = List.copyOf(environment);
    this.context = new FsContext(credentials, kernel.vfs().root());
    this.descriptors = new DescriptorTable(kernel.limits().descriptors());
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

  /** Credentials, umask, root and working directory. */
  public FsContext context() {
    return context;
  }

  public DescriptorTable descriptors() {
    return descriptors;
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

  /** {@code readlinkat(2)}. */
  public byte[] readLink(int dirfd, byte[] path) throws ErrnoException {
    return vfs().readLink(context, at(dirfd), path);
  }

  /** {@code linkat(2)}. */
  public void link(int fromDirfd, byte[] from, boolean followSymlink, int toDirfd, byte[] to)
      throws ErrnoException {
    vfs().link(context, at(fromDirfd), from, followSymlink, at(toDirfd), to);
  }

  /** {@code renameat(2)}. */
  public void rename(int fromDirfd, byte[] from, int toDirfd, byte[] to) throws ErrnoException {
    vfs().rename(context, at(fromDirfd), from, at(toDirfd), to);
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
