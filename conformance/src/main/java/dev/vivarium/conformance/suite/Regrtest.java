package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** CPython's own runner of its tests: how it is asked to run one module, and what it leaves. */
final class Regrtest {
  private static final int SUCCESS = 0;
  private static final int BAD_TEST = 2;
  private static final Pattern SKIPPED =
      Pattern.compile("^(\\S+ skipped(?: -- .*)?|\\S+ run no tests.*)$", Pattern.MULTILINE);
  private static final Pattern FAILED =
      Pattern.compile("^(test \\S+ (?:failed|crashed) -- .*|\\S+Error: .*)$", Pattern.MULTILINE);

  private Regrtest() {}

  /** See {@link SuiteGuest#arguments}. */
  static List<String> arguments(String module) {
    return List.of("python", "-m", "test", "-v", "--junit-xml", "/" + SuiteGuest.TESTS, module);
  }

  /** See {@link SuiteGuest#result}. */
  static ModuleResult result(
      String module, int status, String message, double seconds, Path outputFile, Path list)
      throws IOException {
    var output = Files.readString(outputFile, ISO_8859_1);
    var tests = SuiteGuest.tests(list);
    if (!message.isEmpty() || (status != SUCCESS && status != BAD_TEST)) {
      var why = message.isEmpty() ? "status " + status : message;
      return SuiteGuest.crashed(module, seconds, why, output);
    }
    if (status == BAD_TEST) {
      return new ModuleResult(module, End.FAILED, seconds, tests, failure(tests, output));
    }
    var skipped = SKIPPED.matcher(output);
    if (tests.isEmpty() && skipped.find()) {
      return new ModuleResult(module, End.SKIPPED, seconds, tests, skipped.group().strip());
    }
    return new ModuleResult(module, End.PASSED, seconds, tests, "");
  }

  private static String failure(SortedMap<String, Verdict> tests, String output) {
    if (tests.values().stream().anyMatch(Verdict::isFailure)) {
      return "";
    }
    var failed = FAILED.matcher(output);
    return failed.find() ? failed.group().strip() : "failed outside of any test";
  }
}
