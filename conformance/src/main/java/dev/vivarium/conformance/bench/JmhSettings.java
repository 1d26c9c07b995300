package dev.vivarium.conformance.bench;

import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How much JMH measures: as many forks, and iterations of so many milliseconds. */
record JmhSettings(int forks, int warmups, int iterations, int millis) {
  // Memory that the system gives out page by page, while it is measured, is scattered; and how much
  // depends on who allocates how, not on what is measured.
  private static final String[] TOUCHED_HEAP = {"-Xms1g", "-XX:+AlwaysPreTouch"};

  /** What JMH is asked for a class of benchmarks, or for some of them. */
  ChainedOptionsBuilder options(Class<?> benchmarks, String method) {
    return new OptionsBuilder()
        .include(benchmarks.getName().replace(".", "\\.") + "\\." + method)
        .forks(forks)
        .jvmArgsAppend(TOUCHED_HEAP)
        .warmupIterations(warmups)
        .warmupTime(TimeValue.milliseconds(millis))
        .measurementIterations(iterations)
        .measurementTime(TimeValue.milliseconds(millis))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  @Override
  public String toString() {
    return "%d fork%s, each %d x %d ms of warm-up and %d x %d ms measured, with %s"
        .formatted(
            forks,
            forks == 1 ? "" : "s",
            warmups,
            millis,
            iterations,
            millis,
            String.join(" ", TOUCHED_HEAP));
  }
}
