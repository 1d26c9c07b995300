package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;

/**
 * Benchmarks of JMH, over the number of files that their parameter {@code files} names.
 *
 * @param name what the command line calls the suite
 * @param benchmarks the class that has them
 */
record JmhSuite(String name, Class<?> benchmarks) implements Suite {

  @Override
  public Set<Flag> flags() {
    return EnumSet.of(Flag.SHORT, Flag.JSON);
  }

  @Override
  public void run(Options options) throws Exception {
    var settings = options.brief() ? new JmhSettings(1, 3, 3, 300) : new JmhSettings(2, 5, 5, 1000);
    var builder = settings.options(benchmarks, "").addProfiler(GCProfiler.class);
    if (options.json() != null) {
      builder.resultFormat(ResultFormatType.JSON).result(options.json().toString());
    }
    System.out.print(table(new Runner(builder.build()).run()));
    System.out.println(
        "\n"
            + settings
            + "\n\n"
            + Machine.here(ChicoryCompiler.version()).describe(options.command()));
  }

  private static String table(Collection<RunResult> results) {
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
    return table.toString();
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
