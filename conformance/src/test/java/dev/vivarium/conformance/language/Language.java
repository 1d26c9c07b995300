package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.Launch;
import dev.vivarium.runtime.RuntimeCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A runtime whose guests run in this JVM: fetched, compiled and loaded once, so that all tests
 * share what the JVM has optimised.
 */
public final class Language {
  private static final Path CACHE = CacheDirectory.of(System.getenv());
  private static final EngineBinding ENGINE = ChicoryEngine.withCache(CACHE.resolve("modules"));
  private static final Map<String, Language> LOADED = new ConcurrentHashMap<>();

  private final LanguageRuntime runtime;
  private final EngineBinding.Module module;

  private Language(LanguageRuntime runtime, EngineBinding.Module module) {
    this.runtime = runtime;
    this.module = module;
  }

  /** A runtime by its name on the command line. */
  public static Language named(String name) {
    return LOADED.computeIfAbsent(name, Language::load);
  }

  private static Language load(String name) {
    LanguageRuntime runtime = LanguageRuntime.named(name).orElseThrow();
    RuntimeCache runtimes = new RuntimeCache(CACHE.resolve("runtimes"), System.getenv());
    try {
      return new Language(
          runtime, ENGINE.load(runtimes.module(runtime, Progress.NONE), Progress.NONE));
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Runs it with arguments as after its name on the command line. */
  public Run run(String... arguments) throws Exception {
    return run(sandbox -> {}, arguments);
  }

  /**
   * Runs it in a sandbox with settings of the caller's.
   *
   * @param settings applied last
   */
  public Run run(Consumer<Sandbox.Builder> settings, String... arguments) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Launch launch = runtime.launch(List.of(arguments), "/", Map.of());
    Sandbox.Builder builder =
        Sandbox.builder(module)
            .start(launch.start())
            .arguments(launch.arguments())
            .stdout(out)
            .stderr(err);
    launch.environment().forEach(builder::environment);
    settings.accept(builder);
    try (Sandbox sandbox = builder.build()) {
      Outcome outcome = sandbox.run();
      return new Run(outcome, out.toString(UTF_8), err.toString(UTF_8));
    }
  }

  /** What came of a run. */
  public record Run(Outcome outcome, String out, String err) {
    /** The exit status. */
    public int status() {
      return outcome.status();
    }
  }
}
