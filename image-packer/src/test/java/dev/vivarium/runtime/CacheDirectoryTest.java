package dev.vivarium.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {

  @Test
  void theVariableOfTheSpecificationDecides() {
    assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")))
        .isEqualTo(Path.of("/c/vivarium"));
  }

  @Test
  void withoutItOrWithARelativeOneItIsBelowTheHome() {
    var expected = Path.of("/h/.cache/vivarium");

    assertThat(CacheDirectory.of(Map.of("HOME", "/h"))).isEqualTo(expected);
    assertThat(CacheDirectory.of(Map.of("HOME", "/h", "XDG_CACHE_HOME", ""))).isEqualTo(expected);
    assertThat(CacheDirectory.of(Map.of("HOME", "/h", "XDG_CACHE_HOME", "c"))).isEqualTo(expected);
  }

  @Test
  void withoutAHomeTheJvmKnowsOne() {
    assertThat(CacheDirectory.of(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "vivarium"));
  }
}
