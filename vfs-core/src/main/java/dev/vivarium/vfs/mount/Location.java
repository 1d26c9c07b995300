package dev.vivarium.vfs.mount;

/**
 * A place in the tree of mounts: an inode of one mounted filesystem. Where relative paths start,
 * and what a root or a working directory is.
 *
 * @param mount the mount that it lies in
 * @param ino the inode there
 */
public record Location(Mount mount, long ino) {
  /**
   * Stands for a descriptor that is not open. An absolute path does not care; a relative one is
   * EBADF, once it is its turn to be resolved.
   */
  public static final Location NOT_OPEN = new Location(null, 0);

  /** Stands for a descriptor that is no directory, in the same way: ENOTDIR. */
  public static final Location NO_DIRECTORY = new Location(null, 1);
}
