package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has been measured on one host, row by row. Work whose host crashes is tried again; once it
 * has crashed too often, the crash is what came of its rows, and no more work is done for them.
 */
final class Measurements {
  private static final int RETRIES = 3;

  private final Map<String, List<Double>> seconds = new HashMap<>();
  private final Map<String, Boolean> settled = new HashMap<>();
  private final Map<String, String> crashes = new HashMap<>();

  /** Work on a host. */
  interface Work {
    void run() throws HostCrash, IOException, InterruptedException;
  }

  /** Does the work for some rows, again if it crashes. */
  void attempt(List<String> rows, Work work) throws IOException, InterruptedException {
    for (int i = 0; i <= RETRIES && rows.stream().noneMatch(crashes::containsKey); i++) {
      try {
        work.run();
        return;
      } catch (HostCrash e) {
        if (i == RETRIES) {
          rows.forEach(row -> crashes.put(row, e.getMessage()));
        }
      }
    }
  }

  /** Adds times to those of a row. */
  void add(String row, List<Double> times, boolean areSettled) {
    seconds.computeIfAbsent(row, absent -> new ArrayList<>()).addAll(times);
    settled.merge(row, areSettled, Boolean::logicalAnd);
  }

  /** What came of a row that was attempted. */
  Cell cell(String row) {
    return crashes.containsKey(row)
        ? new Cell.Crash(crashes.get(row))
        : new Cell.Measured(seconds.get(row), settled.get(row));
  }
}
