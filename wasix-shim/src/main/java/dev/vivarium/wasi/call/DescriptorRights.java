package dev.vivarium.wasi.call;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.wasi.abi.Rights;

/**
 * The rights of a descriptor: those that its kind of file can have, and of these the ones that
 * {@code fd_fdstat_set_rights} has left. The descriptor table keeps both sets in one word, the base
 * in the low half and the inheriting rights in the high half.
 *
 * @param base what the descriptor itself may be used for
 * @param inheriting what descriptors that are opened by way of it may be used for
 */
record DescriptorRights(long base, long inheriting) {
  private static final long HALF = 0xFFFF_FFFFL;

  /** What a descriptor has now: also what wasi-libc derives the access mode and isatty from. */
  static DescriptorRights of(GuestState guest, int fd) throws ErrnoException {
    var file = guest.process().descriptors().get(fd);
    long left = guest.rights(fd);
    boolean directory = file.type() == FileType.DIRECTORY;
    return new DescriptorRights(
        possible(file) & base(left), directory ? Rights.ALL & inheriting(left) : 0);
  }

  /** The base half of a table's word. */
  static long base(long word) {
    return word & HALF;
  }

  /** The inheriting half of a table's word. */
  static long inheriting(long word) {
    return word >>> 32;
  }

  /** The table's word. */
  long word() {
    return (inheriting << 32) | (base & HALF);
  }

  boolean contains(DescriptorRights other) {
    return (other.base & ~base) == 0 && (other.inheriting & ~inheriting) == 0;
  }

  private static long possible(FileDescription file) {
    if (file.type() == FileType.DIRECTORY) {
      return Rights.ALL & ~(Rights.SEEKING | Rights.FD_READ | Rights.WRITING | Rights.SOCKET);
    }
    long rights = Rights.ALL & ~Rights.DIRECTORY;
    if (file.type() != FileType.SOCKET) {
      rights &= ~Rights.SOCKET;
    }
    if (!file.readable()) {
      rights &= ~Rights.READING;
    }
    if (!file.writable()) {
      rights &= ~Rights.WRITING;
    }
    return seekable(file) ? rights : rights & ~Rights.SEEKING;
  }

  /** What a guest takes for a terminal: a character device without an offset. */
  static boolean isTerminal(FileDescription file) {
    return file.type() == FileType.CHARACTER_DEVICE && !seekable(file);
  }

  private static boolean seekable(FileDescription file) {
    if (file.type() == FileType.REGULAR) {
      return true;
    }
    try {
      file.seek(0, Whence.CUR);
      return true;
    } catch (ErrnoException e) {
      return e.errno() != Errno.ESPIPE;
    }
  }
}
