package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.vivarium.box.Box;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Boxes, run by what they are called. */
class BoxRunTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void buildABox() throws IOException {
    var context = Files.createDirectory(directory.resolve("context"));
    Files.write(context.resolve("make.wasm"), makesDirectory("/made"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch\nCOPY --chmod=755 make.wasm /bin/make\nENTRYPOINT [\"make\"]\n");
    assertThat(run("build", "-t", "app", "-t", "team/app", "-t", "localhost:5000/app:1", "context"))
        .as(err.toString(UTF_8))
        .isZero();
  }

  /**
   * A command that makes a directory; assembled by hand from the binary format's specification.
   *
   * @param path at most 63 characters
   */
  private static byte[] makesDirectory(String path) {
    var wasm = new ByteArrayOutputStream();
    wasm.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    // Two types: (i32, i32, i32) -> i32, and no parameters and results.
    wasm.writeBytes(new byte[] {1, 11, 2, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f, 0x60, 0, 0});
    wasm.writeBytes(new byte[] {2, 48, 1});
    wasm.write(22);
    wasm.writeBytes("wasi_snapshot_preview1".getBytes(US_ASCII));
    wasm.write(21);
    wasm.writeBytes("path_create_directory".getBytes(US_ASCII));
    wasm.writeBytes(new byte[] {0, 0});
    wasm.writeBytes(new byte[] {3, 2, 1, 1, 5, 3, 1, 0, 1}); // one function; a page of memory
    wasm.writeBytes(new byte[] {7, 19, 2, 6, '_', 's', 't', 'a', 'r', 't', 0, 1});
    wasm.writeBytes(new byte[] {6, 'm', 'e', 'm', 'o', 'r', 'y', 2, 0});
    int length = path.length() - 1;
    // Its body: path_create_directory(3, 0, length), and what it answers dropped.
    wasm.writeBytes(new byte[] {10, 13, 1, 11, 0, 0x41, 3, 0x41, 0, 0x41, (byte) length});
    wasm.writeBytes(new byte[] {0x10, 0, 0x1a, 0x0b});
    wasm.writeBytes(new byte[] {11, (byte) (length + 6), 1, 0, 0x41, 0, 0x0b, (byte) length});
    wasm.writeBytes(path.substring(1).getBytes(US_ASCII));
    return wasm.toByteArray();
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    var environment = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
    var host =
        new Host(environment, directory, InputStream.nullInputStream(), out, err, new boolean[3]);
    return Main.run(host, arguments);
  }

  private String output(String line) {
    assertThat(run(line.split(" "))).as(err.toString(UTF_8)).isZero();
    return out.toString(UTF_8);
  }

  private String made(String options, String name) {
    output("run --save saved " + options + name);
    return String.join(" ", directory.resolve("saved").toFile().list());
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "team/app", "localhost:5000/app:1"})
  void aBoxIsRunByEveryNameThatItHas(String name) {
    assertThat(made("", name)).isEqualTo("made");
  }

  @Test
  void aBoxIsRunByTheDigestThatImagesShows() {
    var digest = output("images").lines().skip(1).findFirst().orElseThrow().split(" +")[2];

    assertThat(digest).hasSize(12);
    assertThat(made("", digest)).isEqualTo("made");
    assertThat(run("run", digest.substring(1))).isEqualTo(2);
  }

  @Test
  void aDigestIsThatOfTheNameBeforeIt() {
    var digest = output("inspect app").lines().findFirst().orElseThrow().split(" +")[1];
    output("tag app other:2");
    output("rm app");

    assertThat(made("", "other@" + digest)).isEqualTo("made");
    assertThat(run("run", "app@" + digest)).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("app@" + digest).hasLineCount(1);
  }

  @Test
  void aFileComesBeforeABoxOfItsName() throws IOException {
    var file = Files.createDirectory(directory.resolve("team")).resolve("app");
    Files.write(file, makesDirectory("/file"));

    assertThat(made("", "team/app")).isEqualTo("file");
  }

  @Test
  void aDirectoryDoesNotHideABoxOfItsName() throws IOException {
    Files.createDirectories(directory.resolve("team/app"));

    assertThat(made("", "team/app")).isEqualTo("made");
  }

  @Test
  void whatIsCommittedIsWhatTheGuestChanged() {
    output("run --commit app:new --tmpfs /scratch --map context:/context app");

    assertThat(output("diff app:new"))
        .isEqualTo("C /\nA /made\n")
        .isEqualTo(output("diff app app:new"));
    assertThat(output("ls app:new")).isEqualTo("bin\nmade\n");
    assertThat(made("", "app:new")).isEmpty();
  }

  @Test
  void aVolumeCanBeWrittenInWhatIsReadOnlyAndCountsAsAllElse() throws IOException {
    Files.write(directory.resolve("context/make.wasm"), makesDirectory("/data/made"));
    Files.writeString(
        directory.resolve("context/Dockerfile"),
        "FROM app\nVOLUME /data /data/deep\nCOPY --chmod=755 make.wasm /bin/make\n");
    output("build -t keeper context");

    output("run --read-only --commit kept keeper");
    assertThat(output("diff keeper kept")).isEqualTo("A /data\nA /data/made\n");
    assertThat(made("--read-only --tmpfs /data ", "keeper")).isEmpty();
    var shown = Files.createDirectory(directory.resolve("shown"));
    output("run --read-only -v shown:/data keeper");
    // Nothing was made in it for a volume that it hides.
    assertThat(shown).isDirectoryNotContaining(path -> !path.endsWith("made"));
    assertThat(shown.resolve("made")).isDirectory();
  }

  @Test
  void aBoxWithAFileInTheWayOfWhatEveryGuestFindsIsToldOf() throws IOException {
    Files.writeString(
        directory.resolve("context/Dockerfile"),
        "FROM app\nCOPY make.wasm /etc\nENTRYPOINT [\"make\"]\n");
    output("build -t strange context");

    // With --user no module is loaded beside that, whose files would come into the directory late.
    assertThat(run("run", "--user", "0", "strange")).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "vivarium: the program's files: a guest needs directories named /etc and /tmp: not a"
                + " directory\n");
  }

  /** As a box from elsewhere may say it. */
  static Stream<UnaryOperator<BoxConfig.Builder>> configurationsThatNoProcessCanHave() {
    return Stream.of(
        config -> config.environment("TITLE", "x\0PYTHONPATH=/tmp"),
        config -> config.environment("TITLE\0", "x"),
        config -> config.environment("", "TITLE"),
        config -> config.command(List.of("TITLE\0")));
  }

  @ParameterizedTest
  @MethodSource("configurationsThatNoProcessCanHave")
  void whatNoProcessCanHaveIsOneLineThatNamesIt(UnaryOperator<BoxConfig.Builder> change)
      throws IOException {
    var boxes = directory.resolve("cache/vivarium/boxes");
    try (var store = Store.open(boxes)) {
      var app = store.require(Reference.parse("app"));
      var config = change.apply(app.config().toBuilder()).build();
      store.tag(Reference.parse("strange"), store.putImage(config, app.layers()));
    }

    assertThat(run("run", "strange")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("vivarium: ").contains("TITLE").hasLineCount(1);
    try (var box = Box.open(boxes, "strange")) {
      assertThatIllegalArgumentException().isThrownBy(box::sandbox).withMessageContaining("TITLE");
    }
    Files.writeString(
        directory.resolve("context/Dockerfile"), "FROM strange\nRUN [\"make\", \"a\\u0000\"]\n");
    assertThat(run("build", "-t", "other", "context")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("vivarium: Dockerfile:2: ").doesNotContain("internal");
  }

  @Test
  void anArgumentThatNoProcessCanHaveIsTheCallersMistake() throws IOException {
    try (var box = Box.open(directory.resolve("cache/vivarium/boxes"), "app")) {
      assertThatIllegalArgumentException().isThrownBy(() -> box.sandbox("a\0b"));
      assertThatNullPointerException().isThrownBy(() -> box.sandbox("a", null));
    }
    assertThat(run("run", "context/make.wasm", "a\0b")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("argument 1").hasLineCount(1);
    assertThat(run("run", "-e", "A=b\0c", "app")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("the variable A").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --tmpfs /bin/make app           | --tmpfs /bin/make: not a directory",
        "run -v context:/bin/make/x app      | -v context at /bin/make/x: not a directory",
        "run -v context/make.wasm:/bin app   | -v context/make.wasm at /bin: is a directory",
        "run -v context:/a:ro -v context/make.wasm:/a/b app | /a/b cannot be mounted: Read-only",
        "run --tmpfs scratch app             | 'scratch'",
        "run --tmpfs / app                   | '/'",
        "run --tmpfs /a/../b app             | '/a/../b'",
        "run --tmpfs /run:uid=5 app          | 'uid=5'",
        "run --tmpfs /run:size=50% app       | '50%'",
        "run --tmpfs /run:mode=999 app       | '999'",
        "run --tmpfs /run:ro, app            | ''",
        "run --commit x --root y app         | --commit adds to the box's files, which --root",
        "run team/absent                     | team/absent: no such file, and no box of that name",
        "tag app                             | a box and a name",
        "tag absent other                    | no box is named absent",
        "tag app UPPER                       | names no box",
        "help run build                      | help takes the name of a command",
        "help absent                         | absent",
      })
  void whatIsWrongIsOneLineThatNamesIt(String line, String named) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("vivarium: ").contains(named).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--tmpfs /made,                 ''",
    "--tmpfs /run:size=1m,          made",
    "'--tmpfs /run:size=1m,mode=1770,rw,noexec,exec,nosuid,nodev', made",
    "--read-only,                   ''",
    "'--read-only --tmpfs /run:ro', ''",
  })
  void aTemporaryDirectoryIsNoneOfTheGuestsChanges(String options, String made) {
    assertThat(made(options + " ", "app")).isEqualTo(made);
  }
}
