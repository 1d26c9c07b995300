package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What falls behind an earlier run. */
class BaselineTest {
  @TempDir Path directory;

  private static ModuleResult result(String module, End end, Map<String, Verdict> tests) {
    return new ModuleResult(module, end, 1.5, new TreeMap<>(tests), "");
  }

  private static SuiteRun run(ModuleResult... modules) {
    return new SuiteRun("vivarium", "CPython", "conformance/cpython", null, 3, List.of(modules));
  }

  @Test
  void aTestThatPassedAndDoesNotIsARegression() {
    var before = new Baseline(run(result("m", End.PASSED, Map.of("a", Verdict.PASSED))));

    for (var now : List.of(Verdict.FAILED, Verdict.ERROR, Verdict.SKIPPED)) {
      assertThat(before.regressions(result("m", End.PASSED, Map.of("a", now))))
          .containsExactly("a passed before");
    }
    assertThat(before.regressions(result("m", End.PASSED, Map.of("a", Verdict.PASSED)))).isEmpty();
  }

  @Test
  void aCrashIsARegressionOfTheModuleAndItsTests() {
    var before = new Baseline(run(result("m", End.PASSED, Map.of("a", Verdict.PASSED))));

    assertThat(before.regressions(result("m", End.CRASHED, Map.of())))
        .containsExactly("m crashed, and passed before", "a passed before");
  }

  @Test
  void whatDidNotPassOrWasNotThereCannotFallBehind() {
    var before = new Baseline(run(result("m", End.FAILED, Map.of("a", Verdict.FAILED))));

    assertThat(before.regressions(result("m", End.FAILED, Map.of("a", Verdict.FAILED)))).isEmpty();
    assertThat(before.regressions(result("new", End.CRASHED, Map.of()))).isEmpty();
  }

  @Test
  void aRunIsReadAsItWasWritten() throws Exception {
    var file = directory.resolve("run.json");
    var run = run(result("m", End.FAILED, Map.of("a", Verdict.FAILED, "b", Verdict.SKIPPED)));

    run.write(file);

    assertThat(SuiteRun.read(file)).isEqualTo(run);
  }

  @Test
  void anythingElseIsRefusedWithTheFilesName() throws Exception {
    var file = directory.resolve("other.json");
    for (var text : List.of("", "[]", "{}", "{\"modules\": 1", "no")) {
      Files.writeString(file, text);

      assertThatThrownBy(() -> SuiteRun.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other.json");
    }
  }
}
