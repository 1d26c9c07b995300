package dev.vivarium.sys;

import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.time.InstantSource;

/** The time that guests see, and how they wait for it. */
public interface Clock extends InstantSource {

  /** {@code CLOCK_REALTIME}: nanoseconds since the epoch. */
  long realtimeNanos();

  /** {@code CLOCK_MONOTONIC}: nanoseconds since an arbitrary point, never going back. */
  long monotonicNanos();

  /** Nanoseconds of processor time that this sandbox has used, as far as they are known. */
  long cpuNanos();

  /** The resolution of these clocks in nanoseconds, at least 1. */
  long resolutionNanos();

  /**
   * Waits on this clock until {@code waker} is woken.
   *
   * @param nanos the longest wait by {@link #monotonicNanos}; negative for no limit
   * @return false if the time ran out
   * @throws InterruptedException if the thread is interrupted, before or while it waits
   */
  boolean await(Waker waker, long nanos) throws InterruptedException;

  @Override
  default Instant instant() {
    long nanos = realtimeNanos();
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
