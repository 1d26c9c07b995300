package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * CPython with its tests, as {@code conformance/guest} builds it.
 *
 * @param directory what that has built
 */
record PythonGuest(Path directory) {
  private static final Duration BUILD = Duration.ofMinutes(30);
  private static final String LIBRARY = "usr/local/lib/python3.11/test";

  /**
   * Builds it if it is not there.
   *
   * @throws HostCrash if it cannot be built, with the reason
   */
  static PythonGuest build() throws IOException, InterruptedException, HostCrash {
    var script = Checkout.TOP.resolve("conformance/guest").toString();
    try (var process = HostProcess.start(List.of(script, "cpython-3.11"), BUILD)) {
      return new PythonGuest(Path.of(process.finish().get(0)));
    }
  }

  Path module() {
    return directory.resolve("python.wasm");
  }

  /** The directory that a peer sees as its root. */
  Path root() {
    return directory.resolve("root");
  }

  /** The same, packed. */
  Path image() {
    return directory.resolve("tests.image");
  }

  /** The names of all test modules, sorted, as regrtest finds them. */
  List<String> modules() throws IOException {
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
}
