package dev.vivarium.conformance.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import dev.vivarium.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No function of a guest is interpreted, or too large for the JVM's compilers. */
@Timeout(600)
class PreparationTest {
  private static final int HUGE_METHOD_LIMIT = 8_000;

  private static final Path CACHE = CacheDirectory.of(System.getenv());

  @ParameterizedTest
  @ValueSource(strings = {"python", "ruby"})
  void noFunctionOfALanguageRuntimeIsBeyondTheCompilers(String language) throws IOException {
    var runtime = LanguageRuntime.named(language).orElseThrow();
    var source = new RuntimeCache(CACHE, System.getenv()).module(runtime, Progress.NONE);
    var module = ChicoryEngine.withCache(CACHE.resolve("modules")).load(source, Progress.NONE);

    assertThat(module.interpretedFunctions()).as("functions left to the interpreter").isZero();
    assertThat(module.largestMethod())
        .as("bytes of the largest method")
        .isBetween(1, HUGE_METHOD_LIMIT);
  }

  /** It is built by {@code conformance/guest cpython-3.11}. */
  @Test
  void norIsOneOfTheOptimisedPython() throws IOException {
    try {
      noFunctionOfALanguageRuntimeIsBeyondTheCompilers("python:3.11");
    } catch (RuntimeUnavailableException e) {
      Assumptions.abort(e.getMessage());
    }
  }
}
