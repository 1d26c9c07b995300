package dev.vivarium.conformance.suite;

/** A run as a Markdown table, a row for each module. */
final class SuiteTable {
  private SuiteTable() {}

  static String of(SuiteRun run) {
    var table = new StringBuilder();
    table.append("| module | result | passed | failed | skipped | seconds |\n");
    table.append("|---|---|---:|---:|---:|---:|\n");
    for (var result : run.modules()) {
      table.append(
          "| %s | %s | %,d | %,d | %,d | %.1f |\n"
              .formatted(
                  result.module(),
                  result.end().word(),
                  result.count(Verdict.PASSED),
                  result.failures(),
                  result.count(Verdict.SKIPPED),
                  result.seconds()));
    }
    return table.append('\n').append(totals(run)).toString();
  }

  /** One line about all of it. */
  static String totals(SuiteRun run) {
    return run.host()
        + ": %,d modules, of which %,d passed, %,d skipped, %,d failed, %,d crashed, %,d timed out; %,d tests passed, %,d failed, %,d skipped"
            .formatted(run.totals().toArray())
        + "; %,.0f s".formatted(run.seconds());
  }

  /** How a module went, in a line for who waits. */
  static String progress(int number, int of, ModuleResult result) {
    return "[%d/%d] %s %s, %d of %d tests, %.1f s%s"
        .formatted(
            number,
            of,
            result.module(),
            result.end().word(),
            result.count(Verdict.PASSED),
            result.tests().size(),
            result.seconds(),
            result.detail().isEmpty() ? "" : ": " + result.detail());
  }
}
