package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How CPython's regrtest is asked to run one module, and what is read from what it leaves: its
 * output, its exit status, and its list of tests.
 */
final class GuestRun {
  /** Where in the guest's files regrtest lists the tests. */
  static final String TESTS = "results.xml";

  private static final int SUCCESS = 0;
  private static final int BAD_TEST = 2;
  private static final Pattern SKIPPED =
      Pattern.compile("^(\\S+ skipped(?: -- .*)?|\\S+ run no tests.*)$", Pattern.MULTILINE);
  private static final Pattern FAILED =
      Pattern.compile("^(test \\S+ (?:failed|crashed) -- .*|\\S+Error: .*)$", Pattern.MULTILINE);

  private GuestRun() {}

  /** The guest's arguments. */
  static List<String> arguments(String module) {
    return List.of("python", "-m", "test", "-v", "--junit-xml", "/" + TESTS, module);
  }

  /** The guest's variables, each with a {@code =}. */
  static List<String> environment() {
    return List.of("HOME=/", "TMPDIR=/tmp");
  }

  /**
   * Reads what a run left that ended by itself.
   *
   * @param status the guest's exit status
   * @param message what its host says about a status that is not the guest's, or nothing
   * @param outputFile where its output is
   * @param list where its list of tests is, if it has left one
   */
  static ModuleResult result(
      String module, int status, String message, double seconds, Path outputFile, Path list)
      throws IOException {
    var output = Files.readString(outputFile, ISO_8859_1);
    var tests = tests(list);
    if (!message.isEmpty() || (status != SUCCESS && status != BAD_TEST)) {
      var why = message.isEmpty() ? "status " + status : message;
      return new ModuleResult(
          module, End.CRASHED, seconds, new TreeMap<>(), why + lastLine(output));
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

  private static SortedMap<String, Verdict> tests(Path list) throws IOException {
    if (!Files.exists(list)) {
      return new TreeMap<>();
    }
    try (var in = Files.newInputStream(list)) {
      return JUnitXml.read(in);
    }
  }

  private static String lastLine(String output) {
    return output
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((a, b) -> b)
        .map(l -> "; " + l.strip())
        .orElse("");
  }
}
