package dev.vivarium.image.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpanderTest {
  private static final LogicalLine LINE = new LogicalLine("Dockerfile", 7, '\\', "", List.of());
  private static final Map<String, String> VARIABLES =
      Map.of(
          "x",
          "value",
          "empty",
          "",
          "path",
          "/a/b/c.tar.gz",
          "two",
          "a b",
          "dots",
          "a.b.c",
          "_1",
          "under");

  private static String expand(String text) throws DockerfileException {
    return Expander.expand(LINE, text, VARIABLES::get);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "$x|value",
        "${x}|value",
        "a$x.b|avalue.b",
        "${x}y|valuey",
        "$xy|^^",
        "$_1|under",
        "${unset}|^^",
        "$|$",
        "a$ b|a$ b",
        "$1$@|^^",
        "${x:-w}|value",
        "${unset:-w}|w",
        "${empty:-w}|w",
        "${empty-w}|^^",
        "${unset-w}|w",
        "${x:+w}|w",
        "${empty:+w}|^^",
        "${empty+w}|w",
        "${unset+w}|^^",
        "${unset:-$x}|value",
        "${unset:-${unset:-${x}}}|value",
        "${unset:-a b}|a b",
        "${unset:-'}'}|}",
        "${x:?m}|value",
        "${path#*/}|a/b/c.tar.gz",
        "${path##*/}|c.tar.gz",
        "${path%.*}|/a/b/c.tar",
        "${path%%.*}|/a/b/c",
        "${path#x}|/a/b/c.tar.gz",
        "${x#?}|alue",
        "${x%?}|valu",
        "${x#va*e}|^^",
        "${dots/./-}|a-b.c",
        "${dots//./-}|a-b-c",
        "${dots//.}|abc",
        "${dots/b*/x}|a.x",
        "${dots//?/x}|xxxxx",
        "${dots/'.'/}|ab.c",
        "${dots%\\.*}|a.b",
      })
  void variablesAreExpandedAsTheReferenceSays(String text, String expected)
      throws DockerfileException {
    assertThat(expand(text)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "'$x'|$x",
        "^\"$x\"^|value",
        "a'b c'd|ab cd",
        "\\$x|$x",
        "^\"\\$x\"^|$x",
        "^\"\\\"\"^|^\"^",
        "^\"a\\b\"^|a\\b",
        "a\\b|ab",
        "'\\'|\\",
        "\\\\|\\",
        "a\\|a",
      })
  void quotesAndEscapesAreTakenOut(String text, String expected) throws DockerfileException {
    assertThat(expand(text)).isEqualTo(expected);
  }

  @Test
  void anotherEscapeLeavesBackslashesAlone() throws DockerfileException {
    var line = new LogicalLine("Dockerfile", 1, '`', "", List.of());
    assertThat(Expander.expand(line, "c:\\$x`$x", VARIABLES::get)).isEqualTo("c:\\value$x");
  }

  @Test
  void textKeepsItsQuotes() throws DockerfileException {
    assertThat(Expander.expandText(LINE, "'$x' \"a\\n\" \\$x \\\\\n", VARIABLES::get))
        .isEqualTo("'value' \"a\\n\" $x \\\n");
  }

  @Test
  void wordsAreSplitAtBlanksAndInValuesToo() throws DockerfileException {
    assertThat(Expander.split(LINE, " a  $two \"$two\" '' $empty x${two}y", VARIABLES::get))
        .containsExactly("a", "a", "b", "a b", "", "xa", "by");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "${",
        "${}",
        "${x",
        "${x:",
        "${x:=a}",
        "${x:#a}",
        "${x!a}",
        "${x:-",
        "${x/a",
        "${x/a/b",
        "'a",
        "\"a",
        "${unset?}",
        "${unset:?why}",
        "${empty:?}",
        "${:x}",
        "${{x}}"
      })
  void whatIsMalformedIsRefusedWithItsLine(String text) {
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> expand(text))
        .satisfies(e -> assertThat(e.line()).isEqualTo(7));
  }

  @Test
  void variablesInVariablesEndAtADepth() {
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> expand("${u:-".repeat(100_000) + "}".repeat(100_000)));
  }

  @Test
  void valuesCannotGrowWithoutEnd() {
    var large = "x".repeat(Expander.LONGEST_WORD);
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> Expander.expand(LINE, "$a$a", name -> large));
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> Expander.expand(LINE, "${a//x/yy}", name -> large));
  }

  @Test
  void patternsMatchInTimeThatDoesNotExplode() throws DockerfileException {
    var value = "a".repeat(20_000);
    var pattern = "a*".repeat(500) + "b";
    assertThat(Expander.expand(LINE, "${v//" + pattern + "/x}", name -> value)).isEqualTo(value);
    assertThat(Expander.expand(LINE, "${v%%" + pattern + "}", name -> value)).isEqualTo(value);
  }
}
