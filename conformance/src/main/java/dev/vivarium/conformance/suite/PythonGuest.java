package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.GuestScript;
import dev.vivarium.conformance.host.HostCrash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPython with its tests, as {@code conformance/guest} builds it.
 *
 * @param directory what that has built
 */
record PythonGuest(Path directory) implements SuiteGuest {
  private static final String LIBRARY = "usr/local/lib/python3.11/test";

  /**
   * Builds it if it is not there.
   *
   * @throws HostCrash if it cannot be built, with the reason
   */
  static PythonGuest build() throws IOException, InterruptedException, HostCrash {
    return new PythonGuest(GuestScript.make("cpython-3.11"));
  }

  @Override
  public String name() {
    return "CPython 3.11.2";
  }

  @Override
  public String language() {
    return "python";
  }

  @Override
  public Path module() {
    return directory.resolve("python.wasm");
  }

  /** As regrtest finds them. */
  @Override
  public List<String> modules() throws IOException {
    try (var files = Files.list(root().resolve(LIBRARY))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("test_"))
          .filter(name -> name.endsWith(".py") || name.indexOf('.') < 0)
          .map(name -> name.replaceFirst("\\.py$", ""))
          .sorted()
          .toList();
    }
  }

  @Override
  public List<String> arguments(String module) {
    return Regrtest.arguments(module);
  }

  @Override
  public ModuleResult result(
      String module, int status, String message, double seconds, Path output, Path list)
      throws IOException {
    return Regrtest.result(module, status, message, seconds, output, list);
  }
}
