package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long seconds;

  @Test
  void aMessageStaysOneLineAndCannotSteerATerminal() {
    console(false).say("a\nb\r\u001b[31mc\té");

    assertThat(text()).isEqualTo("vivarium: a?b??[31mc?é" + System.lineSeparator());
  }

  @Test
  void elsewhereThanOnATerminalWorkIsALineWhenItHasLastedAndAnotherNowAndThen() {
    var console = console(false);
    for (int second = 0; second <= 40; second++) {
      seconds = second;
      console.report("compiling x", second, 100);
    }
    console.report("compiling x", 100, 100);

    assertThat(text().lines())
        .containsExactly(
            "vivarium: compiling x", "vivarium: compiling x 20 %", "vivarium: compiling x 35 %");
  }

  @Test
  void workThatIsSoonOverSaysNothing() {
    for (boolean terminal : new boolean[] {false, true}) {
      var console = console(terminal);
      seconds = 0;
      console.report("compiling x", 1, 100);
      seconds = terminal ? 0 : 4;
      console.report("compiling x", 99, 100);
      console.report("compiling x", 100, 100);
    }

    assertThat(text()).isEmpty();
  }

  @Test
  void whatCameOfWorkIsSaidIfTheWorkWasHeardOf() {
    var console = console(false);
    console.report("compiling x", 0, 100);
    console.ended("compiling x", 100, "soon over");
    console.report("compiling x", 0, 100);
    seconds = 6;
    console.report("compiling x", 50, 100);
    console.ended("compiling x", 100, "x has 3 functions");
    console.ended("compiling x", 100, "over");

    assertThat(text().lines())
        .containsExactly("vivarium: compiling x", "vivarium: x has 3 functions");
  }

  @Test
  void workThatCannotBeMeasuredHasNoPercentage() {
    var console = console(false);
    for (int second = 0; second <= 21; second++) {
      seconds = second;
      console.report("fetching x", 0, 1);
    }

    assertThat(text().lines()).containsExactly("vivarium: fetching x", "vivarium: fetching x");
  }

  @Test
  void onATerminalTheBarIsGoneOnceTheWorkIsDone() {
    var console = console(true);
    console.report("compiling x", 0, 100);
    seconds = 2;
    console.report("compiling x", 50, 100);
    assertThat(text()).contains("50 %").doesNotContain("\n");
    console.report("compiling x", 100, 100);

    assertThat(text()).endsWith("\r\u001b[K");
  }

  @Test
  void aMessageDoesNotMixWithABar() {
    var console = console(true);
    console.report("fetching x", 0, 1);
    seconds = 2;
    console.report("fetching x", 0, 1);
    console.say("hello");

    assertThat(text()).endsWith("\r\u001b[Kvivarium: hello" + System.lineSeparator());
  }

  private Console console(boolean terminal) {
    return new Console(
        new PrintStream(out, false, UTF_8), terminal, () -> seconds * 1_000_000_000L);
  }

  private String text() {
    return out.toString(UTF_8);
  }
}
