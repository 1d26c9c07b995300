package dev.vivarium.image.oci;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of a tree that is being restored: no call but the passing of time sets some times. */
final class RestoredClock implements InstantSource {
  private Instant now = Instant.EPOCH;

  @Override
  public Instant instant() {
    return now;
  }

  void set(long nanos) {
    now = Instant.ofEpochSecond(0, nanos);
  }
}
