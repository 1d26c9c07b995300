package dev.vivarium.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.host.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts in {@code conformance} take minutes or hours. Here each is asked for its help, as a
 * reader would, with a Maven that finds everything built.
 */
@Timeout(300)
class ScriptsTest {
  private static final Path SCRIPTS = Page.TOP.resolve("conformance");
  private static final Pattern OPTION = Pattern.compile("--[a-z]+");

  /** Says what the class path is, and leaves the classes that run this test alone. */
  private static final String MAVEN =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -Dmdep.outputFile=*) echo "$TESTED_CLASS_PATH" >"conformance/${argument#*=}" ;;
        esac
      done
      """;

  @TempDir Path directory;

  private Shell.Result run(String script, String argument) throws Exception {
    var commands = Files.createDirectory(directory.resolve("bin"));
    var maven = Files.writeString(commands.resolve("mvn"), MAVEN);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(directory.resolve("conformance/target"));
    var copy = directory.resolve("conformance").resolve(script);
    Files.copy(SCRIPTS.resolve(script), copy);
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    var environment =
        Map.of("PATH", commands.toString(), "TESTED_CLASS_PATH", Checkout.classPath());
    return Shell.run(directory, environment, "conformance/" + script + " " + argument);
  }

  private static List<String> shown(String script) throws IOException {
    return CommandsTest.commands().stream()
        .map(CommandsTest.Command::text)
        .filter(text -> text.startsWith("conformance/" + script))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench", "cpython", "hostile", "ruby"})
  void everyOptionThatIsShownIsInTheHelp(String script) throws Exception {
    var options =
        shown(script).stream()
            .flatMap(text -> OPTION.matcher(text).results().map(MatchResult::group))
            .toList();
    var help = run(script, "--help");
    assertThat(help.status()).as(help.errors()).isZero();
    assertThat(help.output()).contains("conformance/" + script);
    assertThat(options).allSatisfy(option -> assertThat(help.output()).contains(option));
  }

  @Test
  void whatAGuestIsCalledIsToldToWhoDoesNotKnow() throws Exception {
    assertThat(shown("guest")).isNotEmpty();
    var names = shown("guest").stream().map(text -> text.split(" ")[1]).toList();
    var usage = run("guest", "--help");
    assertThat(usage.status()).isEqualTo(2);
    assertThat(usage.errors()).contains(names);
  }

  @Test
  void noScriptIsLeftOut() throws Exception {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      assertThat(files.filter(Files::isRegularFile).filter(Files::isExecutable))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("bench", "cpython", "guest", "hostile", "ruby");
    }
  }
}
