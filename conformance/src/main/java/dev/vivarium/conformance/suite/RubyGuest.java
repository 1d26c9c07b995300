package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.conformance.host.GuestScript;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.engine.Progress;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * CRuby from npm, with the tests that {@code conformance/guest} gets for it. A module is a file of
 * {@code test/}, or a directory of {@code spec/ruby}.
 *
 * @param directory what the script has made
 * @param module the interpreter
 */
record RubyGuest(Path directory, Path module) implements SuiteGuest {
  /** What {@code vivarium run} calls it. */
  static final String RUNTIME = "ruby:3.3";

  private static final String SCRIPT = "/suite.rb";

  /**
   * Gets what is not there.
   *
   * @throws HostCrash if it cannot be had, with the reason
   */
  static RubyGuest build() throws IOException, InterruptedException, HostCrash {
    var directory = GuestScript.make("ruby-3.3-tests");
    return new RubyGuest(directory, interpreter(directory.resolve("ruby.wasm")));
  }

  private static Path interpreter(Path file) throws IOException {
    if (!Files.exists(file)) {
      var cache = new RuntimeCache(CacheDirectory.of(System.getenv()), System.getenv());
      var runtime = LanguageRuntime.named(RUNTIME).orElseThrow();
      var work = Files.createTempFile(file.getParent(), ".work-", ".wasm");
      Files.write(work, cache.module(runtime, Progress.NONE).bytes());
      Files.move(work, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return file;
  }

  @Override
  public String name() {
    return "CRuby 3.3";
  }

  @Override
  public String language() {
    return "ruby";
  }

  @Override
  public List<String> modules() throws IOException {
    var top = root().resolve("ruby");
    try (var tests = Files.walk(top.resolve("test"));
        var specs = Files.walk(top.resolve("spec/ruby"), 2)) {
      return Stream.concat(
              tests
                  .filter(file -> file.getFileName().toString().matches("test_.*\\.rb"))
                  .map(file -> top.relativize(file).toString().replaceFirst("\\.rb$", "")),
              specs
                  .filter(Files::isDirectory)
                  .map(file -> top.resolve("spec/ruby").relativize(file).toString())
                  .filter(name -> name.matches("(core|library|language)/.*")))
          .sorted()
          .toList();
    }
  }

  @Override
  public List<String> arguments(String module) {
    return List.of("ruby", SCRIPT, module);
  }

  /** The script ends with 0 and leaves its list last, whatever the tests came to. */
  @Override
  public ModuleResult result(
      String module, int status, String message, double seconds, Path output, Path list)
      throws IOException {
    if (status != 0 || !Files.exists(list)) {
      var why = message.isEmpty() ? "status " + status : message;
      return SuiteGuest.crashed(module, seconds, why, Files.readString(output, ISO_8859_1));
    }
    var tests = SuiteGuest.tests(list);
    var end =
        tests.values().stream().anyMatch(Verdict::isFailure)
            ? End.FAILED
            : tests.containsValue(Verdict.PASSED) ? End.PASSED : End.SKIPPED;
    return new ModuleResult(module, end, seconds, tests, "");
  }
}
