package dev.vivarium.image.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoreFileTest {
  private final List<String> warnings = new ArrayList<>();

  private IgnoreFile of(String... lines) {
    return IgnoreFile.parse(".dockerignore", String.join("\n", lines), warnings::add);
  }

  @Test
  void aPatternLeavesOutWhatItMatchesAndAllThatIsIn() {
    var file = of("build", "*/temp*", "**/*.pyc");
    assertThat(file.excludes("build")).isTrue();
    assertThat(file.excludes("build/a/b")).isTrue();
    assertThat(file.excludes("a/build")).isFalse();
    assertThat(file.excludes("a/temporary/x")).isTrue();
    assertThat(file.excludes("a/b/temp")).isFalse();
    assertThat(file.excludes("x.pyc")).isTrue();
    assertThat(file.excludes("a/b/x.pyc")).isTrue();
  }

  @Test
  void theLastPatternThatMatchesDecides() {
    var file = of("*.md", "!README*.md", "README-secret.md");
    assertThat(file.excludes("a.md")).isTrue();
    assertThat(file.excludes("README.md")).isFalse();
    assertThat(file.excludes("README-secret.md")).isTrue();
  }

  @Test
  void whatIsInALeftOutDirectoryMayBeKept() {
    var file = of("docs", "!docs/keep");
    assertThat(file.excludes("docs/a")).isTrue();
    assertThat(file.excludes("docs/keep/a")).isFalse();
    assertThat(file.keepsAnything()).isTrue();
  }

  @Test
  void patternsAreCleaned() {
    var file = of("/a/", " ./b/../c ", "! d", "\r", "e\r");
    assertThat(file.excludes("a")).isTrue();
    assertThat(file.excludes("c")).isTrue();
    assertThat(file.excludes("b")).isFalse();
    assertThat(file.excludes("e")).isTrue();
  }

  @Test
  void commentsAndMalformedPatternsLeaveNothingOut() {
    var file = of("# comment", "", "a[");
    assertThat(file.excludes("# comment")).isFalse();
    assertThat(file.excludes("a[")).isFalse();
    assertThat(warnings).singleElement().asString().startsWith(".dockerignore:3:");
  }
}
