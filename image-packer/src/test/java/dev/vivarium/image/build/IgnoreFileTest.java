package dev.vivarium.image.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreFileTest {

  private static IgnoreFile of(String... lines) throws DockerfileException {
    return IgnoreFile.parse(".dockerignore", String.join("\n", lines));
  }

  @Test
  void aPatternLeavesOutWhatItMatchesAndAllThatIsIn() throws Exception {
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
  void theLastPatternThatMatchesDecides() throws Exception {
    var file = of("*.md", "!README*.md", "README-secret.md");
    assertThat(file.excludes("a.md")).isTrue();
    assertThat(file.excludes("README.md")).isFalse();
    assertThat(file.excludes("README-secret.md")).isTrue();
  }

  @Test
  void whatIsInALeftOutDirectoryMayBeKept() throws Exception {
    var file = of("docs", "!docs/keep");
    assertThat(file.excludes("docs/a")).isTrue();
    assertThat(file.excludes("docs/keep/a")).isFalse();
    assertThat(file.keepsAnything()).isTrue();
  }

  @Test
  void patternsAreCleaned() throws Exception {
    var file = of("/a/", " ./b/../c ", "! d", "\r", "e\r");
    assertThat(file.excludes("a")).isTrue();
    assertThat(file.excludes("c")).isTrue();
    assertThat(file.excludes("b")).isFalse();
    assertThat(file.excludes("e")).isTrue();
  }

  @Test
  void commentsLeaveNothingOut() throws Exception {
    assertThat(of("# comment", "").excludes("# comment")).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"!", "! ", "[", "a[", "![", "a/[b-/c", "a\\"})
  void whatIsNoPatternIsAnErrorWithItsLine(String pattern) {
    assertThatThrownBy(() -> of("# comment", "", pattern, "b"))
        .isInstanceOf(DockerfileException.class)
        .hasMessageStartingWith(".dockerignore:3: ");
  }
}
