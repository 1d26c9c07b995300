package dev.vivarium.sys.time;

import dev.vivarium.sys.Clock;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;

/** The host's clocks. The processor clock counts the time since this object was made. */
public final class SystemClock implements Clock {
  private final long start = System.nanoTime();

  @Override
  public long realtimeNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime() - start;
  }

  @Override
  public long cpuNanos() {
    return System.nanoTime() - start;
  }

  @Override
  public long resolutionNanos() {
    return 1;
  }

  @Override
  public boolean await(Waker waker, long nanos) throws InterruptedException {
    return waker.await(nanos);
  }
}
