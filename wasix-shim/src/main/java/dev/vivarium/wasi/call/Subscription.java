package dev.vivarium.wasi.call;

import dev.vivarium.sys.Poll;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.wasi.abi.Flags;
import dev.vivarium.wasi.abi.Layout;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.abi.WasiErrno;

/** One thing that a guest polls for: a point in time, or a file that can be read or written. */
final class Subscription {
  static final int CLOCK = 0;
  static final int FD_READ = 1;
  static final int FD_WRITE = 2;

  private final long userdata;
  private final int type;
  private long timeout = Long.MAX_VALUE;
  private FileDescription file;
  private Errno error;
  private long available;
  private boolean hangup;
  private boolean occurred;

  private Subscription(long userdata, int type) {
    this.userdata = userdata;
    this.type = type;
  }

  /** Reads a subscription. What is wrong with it becomes its event. */
  static Subscription read(Call call, Layout layout, int address) {
    var memory = call.memory();
    int type = (int) layout.field("type").kind().read(memory, address + 8);
    var subscription = new Subscription(memory.readLong(address), type);
    try {
      switch (type) {
        case CLOCK -> subscription.readClock(call, layout, address);
        case FD_READ, FD_WRITE -> subscription.readFile(call, memory.readInt(address + 16));
        default -> throw Errno.EINVAL.exception();
      }
    } catch (ErrnoException e) {
      subscription.error = e.errno();
      subscription.timeout = 0;
    }
    return subscription;
  }

  /** Nanoseconds until this has something to tell in any case; {@code Long.MAX_VALUE} for never. */
  long timeout() {
    return timeout;
  }

  /** What is waited on; null for a clock or an error. */
  Poll.Target target() {
    if (file == null) {
      return null;
    }
    int interest = type == FD_READ ? Readiness.READABLE : Readiness.WRITABLE;
    return new Poll.Target(file.readiness(), interest);
  }

  /** What the target was seen to be. */
  void observed(int events) {
    occurred = events != 0;
    hangup = (events & Readiness.HANGUP) != 0;
    if ((events & Readiness.ERROR) != 0) {
      error = type == FD_WRITE ? Errno.EPIPE : Errno.EIO;
    }
    if (occurred && type == FD_READ) {
      available = bytesToRead();
    }
  }

  /** So much time has passed. */
  void elapsed(long nanos) {
    occurred |= timeout <= nanos;
  }

  /** The fields of the event; null if nothing has occurred. */
  long[] event() {
    if (!occurred) {
      return null;
    }
    int errno = error == null ? WasiErrno.SUCCESS : WasiErrno.of(error);
    return new long[] {userdata, errno, type, available, hangup ? Flags.HANGUP : 0};
  }

  private void readClock(Call call, Layout layout, int address) throws ErrnoException {
    var memory = call.memory();
    var id = layout.field("id");
    var time = layout.field("timeout");
    var flags = layout.field("flags");
    int clockId = (int) id.kind().read(memory, address + id.offset());
    long nanos = time.kind().read(memory, address + time.offset());
    boolean absolute = (flags.kind().read(memory, address + flags.offset()) & Flags.ABSTIME) != 0;
    ClockCalls.requireClock(clockId);
    if (clockId > ClockCalls.MONOTONIC) {
      // Linux waits for these, but what they count here does not stop while the guest waits.
      throw Errno.EOPNOTSUPP.exception();
    }
    if (!absolute && nanos == 0 && call.guest().wasix()) {
      return;
    }
    timeout = saturated(nanos);
    if (absolute) {
      var clock = call.kernel().clock();
      boolean wall = clockId == ClockCalls.REALTIME;
      long now = wall ? clock.realtimeNanos() : clock.monotonicNanos();
      timeout = Math.max(0, timeout - now);
    }
  }

  private void readFile(Call call, int fd) throws ErrnoException {
    call.guest().require(fd, Rights.POLL_FD_READWRITE);
    file = call.process().descriptors().get(fd);
  }

  /** A time of more than 292 years, which the guest means unsigned, never comes. */
  private static long saturated(long unsignedNanos) {
    return unsignedNanos < 0 ? Long.MAX_VALUE : unsignedNanos;
  }

  private long bytesToRead() {
    if (file.type() != FileType.REGULAR) {
      return file.readiness().available();
    }
    try {
      return Math.max(0, file.stat().size() - file.seek(0, Whence.CUR));
    } catch (ErrnoException e) {
      return 0;
    }
  }
}
