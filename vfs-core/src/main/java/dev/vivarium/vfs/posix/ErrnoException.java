package dev.vivarium.vfs.posix;

/**
 * A system call failed with an {@link Errno}.
 *
 * <p>Checked, so that no layer forgets to turn it into an answer for the guest; without a stack
 * trace and preallocated (see {@link Errno#exception()}), because guests cause failures all the
 * time.
 */
public final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  ErrnoException(Errno errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }

  @Override
  public String getMessage() {
    return errno + ": " + errno.description();
  }
}
