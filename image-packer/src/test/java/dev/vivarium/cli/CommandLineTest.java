package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything of the command line that takes no guest. */
class CommandLineTest {
  /** A command that prints one line; assembled by hand from the binary format's specification. */
  private static final byte[] EMPTY_COMMAND = {
    0, 'a', 's', 'm', 1, 0, 0, 0, // magic, version
    1, 4, 1, 0x60, 0, 0, // one type: no parameters, no results
    3, 2, 1, 0, // one function of it
    7, 10, 1, 6, '_', 's', 't', 'a', 'r', 't', 0, 0, // exported as _start
    10, 4, 1, 2, 0, 0x0b, // its body: end
  };

  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                   | no command",
        "frobnicate                           | frobnicate",
        "--frob                               | --frob",
        "run                                  | nothing to run",
        "run -e A=1                           | nothing to run: name",
        "run --rm -i                          | nothing to run: name",
        "run -v .:/a --tmpfs /a/ python       | two things are to be shown at /a",
        "run --frob python                    | --frob",
        "run --limit-fs                       | --limit-fs",
        "run --limit-fs 8q python             | 8q",
        "run --limit-fs=-1 python             | -1",
        "run --limit-memory lots python       | lots",
        "run --limit-files 1k python          | 1k",
        "run --limit-open-files 3 python      | at least 4",
        "run --timeout 0 python               | '0'",
        "run --env =x python                  | =x",
        "run --map here python                | here",
        "run --map absent:/work python        | absent: no such directory",
        "run --map /dev/null:/work python     | --map /dev/null: neither a directory nor a regular",
        "run -v absent:/work python           | -v absent: no such directory",
        "run --user nobodyknows python:3.12   | nobodyknows",
        "run --user nobodyknows ruby:3-slim   | nobodyknows",
        "run --workdir work python            | --workdir work",
        "run --user nobodyknows python        | nobodyknows",
        "run --save full python               | full: not empty",
        "run --save file python               | --save file",
        "run perl                             | perl",
        "run ./absent.wasm                    | ./absent.wasm: no such file",
        "run absent.wasm                      | absent.wasm: no such file",
        "run ./full                           | is a directory",
        "run ./file                           | not a WebAssembly module",
        "run ./empty.wasm                     | not a WebAssembly module",
        "run ./head.wasm                      | truncated",
        "run ./component.wasm                 | component",
        "run ./cut.wasm                       | cut.wasm: ",
        "run ./nostart.wasm                   | _start",
        "run -w /work ./command.wasm          | no working directory",
        "run --root absent ./command.wasm     | absent: no such file",
        "run --root full ./command.wasm       | full: is a directory",
        "run --root file ./command.wasm       | file: ",
        "run --root empty.wasm ./command.wasm | empty.wasm: ",
        "pack                                 | one directory",
        "pack full                            | -o FILE",
        "pack -o x                            | one directory",
        "pack full file -o x                  | one directory",
        "pack absent -o x                     | absent: no such directory",
        "pack file -o x                       | file: not a directory",
        "pack full -o full                    | full: is there",
        "pack full -o absent/box.img          | absent is no directory",
      })
  void wrongUsageIsOneLineThatNamesItAndStatus2(String line, String named) throws IOException {
    writeFiles();

    int status = run(line.isEmpty() ? new String[0] : line.split(" +"));

    assertThat(text(err)).startsWith("vivarium: ").contains(named).containsOnlyOnce("\n");
    assertThat(status).isEqualTo(2);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aCommandThatReturnsHasStatus0AndSaysNothing() throws IOException {
    writeFiles();

    assertThat(run("run", "./command.wasm", "--help")).isZero();
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pack full -o box.img", "pack -o box.img full", "pack --output=box.img full"})
  void aPackedDirectoryCanBeStartedFrom(String line) throws IOException {
    writeFiles();

    assertThat(run(line.split(" "))).isZero();
    assertThat(run("run", "--root", "box.img", "--save", "saved", "./command.wasm")).isZero();

    assertThat(text(out)).isEmpty();
    assertThat(text(err)).isEmpty();
    assertThat(directory.resolve("saved")).isEmptyDirectory();
  }

  @Test
  void whatIsCutOffIsNoImage() throws IOException {
    writeFiles();
    run("pack", "full", "-o", "box.img");
    var whole = Files.readAllBytes(directory.resolve("box.img"));
    for (int length = 0; length < whole.length; length++) {
      Files.write(directory.resolve("box.img"), java.util.Arrays.copyOf(whole, length));
      err.reset();

      assertThat(run("run", "--root", "box.img", "./command.wasm"))
          .as("%d bytes", length)
          .isEqualTo(2);
      assertThat(text(err)).startsWith("vivarium: --root box.img: ").containsOnlyOnce("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "1.5",
        " 1",
        "9223372037",
        "-9223372037",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808"
      })
  void aTimeThatIsNoneIsNamedAndLeavesNoImage(String time) throws IOException {
    writeFiles();
    environment.put("SOURCE_DATE_EPOCH", time);

    for (var line : List.of("pack full -o box.img", "build full")) {
      err.reset();
      assertThat(run(line.split(" "))).as(line).isEqualTo(2);
      assertThat(text(err))
          .startsWith("vivarium: SOURCE_DATE_EPOCH is '" + time + "', ")
          .contains("from -9223372036 to 9223372036")
          .containsOnlyOnce("\n");
    }
    assertThat(directory.resolve("box.img")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "'',1970-01-01T00:00:00Z",
    "-1,1969-12-31T23:59:59Z",
    "9223372036,2262-04-11T23:47:16Z",
    "-9223372036,1677-09-21T00:12:44Z",
  })
  void filesHoldAllTimesThatAreTaken(String time, String shown) throws IOException {
    writeFiles();
    Files.writeString(directory.resolve("full/Dockerfile"), "FROM scratch\nCOPY . /\n");
    environment.put("SOURCE_DATE_EPOCH", time);
    environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());

    assertThat(run("pack", "full", "-o", "box.img")).isZero();
    assertThat(run("build", "-t", "timed", "full")).as(text(err)).isZero();
    // Through the archive, which has its own form of times.
    assertThat(run("export", "--files", "timed", "-o", "files.tar")).isZero();
    assertThat(run("import", "files.tar", "again")).isZero();
    for (var box : List.of("timed", "again")) {
      out.reset();
      assertThat(run("ls", "-l", box)).isZero();
      assertThat(text(out)).contains(shown);
    }
  }

  @Test
  void anArgumentOfTheBuildSaysTheTimeBeforeTheEnvironment() throws IOException {
    writeFiles();
    Files.writeString(
        directory.resolve("full/Dockerfile"),
        "FROM scratch\nARG SOURCE_DATE_EPOCH\nLABEL time=$SOURCE_DATE_EPOCH\nCOPY . /\n");
    environment.put("SOURCE_DATE_EPOCH", "60");
    environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());

    assertThat(run("build", "--build-arg", "SOURCE_DATE_EPOCH=3600", "-t", "a", "full")).isZero();
    assertThat(run("build", "--build-arg", "SOURCE_DATE_EPOCH", "-t", "b", "full")).isZero();
    assertThat(run("build", "-t", "c", "full")).isZero();
    assertThat(text(err)).doesNotContain("no ARG asks");
    assertThat(run("ls", "-l", "a")).isZero();
    assertThat(text(out)).contains("1970-01-01T01:00:00Z");
    for (var box : List.of("b", "c")) {
      out.reset();
      assertThat(run("ls", "-l", box)).isZero();
      assertThat(text(out)).contains("1970-01-01T00:01:00Z");
    }
    assertThat(run("inspect", "--json", "a")).isZero();
    assertThat(text(out)).contains("\"3600\"");
    assertThat(run("build", "--build-arg", "SOURCE_DATE_EPOCH=x", "full")).isEqualTo(2);
  }

  @Test
  void withoutNpmItIsOneLineAndStatus125() {
    environment.put("PATH", directory.toString());

    assertThat(run("run", "python")).isEqualTo(125);
    assertThat(text(err)).contains("no npm").containsOnlyOnce("\n");
  }

  @Test
  void aCacheThatIsNoDirectoryIsOneLineAndStatus125() throws IOException {
    writeFiles();
    environment.put("XDG_CACHE_HOME", directory.resolve("file").toString());

    assertThat(run("run", "./command.wasm")).isEqualTo(125);
    assertThat(text(err)).contains("cache").contains("file").containsOnlyOnce("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "help",
        "run --help",
        "run -h",
        "build --help",
        "help run",
        "help build",
        "help tag",
        "run --timeout 2s --help python"
      })
  void helpIsOnStandardOutputWithStatus0(String line) {
    assertThat(run(line.split(" "))).isZero();
    assertThat(text(out)).startsWith("Usage: vivarium");
    assertThat(text(err)).isEmpty();
    assertThat(text(out).lines()).allSatisfy(row -> assertThat(row).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(run("--version")).isZero();
    assertThat(text(out)).startsWith("vivarium ").containsOnlyOnce("\n");
  }

  @Test
  void theFirstWordThatIsNoOptionEndsTheOptions() {
    var options = parse("-e", "A=1", "python", "-c", "print()", "--", "--timeout", "@x", "-e", "");

    assertThat(options.environment).containsExactly(new EnvironmentVariable("A", "1"));
    assertThat(options.command)
        .containsExactly("python", "-c", "print()", "--", "--timeout", "@x", "-e", "");
    assertThat(options.timeout).isNull();
  }

  @Test
  void aVariableWithoutAValueIsTheHostsIfItHasOne() {
    var options = parse("-e", "A", "-e", "B=", "-e", "C", "-e", "A=1", "python");

    var given = new ArrayList<String>();
    options.environment.forEach(
        variable ->
            variable.giveTo((name, value) -> given.add(name + "=" + value), Map.of("A", "host's")));
    assertThat(given).containsExactly("A=host's", "B=", "A=1");
  }

  @Test
  void twoDashesEndTheOptionsBeforeTheProgram() {
    assertThat(parse("--", "python", "--help").command).containsExactly("python", "--help");
  }

  @Test
  void traceTakesAFileOnlyBehindAnEqualsSign() {
    assertThat(parse("--trace", "python").trace).isEmpty();
    assertThat(parse("--trace", "python").command).containsExactly("python");
    assertThat(parse("--trace=out.txt", "python").trace).isEqualTo("out.txt");
    assertThat(parse("--trace=out.txt", "python").command).containsExactly("python");
    assertThat(parse("--trace", "--env", "A=1", "python").environment).hasSize(1);
    assertThat(parse("python").trace).isNull();
  }

  @Test
  void anOptionThatIsGivenTwiceCountsOnceUnlessItIsAList() {
    var options = parse("--timeout=1s", "--timeout=2s", "-e", "A=1", "-e", "B=2=3", "python");

    assertThat(options.timeout).hasSeconds(2);
    assertThat(options.environment)
        .containsExactly(new EnvironmentVariable("A", "1"), new EnvironmentVariable("B", "2=3"));
  }

  private static RunOptions parse(String... arguments) {
    var options = new RunOptions();
    Main.commandLine(options).parseArgs(arguments);
    return options;
  }

  private void writeFiles() throws IOException {
    Files.writeString(directory.resolve("file"), "some text");
    Files.writeString(Files.createDirectory(directory.resolve("full")).resolve("x"), "");
    Files.write(directory.resolve("empty.wasm"), new byte[0]);
    Files.write(directory.resolve("head.wasm"), new byte[] {0, 'a', 's', 'm', 1});
    Files.write(directory.resolve("component.wasm"), new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0});
    Files.write(directory.resolve("command.wasm"), EMPTY_COMMAND);
    int length = EMPTY_COMMAND.length;
    Files.write(directory.resolve("cut.wasm"), java.util.Arrays.copyOf(EMPTY_COMMAND, length - 3));
    var renamed = EMPTY_COMMAND.clone();
    renamed[22] = 'S';
    Files.write(directory.resolve("nostart.wasm"), renamed);
  }

  private int run(String... arguments) {
    environment.putIfAbsent("XDG_CACHE_HOME", directory.resolve("cache").toString());
    var host =
        new Host(environment, directory, InputStream.nullInputStream(), out, err, new boolean[3]);
    return Main.run(host, arguments);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(UTF_8);
  }
}
