package dev.vivarium.wasi.call;

import dev.vivarium.sys.ProcessExit;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.wasi.abi.Layouts;

/** Threads and futexes. There is one thread, whose id is the process's. */
public final class ThreadCalls {
  private static final int SOME = 1;
  private static final int WAIT_TIMED_OUT = 2;

  private ThreadCalls() {}

  public static void id(Call call) {
    call.give(call.process().pid());
  }

  /** An unknown thread counts as one that has ended. */
  public static void join(Call call) {}

  public static void parallelism(Call call) {
    call.give(call.kernel().threads().parallelism());
  }

  public static void sleep(Call call) throws InterruptedException {
    long nanos = call.i64(0);
    call.kernel().clock().await(new Waker(), nanos < 0 ? Long.MAX_VALUE : nanos);
  }

  /** The only thread is the last one, which takes the process with it. */
  public static void exit(Call call) {
    throw ProcessExit.withCode(call.i32(0));
  }

  /** Never an errno, for the libc traps on one: a time-out is success that woke nothing. */
  public static void waitOnFutex(Call call) {
    var memory = call.memory();
    int timeout = call.address(2);
    boolean limited = timeout != 0 && Layouts.OPTION_TIMESTAMP.read(memory, timeout, 0) == SOME;
    long nanos = limited ? Layouts.OPTION_TIMESTAMP.read(memory, timeout, 1) : -1;
    long wait = limited && nanos < 0 ? Long.MAX_VALUE : nanos;
    int outcome = memory.atomicWait(call.address(0), call.i32(1), wait);
    call.give(outcome == WAIT_TIMED_OUT ? 0 : 1);
  }

  public static void wakeOne(Call call) {
    call.give(call.memory().atomicNotify(call.address(0), 1) > 0 ? 1 : 0);
  }

  public static void wakeAll(Call call) {
    call.give(call.memory().atomicNotify(call.address(0), Integer.MAX_VALUE) > 0 ? 1 : 0);
  }
}
