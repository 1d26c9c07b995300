package dev.vivarium.conformance.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The starts of one program on one host. */
final class Starts {
  private static final int RETRIES = 3;
  private static final int INSTANCES = 3;
  private static final String INSTANCE = "instance ";

  private final PreparedGuest guest;
  private final Host host;
  private final String program;
  private final String output;
  private final Map<Kind, List<Double>> measured = new EnumMap<>(Kind.class);
  private final Map<Kind, HostCrash> crashes = new EnumMap<>(Kind.class);

  /** The kinds of starts. */
  enum Kind {
    COLD("cold process"),
    SECOND("second instance"),
    THIRD("third instance");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  Starts(PreparedGuest guest, Host host, String program, String output) {
    this.guest = guest;
    this.host = host;
    this.program = program;
    this.output = output;
  }

  private interface Work {
    void run() throws HostCrash, IOException, InterruptedException;
  }

  /** Runs it once for what is cached from then on. */
  void rehearse() throws IOException, InterruptedException {
    attempt(List.of(Kind.COLD), this::runCold);
  }

  /** Measures each kind once. */
  void measure() throws IOException, InterruptedException {
    attempt(List.of(Kind.COLD), () -> add(Kind.COLD, runCold()));
    attempt(
        List.of(Kind.SECOND, Kind.THIRD),
        () -> {
          var times = runInstances();
          add(Kind.SECOND, times.get(1));
          add(Kind.THIRD, times.get(2));
        });
  }

  /** What came of a kind. */
  Cell cell(Kind kind) {
    return crashes.containsKey(kind)
        ? new Cell.Crash(crashes.get(kind).getMessage())
        : new Cell.Measured(measured.get(kind), true);
  }

  private void add(Kind kind, double seconds) {
    measured.computeIfAbsent(kind, absent -> new ArrayList<>()).add(seconds);
  }

  private void attempt(List<Kind> kinds, Work work) throws IOException, InterruptedException {
    for (int i = 0; i <= RETRIES && !crashes.containsKey(kinds.get(0)); i++) {
      try {
        work.run();
        return;
      } catch (HostCrash e) {
        if (i == RETRIES) {
          kinds.forEach(kind -> crashes.put(kind, e));
        }
      }
    }
  }

  private double runCold() throws HostCrash, IOException, InterruptedException {
    long start = System.nanoTime();
    try (var process = HostProcess.start(guest.cold(host, program))) {
      var printed = process.finish();
      double seconds = (System.nanoTime() - start) / 1e9;
      check(printed);
      return seconds;
    }
  }

  private List<Double> runInstances() throws HostCrash, IOException, InterruptedException {
    try (var process = HostProcess.start(guest.instances(host, INSTANCES, program))) {
      var printed = process.finish();
      check(printed);
      return printed.stream()
          .filter(line -> line.startsWith(INSTANCE))
          .map(line -> Double.parseDouble(line.substring(INSTANCE.length())))
          .toList();
    }
  }

  private void check(List<String> printed) throws HostCrash {
    for (var line : printed) {
      if (!line.equals(output) && !line.startsWith(INSTANCE)) {
        throw new HostCrash("it says: " + line);
      }
    }
    if (!printed.contains(output)) {
      throw new HostCrash("it says nothing");
    }
  }
}
