package dev.vivarium.conformance.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Runs one suite of benchmarks and prints a Markdown table. */
public final class Bench {
  private static final List<Suite> SUITES =
      List.of(
          new ComputeSuite(),
          StartSuite.boot(),
          StartSuite.imports(),
          new LimitsSuite(),
          new JmhSuite("snapshot", SnapshotBenchmark.class),
          new FsSuite(),
          new PackSuite());

  private Bench() {}

  /** See {@code conformance/bench}. */
  public static void main(String[] args) throws Exception {
    try {
      run(List.of(args));
    } catch (UsageException e) {
      say(e.getMessage());
      System.exit(2);
    }
  }

  static void run(List<String> args) throws Exception {
    if (args.equals(List.of("--help"))) {
      SUITES.forEach(suite -> System.out.println(usage(suite)));
      return;
    }
    String name = args.isEmpty() ? "" : args.get(0);
    Suite suite =
        SUITES.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        (name.isEmpty() ? "name a suite" : "no suite is named " + name)
                            + "; there are "
                            + SUITES.stream().map(Suite::name).collect(Collectors.joining(", "))));
    suite.run(Options.parse(suite, args.subList(1, args.size())));
  }

  /** Says what is being done, beside the table on standard output. */
  static void say(String progress) {
    System.err.println("conformance/bench: " + progress);
  }

  /** How a suite is called. */
  static String usage(Suite suite) {
    return "conformance/bench "
        + suite.name()
        + Arrays.stream(Flag.values())
            .filter(suite.flags()::contains)
            .map(flag -> " " + flag.usage())
            .collect(Collectors.joining());
  }
}
