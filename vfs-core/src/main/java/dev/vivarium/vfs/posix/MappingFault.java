package dev.vivarium.vfs.posix;

/**
 * A mapped file has become shorter than its mapping, and something behind its new end was read: the
 * error of the JVM that says so.
 *
 * <p>HotSpot of JDK 17 throws it when the thread next comes to one of some places, which may be
 * after whatever looks out for it has returned. So it is looked for around the access, and again
 * where a call ends.
 */
public final class MappingFault {
  private static final String MESSAGE = "unsafe memory access operation";

  private MappingFault() {}

  /** Whether an error is one; another one has to be thrown again. */
  public static boolean isOne(InternalError error) {
    return error.getMessage() != null && error.getMessage().contains(MESSAGE);
  }

  /**
   * What a call fails with, EIO, if an error is one.
   *
   * @throws InternalError the error itself, if it is another
   */
  public static ErrnoException failure(InternalError error) {
    if (isOne(error)) {
      return Errno.EIO.exception();
    }
    throw error;
  }
}
