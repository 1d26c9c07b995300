package dev.vivarium.conformance.hostile;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Interrupts calls that wait, and finds those that no interrupt ends, and guests that no deadline
 * does. Counts its own turns and not the time, in which the whole process may have stood still.
 */
final class Impatience {
  private static final long TURN_MILLIS = 5;
  private static final int TURNS_OF_PATIENCE = 3;
  private static final int TURNS_TO_A_HANG = 6_000;

  private final Map<Thread, Call> calls = new ConcurrentHashMap<>();

  private static final class Call {
    private final String what;
    private final boolean interrupted;
    private int turns;
    private boolean over;

    Call(String what, boolean interrupted) {
      this.what = what;
      this.interrupted = interrupted;
    }
  }

  /** What is told of a call that hangs. */
  interface Listener {
    void hangs(String what, StackTraceElement[] where);
  }

  Impatience(Listener listener) {
    var clock = new Thread(() -> run(listener), "impatience");
    clock.setDaemon(true);
    clock.start();
  }

  /** Makes a call in this thread, which is not interrupted any more when it is over. */
  long during(String what, LongSupplier work) {
    var call = new Call(what, true);
    calls.put(Thread.currentThread(), call);
    try {
      return work.getAsLong();
    } finally {
      synchronized (call) {
        call.over = true;
      }
      calls.remove(Thread.currentThread());
      Thread.interrupted();
    }
  }

  /** Waits in this thread for what others are to end. */
  <T> T untilEnded(String what, Callable<T> work) throws Exception {
    calls.put(Thread.currentThread(), new Call(what, false));
    try {
      return work.call();
    } finally {
      calls.remove(Thread.currentThread());
    }
  }

  private void run(Listener listener) {
    try {
      while (true) {
        Thread.sleep(TURN_MILLIS);
        calls.forEach((thread, call) -> turn(thread, call, listener));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void turn(Thread thread, Call call, Listener listener) {
    synchronized (call) {
      if (call.over || ++call.turns < TURNS_OF_PATIENCE) {
        return;
      }
      if (call.interrupted) {
        thread.interrupt();
      }
      if (call.turns == TURNS_TO_A_HANG) {
        listener.hangs(call.what, thread.getStackTrace());
      }
    }
  }
}
