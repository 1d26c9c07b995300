package dev.vivarium;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.MemoryLimitException;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.vfs.posix.MappingFault;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The host thread of one guest: with a stack of its own size, and with a deadline.
 *
 * <p>A guest is ended by interruption, which it notices at a loop's back edge and in every call
 * that waits. One interrupt can be lost to host code that clears the flag, so it is repeated until
 * the thread has ended. What no interrupt ends is a write to a host stream that takes nothing: a
 * thread that hangs in one after its deadline is left behind, and is interrupted again when the
 * stream lets it go.
 */
final class GuestThread {
  private static final long REPEAT_MILLIS = 20;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The guest's work: gets a {@link Watch} to report to, and returns the exit status. */
  interface Work {
    int run(Watch watch);
  }

  /** What the work makes known while it runs. */
  interface Watch {
    void growthRefused(BooleanSupplier refused);
  }

  /** How it ended. */
  record End(Outcome.Reason reason, int status, String message) {}

  private final long stackBytes;
  private final Duration timeout;
  private final BooleanSupplier writing;
  private final AtomicReference<Outcome.Reason> stopped = new AtomicReference<>();
  private volatile BooleanSupplier growthRefused = () -> false;
  private volatile Thread thread;

  /**
   * @param timeout null for none
   * @param writing whether the guest is in a write to a stream of the host
   */
  GuestThread(long stackBytes, Duration timeout, BooleanSupplier writing) {
    this.stackBytes = stackBytes;
    this.timeout = timeout;
    this.writing = writing;
  }

  /** Runs the work to its end; it is not begun after a {@link #close}. To be called once. */
  Outcome run(Work work, Function<End, Outcome> outcome) throws InterruptedException {
    if (stopped.get() != null) {
      return outcome.apply(new End(Outcome.Reason.CLOSED, 0, "closed before it ran"));
    }
    var ended = new FutureTask<>(() -> attempt(work));
    var started = new Thread(null, ended, "vivarium-guest", stackBytes);
    started.setDaemon(true);
    thread = started;
    started.start();
    try {
      await(started);
    } catch (InterruptedException e) {
      stop(Outcome.Reason.CLOSED);
      end(started);
      throw e;
    }
    if (!end(started)) {
      return outcome.apply(stopped(stopped.get()));
    }
    try {
      return outcome.apply(ended.get());
    } catch (ExecutionException e) {
      // What the guest cannot cause: a mistake of the embedder's, or of ours.
      throw new IllegalStateException("the host failed: " + e.getCause(), e.getCause());
    }
  }

  /** Waits for the end, the deadline or a {@link #close}, which may have come already. */
  private void await(Thread running) throws InterruptedException {
    long start = System.nanoTime();
    long limit = timeout == null ? Long.MAX_VALUE : saturatedNanos(timeout);
    while (running.isAlive() && stopped.get() == null) {
      long left = limit - (System.nanoTime() - start);
      if (left <= 0) {
        stop(Outcome.Reason.TIMED_OUT);
        return;
      }
      TimeUnit.NANOSECONDS.timedJoin(running, Math.min(left, LONGEST_WAIT_NANOS));
    }
  }

  /** A duration of more than 292 years is no limit. */
  private static long saturatedNanos(Duration duration) {
    var most = Duration.ofNanos(Long.MAX_VALUE);
    return duration.compareTo(most) < 0 ? duration.toNanos() : Long.MAX_VALUE;
  }

  /**
   * Interrupts until the thread has ended, deaf to interrupts of its own thread meanwhile.
   *
   * @return false if a stream of the host holds it
   */
  private boolean end(Thread running) {
    boolean interrupted = false;
    long stoppedAt = 0;
    while (running.isAlive()) {
      if (stopped.get() != null) {
        running.interrupt();
        long now = System.nanoTime();
        if (stoppedAt == 0) {
          stoppedAt = now;
        } else if (now - stoppedAt > PATIENCE_NANOS && writing.getAsBoolean()) {
          leaveBehind(running);
          break;
        }
      }
      try {
        running.join(REPEAT_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !running.isAlive();
  }

  private static void leaveBehind(Thread running) {
    var reaper =
        new Thread(
            () -> {
              try {
                while (running.isAlive()) {
                  running.interrupt();
                  running.join(PATIENCE_NANOS / 1_000_000);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "vivarium-reaper");
    reaper.setDaemon(true);
    reaper.start();
  }

  void close() {
    stop(Outcome.Reason.CLOSED);
  }

  private void stop(Outcome.Reason reason) {
    stopped.compareAndSet(null, reason);
    var running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private End attempt(Work work) {
    try {
      int status = work.run(refused -> growthRefused = refused);
      return new End(Outcome.Reason.EXITED, status, "");
    } catch (ProcessExit exit) {
      return exit.signal() == null
          ? new End(Outcome.Reason.EXITED, exit.code(), "")
          : new End(Outcome.Reason.SIGNALED, exit.code(), "ended by SIG" + exit.signal());
    } catch (MemoryLimitException e) {
      return new End(Outcome.Reason.MEMORY_LIMIT, 0, e.getMessage());
    } catch (GuestTrap trap) {
      return trapped(trap);
    } catch (LinkException e) {
      return new End(Outcome.Reason.TRAPPED, 0, e.getMessage());
    } catch (OutOfMemoryError e) {
      return new End(Outcome.Reason.MEMORY_LIMIT, 0, "the host has no more memory for the guest");
    } catch (StackOverflowError e) {
      return new End(Outcome.Reason.TRAPPED, 0, "call stack exhausted");
    } catch (InternalError e) {
      if (!MappingFault.isOne(e)) {
        throw e;
      }
      return new End(Outcome.Reason.TRAPPED, 0, "a file that it read was cut while it was mapped");
    }
  }

  private End trapped(GuestTrap trap) {
    var reason = stopped.get();
    if (reason != null) {
      return stopped(reason);
    }
    if (growthRefused.getAsBoolean()) {
      return new End(
          Outcome.Reason.MEMORY_LIMIT, 0, "out of memory at its limit: " + trap.getMessage());
    }
    return new End(Outcome.Reason.TRAPPED, 0, "trap: " + trap.getMessage());
  }

  private End stopped(Outcome.Reason reason) {
    return reason == Outcome.Reason.TIMED_OUT
        ? new End(reason, 0, "still running after " + timeout.toMillis() / 1000.0 + " s")
        : new End(reason, 0, "closed while it ran");
  }
}
