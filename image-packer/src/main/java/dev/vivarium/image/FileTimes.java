package dev.vivarium.image;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The times that files can have: 64 bits of nanoseconds, from 1677 to 2262. */
public final class FileTimes {
  private FileTimes() {}

  /**
   * A time in nanoseconds since the epoch.
   *
   * @throws IllegalArgumentException if no file can have it; the message is for people
   */
  public static long nanos(Instant time) {
    try {
      return ChronoUnit.NANOS.between(Instant.EPOCH, time);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(time + " is no time that a file can have", e);
    }
  }
}
