package dev.vivarium.conformance.bench;

import java.util.List;

/**
 * When a row is warm: after some time at least, once its times no longer fall, or when the patience
 * with it ends.
 *
 * @param least seconds of work
 * @param most seconds of work
 */
record Warmup(double least, double most) {
  /** How many times are compared with as many before them. */
  private static final int WINDOW = 8;

  /** By how much a median has to be below the one before to be called falling. */
  private static final double FALL = 0.04;

  /** Whether it needs more work after these times. */
  boolean needsMore(List<Double> seconds) {
    double spent = seconds.stream().mapToDouble(value -> value).sum();
    return spent < most && (spent < least || !settled(seconds));
  }

  /** Whether times no longer fall. */
  static boolean settled(List<Double> seconds) {
    int size = seconds.size();
    if (size < 2 * WINDOW) {
      return false;
    }
    double before = Cell.Measured.median(seconds.subList(size - 2 * WINDOW, size - WINDOW));
    double now = Cell.Measured.median(seconds.subList(size - WINDOW, size));
    return now > before * (1 - FALL);
  }
}
