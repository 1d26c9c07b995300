package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.util.List;

/** The starts of one program on one host. */
final class Starts {
  static final String COLD = "cold process";
  static final String SECOND = "second instance";
  static final String THIRD = "third instance";

  /** The kinds of starts. */
  static final List<String> KINDS = List.of(COLD, SECOND, THIRD);

  private static final int INSTANCES = 3;

  /** What a host's process prints before the seconds of an instance. */
  private static final String INSTANCE = "instance ";

  private final List<String> cold;
  private final List<String> instances;
  private final String output;
  private final Measurements measurements = new Measurements();

  /**
   * @param cold a process that runs the program once
   * @param instances a process that runs it as often as is asked for here, and says what each took
   * @param output the line that the program prints
   */
  Starts(List<String> cold, List<String> instances, String output) {
    this.cold = cold;
    this.instances = instances;
    this.output = output;
  }

  static Starts of(PreparedGuest guest, Host host, String program, String output) {
    return new Starts(guest.cold(host, program), guest.instances(host, INSTANCES, program), output);
  }

  /** Runs it once for what is cached from then on. */
  void rehearse() throws IOException, InterruptedException {
    measurements.attempt(List.of(COLD), this::runCold);
  }

  /** Measures each kind once. */
  void measure() throws IOException, InterruptedException {
    measurements.attempt(List.of(COLD), () -> measurements.add(COLD, List.of(runCold()), true));
    measurements.attempt(
        List.of(SECOND, THIRD),
        () -> {
          var times = runInstances();
          measurements.add(SECOND, List.of(times.get(1)), true);
          measurements.add(THIRD, List.of(times.get(2)), true);
        });
  }

  /** What came of a kind. */
  Cell cell(String kind) {
    return measurements.cell(kind);
  }

  private double runCold() throws HostCrash, IOException, InterruptedException {
    long start = System.nanoTime();
    try (var process = HostProcess.start(cold)) {
      var printed = process.finish();
      double seconds = (System.nanoTime() - start) / 1e9;
      check(printed, 1);
      return seconds;
    }
  }

  private List<Double> runInstances() throws HostCrash, IOException, InterruptedException {
    try (var process = HostProcess.start(instances)) {
      var printed = process.finish();
      check(printed, INSTANCES);
      return printed.stream()
          .filter(line -> line.startsWith(INSTANCE))
          .map(line -> Double.parseDouble(line.substring(INSTANCE.length())))
          .toList();
    }
  }

  /** A host that runs nothing would be the fastest. */
  private void check(List<String> printed, int times) throws HostCrash {
    var said = printed.stream().filter(line -> !line.startsWith(INSTANCE)).toList();
    if (said.size() != times || !said.stream().allMatch(output::equals)) {
      throw new HostCrash("its output is " + said);
    }
  }
}
