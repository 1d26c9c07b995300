package dev.vivarium.vfs.posix;

/**
 * What {@code statvfs(3)} tells about a filesystem.
 *
 * @param blockSize the unit of the block counts, in bytes
 * @param blocks the size limit
 * @param freeBlocks what is left of it
 * @param inodes the limit on inodes
 * @param freeInodes what is left of it
 * @param readOnly whether nothing can be changed
 */
public record FileSystemStat(
    int blockSize, long blocks, long freeBlocks, long inodes, long freeInodes, boolean readOnly) {}
