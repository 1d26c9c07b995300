package dev.vivarium.vfs.posix;

/**
 * The range and kind of a lock as {@code fcntl(2)} asks for it: {@code struct flock}.
 *
 * @param start counts from {@code whence}: SET, CUR or END
 * @param length 0 for all that is behind {@code start}; negative for what is before it
 */
public record LockRequest(LockType type, Whence whence, long start, long length) {

  /** A range from the beginning of the file. */
  public static LockRequest of(LockType type, long start, long length) {
    return new LockRequest(type, Whence.SET, start, length);
  }
}
