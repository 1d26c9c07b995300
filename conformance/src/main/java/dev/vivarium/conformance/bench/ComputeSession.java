package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One guest process on one host, which does rows of work when it is told to, and times itself. It
 * stays for all rows, as long as it does not crash; a new one warms up anew.
 */
final class ComputeSession implements AutoCloseable {
  /** Seconds of work in a round, as far as one run does not need more. */
  private static final double ROUND = 0.25;

  private static final int MOST_IN_A_ROUND = 5;

  private final List<String> command;
  private final Warmup warmup;
  private final Answers answers;
  private final Measurements measurements = new Measurements();

  /** The times of the warm-up in the present process. */
  private final Map<String, List<Double>> warm = new HashMap<>();

  private HostProcess process;

  ComputeSession(List<String> command, Warmup warmup, Answers answers) {
    this.command = command;
    this.warmup = warmup;
    this.answers = answers;
  }

  /** Repeats a row until it is warm, however warm it was before. */
  void warmUp(String row) throws IOException, InterruptedException {
    warm.remove(row);
    attempt(row, () -> warm(row));
  }

  /** Measures a row, a few times at most. */
  void measure(String row) throws IOException, InterruptedException {
    attempt(
        row,
        () -> {
          var before = warm(row);
          var last = before.subList(Math.max(0, before.size() - MOST_IN_A_ROUND), before.size());
          int count = (int) (ROUND / Cell.Measured.median(last));
          var times = times(row, Math.max(1, Math.min(MOST_IN_A_ROUND, count)));
          measurements.add(row, times, Warmup.settled(before));
        });
  }

  /** What came of a row that was measured. */
  Cell cell(String row) {
    return measurements.cell(row);
  }

  private void attempt(String row, Measurements.Work work)
      throws IOException, InterruptedException {
    measurements.attempt(
        List.of(row),
        () -> {
          try {
            work.run();
          } catch (HostCrash e) {
            close();
            throw e;
          }
        });
  }

  private List<Double> warm(String row) throws HostCrash, IOException, InterruptedException {
    var times = warm.computeIfAbsent(row, absent -> new ArrayList<>());
    while (warmup.needsMore(times)) {
      times.addAll(times(row, 1));
    }
    return times;
  }

  private List<Double> times(String row, int count)
      throws HostCrash, IOException, InterruptedException {
    if (process == null) {
      process = HostProcess.start(command);
    }
    process.send(row + " " + count);
    var times = new ArrayList<Double>();
    for (int i = 0; i < count; i++) {
      times.add(answers.seconds(row, process.line()));
    }
    return times;
  }

  /** Ends the process; the next work starts another. */
  @Override
  public void close() {
    if (process != null) {
      process.close();
      process = null;
      warm.clear();
    }
  }
}
