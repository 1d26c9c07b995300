package dev.vivarium.vfs.posix;

/**
 * What {@code statvfs(3)} tells about a filesystem.
 *
 * @param blockSize the unit of the block counts, in bytes
 * @param blocks the size limit
 * @param freeBlocks what is left of it
 * @param inodes the limit on inodes
 * @param freeInodes what is left of it
 * @param flags how it is mounted: {@link #ST_RDONLY} and the others
 */
public record FileSystemStat(
    int blockSize, long blocks, long freeBlocks, long inodes, long freeInodes, int flags) {
  /** Nothing can be changed. */
  public static final int ST_RDONLY = 1;

  /** Set-id bits are not honoured. */
  public static final int ST_NOSUID = 2;

  /** Regular files are not executed. */
  public static final int ST_NOEXEC = 8;

  /** Reading does not note the time of access. */
  public static final int ST_NOATIME = 1024;

  /** Reading notes the time of access if it would be the first since a change, or in a day. */
  public static final int ST_RELATIME = 4096;

  /** Whether nothing can be changed. */
  public boolean readOnly() {
    return (flags & ST_RDONLY) != 0;
  }

  /** The same with more flags. */
  public FileSystemStat withFlags(int more) {
    return new FileSystemStat(blockSize, blocks, freeBlocks, inodes, freeInodes, flags | more);
  }
}
