package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.host.Machine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Runs on several hosts, side by side. */
class ConformanceReportTest {
  private static final ExpectedFailures KNOWN =
      ExpectedFailures.parse("module,test,limit,reason\ntest_a,test.test_a.T.x,guest,its libc");

  private static SuiteRun run(String host, ModuleResult... modules) {
    var machine = new Machine("cpu", "os", "0", "java", "node", "chicory", "commit");
    return new SuiteRun(host, "CPython", "command", machine, 3, List.of(modules));
  }

  private static ModuleResult result(String module, End end, Map<String, Verdict> tests) {
    return new ModuleResult(module, end, 1.5, new TreeMap<>(tests), "");
  }

  private final String report =
      new ConformanceReport(
              List.of(
                  run(
                      "ours",
                      result("test_a", End.PASSED, Map.of("x", Verdict.PASSED)),
                      result("test_b", End.PASSED, Map.of("y", Verdict.SKIPPED))),
                  run(
                      "theirs",
                      result("test_a", End.CRASHED, Map.of()),
                      result(
                          "test_b", End.FAILED, Map.of("y", Verdict.PASSED, "z", Verdict.ERROR)))),
              KNOWN,
              "conformance/x")
          .markdown();

  @Test
  void eachHostHasItsTotals() {
    assertThat(report)
        .contains(
            "| ours | 2 | 2 | 0 | 0 | 0 | 0 | 1 | 0 | 1 |",
            "| theirs | 2 | 0 | 0 | 1 | 1 | 0 | 1 | 1 | 0 |");
  }

  @Test
  void eachModuleHasARow() {
    assertThat(report)
        .contains("| test_a | 1 / 0 / 0 | crashed |", "| test_b | 0 / 0 / 1 | 1 / 1 / 0 |");
  }

  @Test
  void differencesAreCountedBothWays() {
    assertThat(report)
        .contains(
            "- ours and not theirs: 0 tests;"
                + " and of modules that did not get to their end there, 1 tests (test_a 1)",
            "- theirs and not ours: 1 tests (test_b 1)");
  }

  @Test
  void knownFailuresHaveTheirReasons() {
    assertThat(report).contains("| test_a | T.x | guest | its libc |");
  }
}
