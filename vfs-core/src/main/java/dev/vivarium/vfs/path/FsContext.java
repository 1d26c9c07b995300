package dev.vivarium.vfs.path;

import dev.vivarium.vfs.mount.Caller;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.posix.Credentials;

/**
 * What path resolution needs to know about the process that asks ({@code fs_struct} and {@code
 * cred} of Linux): who it is, its umask, its root and its working directory. Owned by one process;
 * its fields may be read by other threads of it.
 *
 * <p>A root and a working directory stay when they are removed, as empty directories without a
 * name, and keep their mounts busy, until {@link #close}.
 */
public final class FsContext {
  private final int pid;
  private volatile Credentials credentials;
  private volatile int umask = 022;
  private volatile Location root;
  private volatile Location workingDirectory;

  /** The host's own: {@link #FsContext(Credentials, Location, int)} with the number 0. */
  public FsContext(Credentials credentials, Location root) {
    this(credentials, root, 0);
  }

  /**
   * A process at a root, with that root as its working directory and the umask 022.
   *
   * @param pid the process's number, which {@code /proc/self} means
   */
  public FsContext(Credentials credentials, Location root, int pid) {
    this.pid = pid;
    this.credentials = credentials;
    this.root = root;
    this.workingDirectory = root;
    keep(root);
    keep(root);
  }

  /** That of a forked process with another number: the same, and from then on its own. */
  public FsContext fork(int childPid) {
    var copy = new FsContext(credentials, root, childPid);
    copy.umask = umask;
    copy.setWorkingDirectory(workingDirectory);
    return copy;
  }

  /** Who reads or follows a symbolic link. */
  public Caller caller() {
    return new Caller(credentials, pid, root);
  }

  /** The number of the process, 0 for the host. */
  public int pid() {
    return pid;
  }

  public Credentials credentials() {
    return credentials;
  }

  public void setCredentials(Credentials credentials) {
    this.credentials = credentials;
  }

  /** The permission bits that new inodes do not get. */
  public int umask() {
    return umask;
  }

  public void setUmask(int umask) {
    this.umask = umask & 0777;
  }

  /** Where {@code /} is, and what {@code ..} does not leave. */
  public Location root() {
    return root;
  }

  public void setRoot(Location root) {
    var old = this.root;
    keep(root);
    this.root = root;
    drop(old);
  }

  public Location workingDirectory() {
    return workingDirectory;
  }

  public void setWorkingDirectory(Location workingDirectory) {
    var old = this.workingDirectory;
    keep(workingDirectory);
    this.workingDirectory = workingDirectory;
    drop(old);
  }

  /** The process has ended: its directories are no longer kept. */
  public void close() {
    setWorkingDirectory(root.mount().table().root().root());
    setRoot(root.mount().table().root().root());
  }

  private static void keep(Location location) {
    synchronized (location.mount().table().lock()) {
      location.mount().retain();
      if (!isRoot(location)) {
        location.mount().fileSystem().pin(location.ino());
      }
    }
  }

  private static void drop(Location location) {
    synchronized (location.mount().table().lock()) {
      if (!isRoot(location)) {
        location.mount().fileSystem().unpin(location.ino());
      }
      location.mount().release();
    }
  }

  // A filesystem's root cannot be removed, and is what most processes have: it needs no pin.
  private static boolean isRoot(Location location) {
    return location.ino() == location.mount().fileSystem().root().ino();
  }
}
