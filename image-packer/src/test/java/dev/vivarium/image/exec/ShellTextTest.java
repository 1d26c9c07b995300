package dev.vivarium.image.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vivarium.image.exec.ShellText.Command;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTextTest {
  private static final Map<String, String> VARIABLES = Map.of("A", "a b", "B", "b");

  private static List<Command> commands(String text) throws ExecException {
    return ShellText.parse(text, VARIABLES::get);
  }

  private static List<List<String>> parse(String text) throws ExecException {
    return commands(text).stream().map(Command::words).toList();
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

  @Test
  void linesFollowEachOtherToo() throws ExecException {
    assertThat(parse("\n# a\nset -e\na 'b\nc' # d\n\n b \\\n c \"d\\\ne\" &&\n\n d\n"))
        .containsExactly(List.of("a", "b\nc"), List.of("b", "c", "de"), List.of("d"));
  }

  @Test
  void variablesAreSetForOneCommand() throws ExecException {
    assertThat(commands("X=1 Y=$A'c d' Z= a W=2 && b X=3 && \"X=4\" && ${C}X=5"))
        .containsExactly(
            new Command("", Map.of("X", "1", "Y", "a bc d", "Z", ""), List.of("a", "W=2")),
            Command.of(List.of("b", "X=3")),
            Command.of(List.of("X=4")),
            Command.of(List.of("X=5")));
  }

  @Test
  void aDirectoryIsSetForAllThatFollow() throws ExecException {
    assertThat(commands("cd a && b && cd $B && X=1 c && cd '/d e'"))
        .containsExactly(
            new Command("a", Map.of(), List.of()),
            new Command("a", Map.of(), List.of("b")),
            new Command("a/b", Map.of(), List.of()),
            new Command("a/b", Map.of("X", "1"), List.of("c")),
            new Command("/d e", Map.of(), List.of()));
  }

  @Test
  void wordsAreOfOneCommandThatSetsNothing() throws ExecException {
    assertThat(ShellText.words(" a $A ", VARIABLES::get)).containsExactly("a", "a", "b");
    for (var text : List.of("a && b", "a\nb", "A=1 b", "cd a", "cd a && b", "")) {
      assertThatExceptionOfType(ExecException.class)
          .isThrownBy(() -> ShellText.words(text, VARIABLES::get));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "set -e",
        "set -eux",
        "set -x -e",
        "set -euo pipefail",
        "set -exo pipefail -u",
        "set -o pipefail",
        "set -o errexit -o nounset -o xtrace",
        "set +x",
        "set -eu +u"
      })
  void whatSetSaysOfErrorsChangesNoCommand(String set) throws ExecException {
    assertThat(parse(set + "\na $B")).containsExactly(List.of("a", "b"));
    assertThat(parse(set + " && a $B")).containsExactly(List.of("a", "b"));
  }

  @Test
  void aVariableThatIsNotSetIsAnErrorIfSetSaysSo() throws ExecException {
    for (var set : List.of("set -u", "set -eux", "set -euo pipefail", "set -o nounset")) {
      for (var use : List.of("a $C d", "a ${C} d", "a \"$C\" d", "D=$C d")) {
        assertThatExceptionOfType(ExecException.class)
            .isThrownBy(() -> parse(set + "\nb\n" + use + "\ne"))
            .withMessage("C is not set, which 'set -u' makes an error: " + use);
      }
    }
    assertThat(parse("a $C\nset -u\na '$C' \\$C\nset +u\na $C"))
        .containsExactly(List.of("a"), List.of("a", "$C", "$C"), List.of("a"));
  }

  @Test
  void whatOnlyAShellKnowsIsTold() {
    for (var words : List.of("export A=1", "exit 1", ". a", "echo a", "if a", "unset A")) {
      assertThat(ShellText.ofShell(List.of(words.split(" "))).orElseThrow())
          .startsWith("'" + words.split(" ")[0] + "' needs a shell")
          .endsWith(": " + words);
    }
    assertThat(ShellText.ofShell(List.of("python", "exit"))).isEmpty();
  }

  @Test
  void whatNeedsAShellIsToldWithItsLine() {
    for (var text : List.of("a\nb | c\nd", "b | c\nd", "a\nb | c")) {
      assertThatExceptionOfType(ExecException.class)
          .isThrownBy(() -> parse(text))
          .withMessageStartingWith("'|' needs a shell")
          .withMessageEndingWith(": b | c");
    }
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
        "A=b",
        "A=b && c",
        "A=b\nc",
        "cd",
        "cd -",
        "cd a b",
        "cd ''",
        "a $1",
        "a $?",
        "a ${A:-b}",
        "a ${",
        "a 'b",
        "a \"b",
        "a\n&& b",
        "",
        "a &&",
        "&& a",
        "exec",
        "a $((1))",
        "set\na",
        "set -f\na",
        "set -o\na",
        "set -o noglob\na",
        "set +e\na",
        "set +o errexit\na",
        "set a\na",
        "set -- a\na",
        "A=1 set -e\na"
      })
  void whatNeedsAShellIsRefused(String text) {
    assertThatExceptionOfType(ExecException.class)
        .isThrownBy(() -> parse(text))
        .satisfies(e -> assertThat(e.status()).isEqualTo(127));
  }
}
