package dev.vivarium.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one suite of benchmarks and prints a Markdown table. */
public final class Bench {
  private static final Map<String, Class<?>> SUITES =
      new TreeMap<>(Map.of("snapshot", SnapshotBenchmark.class));

  private static final String USAGE =
      "usage: conformance/bench SUITE [--json FILE] [--short]; suites: "
          + String.join(", ", SUITES.keySet());

  private final Class<?> suite;
  private Path json;
  private Settings settings = new Settings(2, 5, 5, 1000);

  private Bench(Class<?> suite) {
    this.suite = suite;
  }

  /** How much is measured: as many forks, and iterations of so many milliseconds. */
  private record Settings(int forks, int warmups, int iterations, int millis) {
    @Override
    public String toString() {
      return "%d fork%s, each %d x %d ms of warm-up and %d x %d ms measured"
          .formatted(forks, forks == 1 ? "" : "s", warmups, millis, iterations, millis);
    }
  }

  /** See {@code conformance/bench}. */
  public static void main(String[] args) throws IOException, RunnerException {
    Bench bench = parse(args);
    if (bench == null) {
      System.err.println(USAGE);
      System.exit(2);
    }
    bench.run();
  }

  private static Bench parse(String[] args) {
    if (args.length == 0 || !SUITES.containsKey(args[0])) {
      return null;
    }
    Bench bench = new Bench(SUITES.get(args[0]));
    for (int i = 1; i < args.length; i++) {
      if (args[i].equals("--short")) {
        bench.settings = new Settings(1, 3, 3, 300);
      } else if (args[i].equals("--json") && i + 1 < args.length) {
        bench.json = Path.of(args[++i]);
      } else {
        return null;
      }
    }
    return bench;
  }

  private void run() throws IOException, RunnerException {
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .include(suite.getName().replace(".", "\\.") + "\\.")
            .forks(settings.forks())
            .warmupIterations(settings.warmups())
            .warmupTime(TimeValue.milliseconds(settings.millis()))
            .measurementIterations(settings.iterations())
            .measurementTime(TimeValue.milliseconds(settings.millis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (json != null) {
      Path parent = json.toAbsolutePath().getParent();
      if (!Files.isDirectory(parent)) {
        throw new IOException("no directory " + parent + " for the JSON file");
      }
      builder.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    Options options = builder.build();
    System.out.println(table(new Runner(options).run()));
  }

  private String table(Collection<RunResult> results) {
    Map<String, Map<Integer, RunResult>> rows = new TreeMap<>();
    TreeMap<Integer, String> columns = new TreeMap<>();
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      int size = Integer.parseInt(result.getParams().getParam("files"));
      columns.put(size, "%,d files".formatted(size));
      rows.computeIfAbsent(name, absent -> new TreeMap<>()).put(size, result);
    }
    StringBuilder table = new StringBuilder();
    table.append("| time and allocation per call | ");
    table.append(String.join(" | ", columns.values())).append(" |\n");
    table.append("|---").append("|---:".repeat(columns.size())).append("|\n");
    rows.forEach(
        (name, cells) -> {
          table.append("| ").append(name).append(" |");
          columns
              .keySet()
              .forEach(size -> table.append(' ').append(cell(cells.get(size))).append(" |"));
          table.append('\n');
        });
    return table
        .append(
            "\n%s; %s %s, %d processors"
                .formatted(
                    settings,
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors()))
        .toString();
  }

  private static String cell(RunResult result) {
    var time = result.getPrimaryResult();
    var allocation = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return "%,.0f ± %,.0f %s, %,.0f B"
        .formatted(
            time.getScore(),
            time.getScoreError(),
            time.getScoreUnit(),
            allocation == null ? Double.NaN : allocation.getScore());
  }
}
