package dev.vivarium.vfs.posix;

/**
 * A lock on a range of a file, as {@code fcntl(F_GETLK)} tells it.
 *
 * @param type {@link LockType#NONE} if nothing is in the way
 * @param start from the beginning of the file
 * @param length 0 for all that is behind {@code start}
 * @param pid the process that has it; -1 if an open file description does
 */
public record RecordLock(LockType type, long start, long length, int pid) {}
