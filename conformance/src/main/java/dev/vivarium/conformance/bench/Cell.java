package dev.vivarium.conformance.bench;

import java.util.List;

/** What came of one row on one host. */
sealed interface Cell {

  /**
   * It was measured.
   *
   * @param seconds every measured value, in the order of measuring; at least one
   * @param settled whether its times had stopped falling before they were measured
   */
  record Measured(List<Double> seconds, boolean settled) implements Cell {
    public Measured {
      if (seconds.isEmpty()) {
        throw new IllegalArgumentException("nothing was measured");
      }
      seconds = List.copyOf(seconds);
    }

    double median() {
      return median(seconds);
    }

    double least() {
      return seconds.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    double most() {
      return seconds.stream().mapToDouble(value -> value).max().orElseThrow();
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(List<Double> values) {
      var sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }

  /** It came to no end that could be measured, whenever it was tried. */
  record Crash(String reason) implements Cell {}
}
