package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.wasi.abi.Flags;
import dev.vivarium.wasi.abi.WasiFileType;

/** What files' metadata look like to a guest. */
final class FileStatus {
  private FileStatus() {}

  static void give(Call call, Stat stat) {
    call.give(
        stat.dev(),
        stat.ino(),
        WasiFileType.of(stat.type()),
        stat.nlink(),
        stat.size(),
        stat.atime(),
        stat.mtime(),
        stat.ctime());
  }

  /**
   * @throws ErrnoException EINVAL if the flags ask for a time and for the present
   */
  static TimeChange accessTime(int fstflags, long nanos) throws ErrnoException {
    return change((fstflags & Flags.ATIM) != 0, (fstflags & Flags.ATIM_NOW) != 0, nanos);
  }

  /**
   * @throws ErrnoException EINVAL if the flags ask for a time and for the present
   */
  static TimeChange modificationTime(int fstflags, long nanos) throws ErrnoException {
    return change((fstflags & Flags.MTIM) != 0, (fstflags & Flags.MTIM_NOW) != 0, nanos);
  }

  private static TimeChange change(boolean set, boolean now, long nanos) throws ErrnoException {
    if (set && now) {
      throw Errno.EINVAL.exception();
    }
    if (now) {
      return TimeChange.NOW;
    }
    return set ? TimeChange.at(nanos) : TimeChange.OMIT;
  }
}
