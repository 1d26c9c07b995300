package dev.vivarium.vfs.posix;

/**
 * What {@code stat(2)} tells about an inode.
 *
 * @param dev the filesystem it is on; never 0
 * @param ino its number there; never 0
 * @param mode type and permission bits
 * @param nlink the names that it has
 * @param rdev the device that a device node stands for, else 0
 * @param size in bytes; of a symbolic link, the length of its target
 * @param blocks the 512-byte units that its content takes
 * @param atime last access, in nanoseconds since the epoch
 * @param mtime last change of content, in nanoseconds since the epoch
 * @param ctime last change of the inode, in nanoseconds since the epoch
 */
public record Stat(
    long dev,
    long ino,
    int mode,
    long nlink,
    int uid,
    int gid,
    long rdev,
    long size,
    long blocks,
    long atime,
    long mtime,
    long ctime)
    implements Node {

  /** {@code st_blksize}: the preferred unit of I/O, one page. */
  public static final int BLOCK_SIZE = 4096;
}
