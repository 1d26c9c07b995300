package dev.vivarium.vfs.mount;

/**
 * The limits of a filesystem in memory that are no ledger's. What would break one is ENOSPC.
 *
 * @param directoryEntries the most entries of one directory
 * @param depth how deep directories may be nested
 * @param xattrBytes the most that the extended attributes of one inode may take
 */
public record MemoryLimits(int directoryEntries, int depth, long xattrBytes) {}
