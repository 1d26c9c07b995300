package dev.vivarium.conformance.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * The failures that are known, each with whose limit it is and why. A row that no longer fails is
 * as wrong as a failure that has no row.
 */
final class ExpectedFailures {
  /** The test of a row about a whole module. */
  static final String WHOLE = "*";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
  private static final Set<String> LIMITS = Set.of("guest", "engine", "ours");

  /**
   * A known failure.
   *
   * @param test its name, or {@value #WHOLE} if the module does not get to its end
   * @param limit whose it is: {@code guest}, {@code engine} or {@code ours}
   */
  record Row(String module, String test, String limit, String reason) {}

  private final List<Row> rows;

  private ExpectedFailures(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * Reads comma-separated values, as RFC 4180 has them, with the columns {@code module}, {@code
   * test}, {@code limit} and {@code reason}.
   *
   * @throws IllegalArgumentException if a row lacks something
   */
  static ExpectedFailures parse(String text) {
    var rows = new ArrayList<Row>();
    try (var records = CSVParser.parse(text, FORMAT)) {
      for (var record : records) {
        if (record.size() != 4 || !LIMITS.contains(record.get(2)) || record.get(3).isBlank()) {
          throw new IllegalArgumentException(
              "not module,test,limit,reason: " + String.join(",", record.values()));
        }
        rows.add(new Row(record.get(0), record.get(1), record.get(2), record.get(3)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExpectedFailures(rows);
  }

  List<Row> rows() {
    return rows;
  }

  /** What is wrong about a module's result, a line each: failures without row, rows without any. */
  List<String> surprises(ModuleResult result) {
    var surprises = new ArrayList<String>();
    var module = result.module();
    boolean whole = result.isBroken() && result.failures() == 0;
    if (whole && !isListed(module, WHOLE)) {
      surprises.add(module + " " + result.end().word() + ": " + result.detail());
    }
    result
        .tests()
        .forEach(
            (test, verdict) -> {
              if (verdict.isFailure() && !isListed(module, test)) {
                surprises.add(test + " " + (verdict == Verdict.ERROR ? "has an error" : "failed"));
              }
            });
    for (var row : rows) {
      if (row.module().equals(module) && !(row.test().equals(WHOLE) ? whole : fails(result, row))) {
        surprises.add(module + " " + row.test() + " is a listed failure that did not happen");
      }
    }
    return surprises;
  }

  private boolean isListed(String module, String test) {
    return rows.stream().anyMatch(row -> row.module().equals(module) && row.test().equals(test));
  }

  private static boolean fails(ModuleResult result, Row row) {
    var verdict = result.tests().get(row.test());
    return verdict != null && verdict.isFailure();
  }
}
