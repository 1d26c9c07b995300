package dev.vivarium.wasi.call;

import dev.vivarium.sys.Clock;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** Clocks. */
public final class ClockCalls {
  static final int REALTIME = 0;
  static final int MONOTONIC = 1;
  private static final int PROCESS_CPUTIME = 2;
  private static final int THREAD_CPUTIME = 3;

  private ClockCalls() {}

  public static void resolution(Call call) throws ErrnoException {
    requireClock(call.i32(0));
    call.give(call.kernel().clock().resolutionNanos());
  }

  /** The precision that the guest asks for is ignored: the clocks are as precise as they can be. */
  public static void time(Call call) throws ErrnoException {
    call.give(now(call.kernel().clock(), call.i32(0)));
  }

  /** As Linux for a process without CAP_SYS_TIME; only the wall clock could be set at all. */
  public static void setTime(Call call) throws ErrnoException {
    throw (call.i32(0) == REALTIME ? Errno.EPERM : Errno.EINVAL).exception();
  }

  static void requireClock(int id) throws ErrnoException {
    if (id < REALTIME || id > THREAD_CPUTIME) {
      throw Errno.EINVAL.exception();
    }
  }

  private static long now(Clock clock, int id) throws ErrnoException {
    return switch (id) {
      case REALTIME -> clock.realtimeNanos();
      case MONOTONIC -> clock.monotonicNanos();
      case PROCESS_CPUTIME, THREAD_CPUTIME -> clock.cpuNanos();
      default -> throw Errno.EINVAL.exception();
    };
  }
}
