package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.ErrnoException;

/**
 * A process's table of descriptors. Allocation takes the lowest free number. Its lock is a leaf: held
 * for the table's own fields only, never across I/O or {@link FileDescription#release}.
 */
public final class DescriptorTable {
  /** All rights; see {@link #rights}. */
  public static final long ALL_RIGHTS = -1L;

  /**
   * @param limit the most descriptors that may be open ({@code RLIMIT_NOFILE}); also bounds their
   *     numbers
   */
  public DescriptorTable(int limit) {
    throw new AssertionError("to be written");
  }

  /**
   * Gives a description the lowest free descriptor that is at least {@code minimum}. The table takes
   * over the caller's reference, also when it fails (then the reference is released).
   *
   * @throws ErrnoException EINVAL if {@code minimum} is negative or not below the limit; EMFILE if
   *     there is no free number
   */
  public int add(FileDescription description, int minimum, boolean closeOnExec)
      throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * The description behind a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public FileDescription get(int fd) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * {@code close(2)}.
   *
   * @throws ErrnoException EBADF
   */
  public void close(int fd) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** Closes every descriptor. */
  public void closeAll() {
    throw new AssertionError("to be written");
  }

  /**
   * {@code fcntl(F_DUPFD)}, and with {@code closeOnExec} {@code F_DUPFD_CLOEXEC}. {@code dup(2)} is
   * {@code minimum} 0.
   *
   * @throws ErrnoException EBADF; EINVAL and EMFILE as {@link #add}
   */
  public int duplicate(int fd, int minimum, boolean closeOnExec) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * {@code dup2(2)}: {@code to} refers to what {@code from} refers to; what was there is closed. The
   * same number twice changes nothing.
   *
   * @throws ErrnoException EBADF if {@code from} is not open, or {@code to} out of range
   */
  public void duplicateTo(int from, int to, boolean closeOnExec) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * Preview1's {@code fd_renumber}: moves {@code from} to {@code to}, which must be open and is
   * closed.
   *
   * @throws ErrnoException EBADF if one of them is not open
   */
  public void renumber(int from, int to) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * Whether {@code FD_CLOEXEC} is set.
   *
   * @throws ErrnoException EBADF
   */
  public boolean closeOnExec(int fd) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * Sets {@code FD_CLOEXEC}.
   *
   * @throws ErrnoException EBADF
   */
  public void setCloseOnExec(int fd, boolean closeOnExec) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * The rights that an ABI lets a descriptor have, as that ABI's own bits; {@link #ALL_RIGHTS} until
   * {@link #setRights}. They belong to the descriptor: a duplicate takes them along.
   *
   * @throws ErrnoException EBADF
   */
  public long rights(int fd) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /**
   * Narrows or sets the rights of a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public void setRights(int fd, long rights) throws ErrnoException {
    throw new AssertionError("to be written");
  }

  /** How many descriptors are open. */
  public int size() {
    throw new AssertionError("to be written");
  }
}
