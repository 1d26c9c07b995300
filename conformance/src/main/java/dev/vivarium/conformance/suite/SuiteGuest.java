package dev.vivarium.conformance.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** An interpreter, and the files in which it finds the tests of its language. */
sealed interface SuiteGuest permits PythonGuest, RubyGuest {
  /** Where in the guest's files its list of tests is when a module has been run. */
  String TESTS = "results.xml";

  /** Its name and version. */
  String name();

  /** {@code python} or {@code ruby}. */
  String language();

  /** Where its files are; the name of this directory is theirs alone. */
  Path directory();

  /** The interpreter. */
  Path module();

  /** The directory that a peer sees as its root. */
  default Path root() {
    return directory().resolve("root");
  }

  /** The same, packed. */
  default Path image() {
    return directory().resolve("tests.image");
  }

  /** The names of all test modules, sorted. */
  List<String> modules() throws IOException;

  /** The guest's arguments that run a module. */
  List<String> arguments(String module);

  /**
   * Reads what a run left that ended by itself.
   *
   * @param status the guest's exit status
   * @param message what its host says about a status that is not the guest's, or nothing
   * @param output where its output is
   * @param list where its list of tests is, if it has left one
   */
  ModuleResult result(
      String module, int status, String message, double seconds, Path output, Path list)
      throws IOException;

  /** The guest's variables, each with a {@code =}. */
  static List<String> environment() {
    return List.of("HOME=/", "TMPDIR=/tmp");
  }

  /** The tests of a list; none if there is no list. */
  static SortedMap<String, Verdict> tests(Path list) throws IOException {
    if (!Files.exists(list)) {
      return new TreeMap<>();
    }
    try (var in = Files.newInputStream(list)) {
      return JUnitXml.read(in);
    }
  }

  /** A module that ended in the middle. */
  static ModuleResult crashed(String module, double seconds, String why, String output) {
    var last =
        output
            .lines()
            .filter(line -> !line.isBlank())
            .reduce((a, b) -> b)
            .map(line -> "; " + line.strip())
            .orElse("");
    return new ModuleResult(module, End.CRASHED, seconds, new TreeMap<>(), why + last);
  }
}
