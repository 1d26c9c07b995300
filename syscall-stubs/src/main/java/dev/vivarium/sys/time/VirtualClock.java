package dev.vivarium.sys.time;

import dev.vivarium.sys.Clock;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock for deterministic worlds: it stands still but for a tick at each reading, and a wait with
 * a time limit moves it on at once rather than waiting. A wait without a limit is a real one.
 */
public final class VirtualClock implements Clock {
  private final long epochNanos;
  private final long tickNanos;
  private final AtomicLong elapsed = new AtomicLong();

  /**
   * @param start the time of day at the beginning
   * @param tickNanos what each reading adds, 0 or more
   */
  public VirtualClock(Instant start, long tickNanos) {
    if (tickNanos < 0) {
      throw new IllegalArgumentException("a tick of " + tickNanos + " ns would go back in time");
    }
    this.epochNanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    this.tickNanos = tickNanos;
  }

  @Override
  public long realtimeNanos() {
    return epochNanos + monotonicNanos();
  }

  @Override
  public long monotonicNanos() {
    return elapsed.getAndUpdate(now -> later(now, tickNanos));
  }

  /** A wait for ever ends too: at the end of time, where this stands still. */
  private long later(long now, long nanos) {
    return now + Math.min(nanos, Long.MAX_VALUE - Math.max(0, epochNanos) - now);
  }

  @Override
  public long cpuNanos() {
    return monotonicNanos();
  }

  @Override
  public long resolutionNanos() {
    return Math.max(1, tickNanos);
  }

  @Override
  public boolean await(Waker waker, long nanos) throws InterruptedException {
    if (nanos < 0) {
      return waker.await(-1);
    }
    if (waker.await(0)) {
      return true;
    }
    elapsed.updateAndGet(now -> later(now, nanos));
    return false;
  }
}
