package dev.vivarium.image.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTextTest {
  private static final Map<String, String> VARIABLES = Map.of("A", "a b", "B", "b");

  private static List<List<String>> parse(String text) throws ExecException {
    return ShellText.parse(text, VARIABLES::get);
  }

  @Test
  void wordsAreSplitAsAShellSplitsThem() throws ExecException {
    assertThat(parse(" python  'a b' \"c \\\" d\" e\\ f '' \"x\\y\" # comment"))
        .containsExactly(List.of("python", "a b", "c \" d", "e f", "", "x\\y"));
  }

  @Test
  void variablesAreExpandedAndSplitWhereTheyAreNotQuoted() throws ExecException {
    assertThat(parse("x $A \"$A\" '$A' ${B}c $C \"$C\" a$ \\$A \"\\$A\""))
        .containsExactly(List.of("x", "a", "b", "a b", "$A", "bc", "", "a$", "$A", "$A"));
  }

  @Test
  void commandsFollowEachOther() throws ExecException {
    assertThat(parse("a b&&exec c && d"))
        .containsExactly(List.of("a", "b"), List.of("c"), List.of("d"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "a | b",
        "a; b",
        "a & b",
        "a || b",
        "a > b",
        "a < b",
        "a `b`",
        "a \"`b`\"",
        "a $(b)",
        "(a)",
        "a *",
        "a ?",
        "a [b]",
        "a {b,c}",
        "~/a",
        "! a",
        "A=b c",
        "a $1",
        "a $?",
        "a ${A:-b}",
        "a ${",
        "a 'b",
        "a \"b",
        "a\nb",
        "",
        "a &&",
        "&& a",
        "exec",
        "a $((1))"
      })
  void whatNeedsAShellIsRefused(String text) {
    assertThatExceptionOfType(ExecException.class)
        .isThrownBy(() -> parse(text))
        .satisfies(e -> assertThat(e.status()).isEqualTo(127));
  }
}
