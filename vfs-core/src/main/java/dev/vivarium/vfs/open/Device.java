package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;

/**
 * What stands behind a character device node or a standard stream. The port through which the world
 * outside (streams, entropy) enters the tree.
 */
public interface Device {

  /** What {@code fstat(2)} says: a terminal is a character device, a pipe a FIFO. */
  default FileType type() {
    return FileType.CHARACTER_DEVICE;
  }

  /**
   * As {@link FileDescription#read}.
   *
   * @param nonBlocking answer EAGAIN rather than wait
   */
  default int read(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    throw Errno.EINVAL.exception();
  }

  /** As {@link FileDescription#write}. */
  default int write(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    throw Errno.EINVAL.exception();
  }

  /** Whether {@code lseek(2)} succeeds (and does nothing), as on {@code /dev/null}. */
  default boolean seekable() {
    return false;
  }

  default Readiness readiness() {
    return Readiness.ALWAYS;
  }
}
