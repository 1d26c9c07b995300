package dev.vivarium.vfs.posix;

/**
 * What {@code utimensat(2)} does to one timestamp.
 *
 * @param kind set to {@code nanos}, set to the present, or leave alone
 * @param nanos since the epoch; 0 unless {@code kind} is {@link Kind#SET}
 */
public record TimeChange(Kind kind, long nanos) {

  /** The three choices of {@code utimensat(2)}. */
  public enum Kind {
    SET,
    NOW,
    OMIT
  }

  /** {@code UTIME_NOW}. */
  public static final TimeChange NOW = new TimeChange(Kind.NOW, 0);

  /** {@code UTIME_OMIT}. */
  public static final TimeChange OMIT = new TimeChange(Kind.OMIT, 0);

  /** What becomes of a timestamp, in nanoseconds since the epoch. */
  public long appliedTo(long present, long now) {
    return switch (kind) {
      case SET -> nanos;
      case NOW -> now;
      case OMIT -> present;
    };
  }

  /** Sets the timestamp to so many nanoseconds since the epoch. */
  public static TimeChange at(long nanos) {
    return new TimeChange(Kind.SET, nanos);
  }
}
