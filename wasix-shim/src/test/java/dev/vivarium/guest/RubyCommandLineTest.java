package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RubyCommandLineTest {

  @Test
  void theFirstWordIsTheScriptAndTheRestAreItsArguments() {
    var line = parse("-w", "a.rb", "-x", "--", "b");

    assertThat(line.script()).contains("a.rb");
    assertThat(line.name()).isEqualTo("a.rb");
    assertThat(line.arguments()).containsExactly("-x", "--", "b");
    assertThat(line.interpreterSwitches()).containsExactly("-w");
    assertThat(line.runsProgram()).isTrue();
  }

  @Test
  void severalInlineProgramsAreLinesOfOne() {
    var line = parse("-e", "x = 1", "-ep x", "a");

    assertThat(line.code()).contains("x = 1\np x\n");
    assertThat(line.name()).isEqualTo("-e");
    assertThat(line.script()).isEmpty();
    assertThat(line.arguments()).containsExactly("a");
  }

  @Test
  void anOperandMayBeJoinedToItsSwitchOrFollowIt() {
    var line = parse("-rset", "-r", "json", "-Ia:b", "-I", "c", "-C/d", "-C", "e", "-e1");

    assertThat(line.features()).containsExactly("set", "json");
    assertThat(line.includes()).containsExactly("a", "b", "c");
    assertThat(line.directories()).containsExactly("/d", "e");
  }

  @Test
  void lettersMayShareADash() {
    var line = parse("-W1we", "p 1");

    assertThat(line.interpreterSwitches()).containsExactly("-W1", "-w");
    assertThat(line.code()).contains("p 1\n");
  }

  @Test
  void warningLevelsAndCategoriesAreLeftToTheInterpreter() {
    assertThat(parse("-W", "-W0", "-W2", "-W:no-deprecated").interpreterSwitches())
        .containsExactly("-W", "-W0", "-W2", "-W:no-deprecated");
  }

  @Test
  void aDashOrNothingIsAProgramFromStandardInput() {
    assertThat(parse().name()).isEqualTo("-");
    assertThat(parse().runsProgram()).isTrue();
    var line = parse("-", "a");
    assertThat(line.name()).isEqualTo("-");
    assertThat(line.script()).isEmpty();
    assertThat(line.arguments()).containsExactly("a");
  }

  @Test
  void twoDashesEndTheSwitches() {
    assertThat(parse("--", "-e").script()).contains("-e");
    assertThat(parse("-e", "1", "--", "-e").arguments()).containsExactly("-e");
  }

  @Test
  void theVersionAloneRunsNoProgram() {
    assertThat(parse("-v").runsProgram()).isFalse();
    assertThat(parse("-v", "a.rb").runsProgram()).isTrue();
    assertThat(parse("--version", "a.rb").runsProgram()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"-n,-n", "-wne,-n", "--yjit,--yjit", "-E,-E", "-é,-é"})
  void anUnsupportedSwitchIsNamed(String argument, String named) {
    assertThatThrownBy(() -> parse(argument, "x"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("switch " + named + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-e", "-we", "-r", "-I", "-C"})
  void aSwitchWithoutItsOperandIsRefused(String argument) {
    assertThatThrownBy(() -> parse(argument)).isInstanceOf(UsageException.class);
  }

  private static RubyCommandLine parse(String... arguments) {
    return RubyCommandLine.parse(List.of(arguments));
  }
}
