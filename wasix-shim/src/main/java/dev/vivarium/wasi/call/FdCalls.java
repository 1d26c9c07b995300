package dev.vivarium.wasi.call;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.wasi.abi.Flags;
import dev.vivarium.wasi.abi.WasiFileType;

/** Descriptors: what is done to an open file but for its contents. */
public final class FdCalls {
  private static final int ADVICES = 6;

  private FdCalls() {}

  /** Advice changes nothing here: all contents are in memory already. */
  public static void advise(Call call) throws ErrnoException {
    if (call.file(0).type() == FileType.FIFO) {
      throw Errno.ESPIPE.exception();
    }
    if (call.u32(3) >= ADVICES || call.i64(2) < 0) {
      throw Errno.EINVAL.exception();
    }
  }

  public static void allocate(Call call) throws ErrnoException {
    call.file(0).allocate(call.i64(1), call.i64(2));
  }

  public static void close(Call call) throws ErrnoException {
    call.process().descriptors().close(call.i32(0));
    call.guest().preopens().closed(call.i32(0));
  }

  public static void syncData(Call call) throws ErrnoException {
    call.file(0).sync(true);
  }

  public static void sync(Call call) throws ErrnoException {
    call.file(0).sync(false);
  }

  public static void seek(Call call) throws ErrnoException {
    call.give(call.file(0).seek(call.i64(1), call.whence(2)));
  }

  public static void tell(Call call) throws ErrnoException {
    call.give(call.file(0).seek(0, Whence.CUR));
  }

  // ---- status -------------------------------------------------------------------------------

  public static void status(Call call) throws ErrnoException {
    var file = call.file(0);
    var rights = DescriptorRights.of(call.guest(), call.i32(0));
    call.give(WasiFileType.of(file.type()), statusFlags(file), rights.base(), rights.inheriting());
  }

  /** Of the flags, those of synchronisation are as ignored as by F_SETFL of Linux. */
  public static void setStatusFlags(Call call) throws ErrnoException {
    var file = call.file(0);
    int flags = openFlags(call.flags(1));
    file.setFlags(
        call.process().context().credentials(), (file.flags() & OpenFlags.O_NOATIME) | flags);
  }

  public static void setRights(Call call) throws ErrnoException {
    var wanted = new DescriptorRights(call.i64(1), call.i64(2));
    if (!DescriptorRights.of(call.guest(), call.i32(0)).contains(wanted)) {
      throw Errno.ENOTCAPABLE.exception();
    }
    call.process().descriptors().setRights(call.i32(0), wanted.word());
  }

  public static void fileStatus(Call call) throws ErrnoException {
    FileStatus.give(call, call.file(0).stat());
  }

  public static void setSize(Call call) throws ErrnoException {
    call.file(0).truncate(call.i64(1));
  }

  public static void setTimes(Call call) throws ErrnoException {
    var file = call.file(0);
    var access = FileStatus.accessTime(call.flags(3), call.i64(1));
    var modification = FileStatus.modificationTime(call.flags(3), call.i64(2));
    file.setTimes(call.process().context().credentials(), access, modification);
  }

  // ---- descriptors --------------------------------------------------------------------------

  public static void preopen(Call call) throws ErrnoException {
    call.give(0, requirePreopen(call).length);
  }

  public static void preopenName(Call call) throws ErrnoException {
    byte[] name = requirePreopen(call);
    if (call.length(1) < name.length) {
      throw Errno.ENAMETOOLONG.exception();
    }
    call.memory().write(call.buffer(1), name, 0, name.length);
  }

  /**
   * A move, but {@code dup2} for a WASIX guest: its libc has no other function for that. There, a
   * preopened descriptor is no target: the guest could reach no file after that.
   */
  public static void renumber(Call call) throws ErrnoException {
    int from = call.i32(0);
    int to = call.i32(1);
    var descriptors = call.process().descriptors();
    var preopens = call.guest().preopens();
    if (!call.guest().wasix()) {
      descriptors.renumber(from, to);
      preopens.moved(from, to);
    } else if (from != to && preopens.name(to) != null) {
      throw Errno.EOPNOTSUPP.exception();
    } else {
      descriptors.duplicateTo(from, to);
    }
  }

  public static void duplicate(Call call) throws ErrnoException {
    call.give(call.process().descriptors().duplicate(call.i32(0), 0, false));
  }

  /** {@code fcntl(F_DUPFD)}, whatever its name says. */
  public static void duplicateFrom(Call call) throws ErrnoException {
    boolean closeOnExec = call.i32(2) != 0;
    call.give(call.process().descriptors().duplicate(call.i32(0), call.i32(1), closeOnExec));
  }

  public static void pipe(Call call) throws ErrnoException {
    var process = call.process();
    var descriptors = process.descriptors();
    var ends = new long[2];
    var pipe = call.kernel().vfs().pipe(process.context(), 0);
    try {
      ends[0] = descriptors.add(pipe.reader(), 0, false);
    } catch (ErrnoException | OutOfMemoryError e) {
      pipe.writer().release();
      throw e;
    }
    try {
      ends[1] = descriptors.add(pipe.writer(), 0, false);
    } catch (ErrnoException | OutOfMemoryError e) {
      descriptors.close((int) ends[0]);
      throw e;
    }
    call.give(ends);
  }

  public static void descriptorFlags(Call call) throws ErrnoException {
    call.give(call.process().descriptors().closeOnExec(call.i32(0)) ? Flags.CLOEXEC : 0);
  }

  public static void setDescriptorFlags(Call call) throws ErrnoException {
    boolean closeOnExec = (call.i32(1) & Flags.CLOEXEC) != 0;
    call.process().descriptors().setCloseOnExec(call.i32(0), closeOnExec);
  }

  // ---- what the flags mean ------------------------------------------------------------------

  /** The flags of {@code open(2)} for {@code fdflags}. */
  static int openFlags(int fdflags) {
    return ((fdflags & Flags.APPEND) != 0 ? OpenFlags.O_APPEND : 0)
        | ((fdflags & Flags.NONBLOCK) != 0 ? OpenFlags.O_NONBLOCK : 0)
        | ((fdflags & Flags.DSYNC) != 0 ? OpenFlags.O_DSYNC : 0)
        | ((fdflags & (Flags.SYNC | Flags.RSYNC)) != 0 ? OpenFlags.O_SYNC : 0);
  }

  private static int statusFlags(FileDescription file) {
    int flags = file.flags();
    boolean sync = (flags & OpenFlags.O_SYNC) == OpenFlags.O_SYNC;
    return ((flags & OpenFlags.O_APPEND) != 0 ? Flags.APPEND : 0)
        | ((flags & OpenFlags.O_NONBLOCK) != 0 ? Flags.NONBLOCK : 0)
        | ((flags & OpenFlags.O_DSYNC) != 0 ? Flags.DSYNC : 0)
        | (sync ? Flags.SYNC | Flags.RSYNC : 0);
  }

  private static byte[] requirePreopen(Call call) throws ErrnoException {
    byte[] name = call.guest().preopens().name(call.i32(0));
    if (name == null || call.file(0).type() != FileType.DIRECTORY) {
      throw Errno.EBADF.exception();
    }
    return name;
  }
}
