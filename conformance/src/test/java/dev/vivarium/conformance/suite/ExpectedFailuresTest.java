package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.conformance.host.Checkout;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which results are surprises, given a list of known failures. */
class ExpectedFailuresTest {
  private static final ExpectedFailures LIST =
      ExpectedFailures.parse(
          """
          module,test,limit,reason
          test_a,test.test_a.T.known,guest,"its libc, as it is"
          test_b,*,engine,no stack is deep enough
          """);

  private static ModuleResult result(String module, End end, Map<String, Verdict> tests) {
    return new ModuleResult(module, end, 1, new TreeMap<>(tests), "why");
  }

  @Test
  void aListedFailureIsNone() {
    var tests = Map.of("test.test_a.T.known", Verdict.FAILED, "other", Verdict.PASSED);

    assertThat(LIST.surprises(result("test_a", End.FAILED, tests))).isEmpty();
    assertThat(LIST.surprises(result("test_b", End.CRASHED, Map.of()))).isEmpty();
  }

  @Test
  void aFailureWithoutARowIsOne() {
    var tests = Map.of("test.test_a.T.known", Verdict.FAILED, "other", Verdict.ERROR);

    assertThat(LIST.surprises(result("test_a", End.FAILED, tests)))
        .containsExactly("other has an error");
  }

  @Test
  void aModuleThatDoesNotGetToItsEndIsOne() {
    assertThat(LIST.surprises(result("test_c", End.TIMED_OUT, Map.of())))
        .containsExactly("test_c timed out: why");
  }

  @Test
  void aRowThatNoLongerFailsIsOne() {
    var tests = Map.of("test.test_a.T.known", Verdict.PASSED);

    assertThat(LIST.surprises(result("test_a", End.PASSED, tests)))
        .containsExactly("test_a test.test_a.T.known is a listed failure that did not happen");
    assertThat(LIST.surprises(result("test_b", End.PASSED, Map.of())))
        .containsExactly("test_b * is a listed failure that did not happen");
  }

  @Test
  void aReasonMayHaveCommas() {
    assertThat(LIST.rows().get(0).reason()).isEqualTo("its libc, as it is");
  }

  @Test
  void aRowWithoutAReasonIsRefused() {
    assertThatThrownBy(() -> ExpectedFailures.parse("module,test,limit,reason\na,b,guest, "))
        .hasMessageContaining("a,b,guest");
    assertThatThrownBy(() -> ExpectedFailures.parse("module,test,limit,reason\na,b,nobody,why"))
        .hasMessageContaining("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpython-3.11-failures.csv", "ruby-3.3-failures.csv"})
  void noFailureOfTheListsIsOurs(String name) {
    var list = Checkout.text(SuiteCommand.class, name);

    assertThat(ExpectedFailures.parse(list).rows())
        .isNotEmpty()
        .noneMatch(row -> row.limit().equals("ours"));
  }
}
