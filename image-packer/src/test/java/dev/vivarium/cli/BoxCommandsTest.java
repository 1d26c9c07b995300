package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.box.Box;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.FileType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on the boxes of this machine. */
class BoxCommandsTest {
  @TempDir Path directory;
  private Map<String, String> environment;
  private InputStream in = InputStream.nullInputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final boolean[] terminals = new boolean[3];

  @BeforeEach
  void putBoxes() throws Exception {
    environment = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
    var lower = Vfs.builder().build();
    lower.write("/app/main.py", "print(1)\n".getBytes(UTF_8));
    lower.write("/app/old", "".getBytes(UTF_8));
    lower.makeNode(
        lower.superuser(), lower.root(), "/fifo".getBytes(UTF_8), FileType.FIFO.bits() | 0644, 0);
    var upper = Vfs.fork(lower.snapshot());
    upper.write("/app/main.py", "print(2)\n".getBytes(UTF_8));
    upper.write("/app/new\u001b", "".getBytes(UTF_8));
    upper.unlink(upper.superuser(), upper.root(), "/app/old".getBytes(UTF_8));
    var config =
        BoxConfig.builder()
            .entrypoint(List.of("python"))
            .command(List.of("main.py"))
            .environment("A", "x\u001by")
            .workingDirectory("/app")
            .runtime("python");
    try (var store = Store.open(Box.defaultStore(environment))) {
      var first = store.putLayer(null, lower.snapshot(), Instant.EPOCH, Compression.ZSTD);
      var second =
          store.putLayer(lower.snapshot(), upper.snapshot(), Instant.EPOCH, Compression.ZSTD);
      store.tag(Reference.parse("one"), store.putImage(config.build(), List.of(first)));
      store.tag(Reference.parse("two:2"), store.putImage(config.build(), List.of(first, second)));
    }
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    var host = new Host(environment, directory, in, out, err, terminals);
    return Main.run(host, arguments);
  }

  private String output(String... arguments) {
    assertThat(run(arguments)).as(err.toString(UTF_8)).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
    return out.toString(UTF_8);
  }

  @Test
  void imagesListsNamesTagsDigestsAndSizes() {
    assertThat(output("images").lines())
        .hasSize(3)
        .element(2)
        .asString()
        .matches("two +2 +[0-9a-f]{12} +[0-9]+ B");
  }

  @Test
  void inspectShowsHowABoxIsStartedAndSteersNoTerminal() {
    assertThat(output("inspect", "two:2"))
        .contains("Entrypoint:        python\n")
        .contains("Working directory: /app\n")
        .contains("Environment:       A=x?y\n");
    assertThat(output("inspect", "--json", "two:2"))
        .contains("\"digest\": \"sha256:", "\"WorkingDir\": \"/app\"", "\"layers\": [");
  }

  @Test
  void lsTreeAndCatShowFiles() {
    assertThat(output("ls", "two:2")).isEqualTo("app\nfifo\n");
    assertThat(output("ls", "two:2", "/app")).isEqualTo("main.py\nnew?\n");
    assertThat(output("ls", "-l", "two:2", "app/main.py"))
        .isEqualTo("-rw-r--r--   1   0:0   9   1970-01-01T00:00:00Z   /app/main.py\n");
    assertThat(output("tree", "one")).contains("main.py").contains("3 files");
    assertThat(output("cat", "one", "/app/main.py", "/app/main.py"))
        .isEqualTo("print(1)\nprint(1)\n");
  }

  @Test
  void diffShowsTheUppermostLayerOrAnotherBox() {
    assertThat(output("diff", "two:2"))
        .isEqualTo("C /app/main.py\nA /app/new?\nD /app/old\n")
        .isEqualTo(output("diff", "one", "two:2"));
    assertThat(output("diff", "two:2", "one"))
        .isEqualTo("C /app/main.py\nD /app/new?\nA /app/old\n");
  }

  @Test
  void aBoxIsTheSameAfterExportAndImport() throws Exception {
    output("export", "two:2", "-o", "box");
    byte[] file = Files.readAllBytes(directory.resolve("box"));
    var before = output("inspect", "--json", "two:2");
    output("rm", "two:2");
    output("rm", "one");
    output("gc");
    assertThat(output("gc")).isEqualTo("removed 0 files, 0 B\n");
    assertThat(output("import", "box")).isEqualTo("two:2\n");
    assertThat(output("inspect", "--json", "two:2")).isEqualTo(before);
    assertThat(output("import", "box", "three")).isEqualTo("three\n");
    output("export", "-o", "again", "two:2");
    assertThat(Files.readAllBytes(directory.resolve("again"))).isEqualTo(file);
  }

  @Test
  void exportWritesToStandardOutputUnlessThatIsATerminal() throws Exception {
    output("export", "two:2", "-o", "box");
    run("export", "two:2");
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(directory.resolve("box")));
    terminals[1] = true;
    assertThat(run("export", "two:2")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("-o FILE").hasLineCount(1);
    assertThat(out.toByteArray()).isEmpty();
  }

  @Test
  void importReadsStandardInputUnlessThatIsATerminal() throws Exception {
    run("export", "two:2");
    byte[] box = out.toByteArray();
    in = new ByteArrayInputStream(box);
    assertThat(output("import", "-")).isEqualTo("two:2\n");
    in = new ByteArrayInputStream(compressed("gz", box));
    assertThat(output("import", "-", "three")).isEqualTo("three\n");
    assertThat(output("diff", "two:2", "three")).isEmpty();
    in = new ByteArrayInputStream("no archive".getBytes(UTF_8));
    assertThat(run("import", "-", "four")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains(": standard input: it is no").hasLineCount(1);
    assertThat(Box.defaultStore(environment).resolve("uploads")).isEmptyDirectory();
    terminals[0] = true;
    in = new ByteArrayInputStream(box);
    assertThat(run("import", "-", "four")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("terminal").hasLineCount(1);
    assertThat(output("images")).doesNotContain("four");
  }

  @Test
  void tagGivesOneMoreName() {
    output("tag", "two:2", "localhost:5000/three");
    assertThat(output("diff", "localhost:5000/three", "two:2")).isEmpty();
    output("tag", "one", "localhost:5000/three");
    assertThat(output("diff", "localhost:5000/three", "one")).isEmpty();
  }

  @Test
  void anArchiveOfFilesBecomesABox() {
    output("export", "--files", "two:2", "-o", "files.tar");
    assertThat(output("import", "files.tar", "files:1")).isEqualTo("files:1\n");
    assertThat(output("diff", "two:2", "files:1")).isEmpty();
  }

  @Test
  void rmTakesAllNamesAwayOrNone() {
    assertThat(run("rm", "one", "absent")).isEqualTo(2);
    assertThat(output("images")).contains("one");
    output("rm", "one", "two:2");
    assertThat(output("images")).doesNotContain("one", "two");
  }

  private String digest(String name) {
    var line = output("inspect", name).lines().findFirst().orElseThrow();
    return line.split(" +")[1];
  }

  @Test
  void everyCommandTakesADigestOrItsBeginning() throws Exception {
    var digest = digest("two:2");
    var hex = digest.substring("sha256:".length());
    for (var box :
        List.of(digest, hex, hex.substring(0, 12), hex.substring(0, 4), "two@" + digest)) {
      assertThat(digest(box)).isEqualTo(digest);
      output("tag", box, "again");
      assertThat(output("diff", box, "again")).isEmpty();
      output("rm", "again");
      output("export", box, "-o", "box");
      // It was not given a name here, and has none in the file.
      assertThat(run("import", "box")).isEqualTo(2);
      assertThat(err.toString(UTF_8)).contains("give it one").hasLineCount(1);
    }
    assertThat(run("inspect", hex.substring(0, 3))).isEqualTo(2);
    // A name comes first.
    output("tag", "one", hex.substring(0, 12));
    assertThat(digest(hex.substring(0, 12))).isEqualTo(digest("one"));
    assertThat(digest(digest)).isEqualTo(digest);
  }

  @Test
  void rmOfADigestTakesTheOnlyNameAway() {
    var digest = digest("two:2");
    output("tag", "two:2", "three");
    assertThat(run("rm", digest)).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains(digest, "three, two:2").hasLineCount(1);
    assertThat(output("images")).contains("three", "two");
    output("rm", "three");
    output("rm", digest.substring(7, 19));
    assertThat(output("images")).contains("one").doesNotContain("two");
    assertThat(run("rm", digest)).isEqualTo(2);
  }

  @Test
  void aDigestIsNoNameToGive() throws Exception {
    var digest = digest("one");
    contextWithCommands("CMD ok");
    output("export", "one", "-o", "box");
    for (var name : List.of(digest, "sha256:1", "other@" + digest)) {
      for (var line :
          List.of(
              List.of("tag", "one", name),
              List.of("import", "box", name),
              List.of("push", "one", name),
              List.of("build", "-t", name, "commands"))) {
        assertThat(run(line.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("says a digest").hasLineCount(1);
      }
    }
  }

  @Test
  void aBoxThatIsNamedByItsDigestIsListedWithoutATagAndStays() throws Exception {
    var digest = digest("two:2");
    try (var store = Store.open(Box.defaultStore(environment))) {
      var pinned = Reference.parse("localhost:5000/two@" + digest);
      store.tag(pinned, store.require(Reference.parse("two:2")));
    }
    output("rm", "two:2");
    output("gc");
    assertThat(output("images"))
        .containsPattern("localhost:5000/two +<none> +" + digest.substring(7, 19));
    assertThat(digest("localhost:5000/two@" + digest)).isEqualTo(digest);
    assertThat(run("inspect", "localhost:5000/two")).isEqualTo(2);
    output("rm", "localhost:5000/two@" + digest);
    assertThat(output("images")).doesNotContain("localhost");
  }

  @Test
  void aDamagedFileIsRefusedAndNamesNothing() throws Exception {
    output("export", "two:2", "-o", "box");
    byte[] file = Files.readAllBytes(directory.resolve("box"));
    // The first byte of the first blob.
    file[3 * 512] ^= 1;
    Files.write(directory.resolve("bad"), file);
    assertThat(run("import", "bad", "bad:1")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("bad: ").contains("digest").hasLineCount(1);
    assertThat(output("images")).doesNotContain("bad");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "images x            | no operand",
        "inspect             | one box",
        "inspect absent      | no box is named absent",
        "inspect UPPER       | names no box",
        "inspect one:?       | is no tag",
        "ls                  | a box and a path",
        "ls one /absent      | one: /absent: no such file or directory",
        "tree two:2 /app/old | two:2: /app/old: no such file or directory",
        "cat one             | a box and paths",
        "cat one /absent     | one: /absent: no such file or directory",
        "cat one /app        | one: /app: is no regular file",
        "cat one /fifo       | one: /fifo: is no regular file",
        "diff a b c          | one box or two",
        "rm                  | names of boxes",
        "rm absent           | no box is named absent",
        "gc x                | no operand",
        "export              | one box",
        "export -o x         | one box",
        "export one -o .     | is no regular file",
        "export one -o a/b   | is no directory",
        "import              | a file and a name",
        "import absent       | absent: no such file",
        "import .            | .: not a file",
        "ls --frob           | --frob",
      })
  void whatIsWrongIsOneLineThatNamesIt(String line, String named) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("vivarium: ").hasLineCount(1).contains(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no archive", "", "no archive that is longer than a block of 512 bytes"})
  void whatIsNoArchiveIsRefused(String text) throws Exception {
    Files.writeString(directory.resolve("text"), text.repeat(20));
    assertThat(run("import", "text", "text")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("text: it is no tar archive").hasLineCount(1);
    Files.write(directory.resolve("text"), compressed("gz", text.repeat(20).getBytes(UTF_8)));
    assertThat(run("import", "text", "text")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("text: it is no tar archive").hasLineCount(1);
  }

  @Test
  void aDamagedArchiveIsNamed() throws Exception {
    run("export", "--files", "two:2");
    byte[] archive = compressed("gz", out.toByteArray());
    for (int at : List.of(3, archive.length / 2, archive.length - 6)) {
      byte[] damaged = archive.clone();
      damaged[at] ^= (byte) 0xFF;
      Files.write(directory.resolve("damaged"), damaged);
      assertThat(run("import", "damaged", "damaged:1")).isEqualTo(2);
      assertThat(err.toString(UTF_8)).startsWith("vivarium: damaged: ").hasLineCount(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "xz", "bzip2", "zstd"})
  void anArchiveIsReadHoweverItIsCompressed(String how) throws Exception {
    for (var options : List.of(List.of("--files", "two:2"), List.of("two:2"))) {
      run(Stream.concat(Stream.of("export"), options.stream()).toArray(String[]::new));
      byte[] archive = compressed(how, out.toByteArray());
      Files.write(directory.resolve("archive"), archive);
      output("import", "archive", "read:1");
      assertThat(output("diff", "two:2", "read:1")).isEmpty();
      Files.write(directory.resolve("cut"), Arrays.copyOf(archive, archive.length / 2));
      assertThat(run("import", "cut", "cut:1")).isEqualTo(2);
      assertThat(err.toString(UTF_8))
          .startsWith("vivarium: cut: it cannot be decompressed: ")
          .doesNotContain("null")
          .hasLineCount(1);
      assertThat(output("images")).doesNotContain("cut");
    }
  }

  private static byte[] compressed(String how, byte[] plain) throws Exception {
    var compressed = new ByteArrayOutputStream();
    var factory = new CompressorStreamFactory();
    try (var to = factory.createCompressorOutputStream(how, compressed)) {
      to.write(plain);
    }
    return compressed.toByteArray();
  }

  /** What {@code BuildTest} has, to which it does not matter who assembled it. */
  private Path contextWithCommands(String... lines) throws Exception {
    var context = Files.createDirectories(directory.resolve("commands/x")).getParent();
    var head = "0061736d0100000001040160000003020100070a01065f73746172740000";
    Files.write(context.resolve("x/ok"), HexFormat.of().parseHex(head + "0a040102000b"));
    Files.write(context.resolve("x/trap"), HexFormat.of().parseHex(head + "0a05010300000b"));
    Files.write(
        context.resolve("x/loop"), HexFormat.of().parseHex(head + "0a0901070003400c000b0b"));
    var all = "FROM scratch\nCOPY --chmod=755 x /x/\n" + String.join("\n", lines) + "\n";
    Files.writeString(context.resolve("Dockerfile"), all);
    return context;
  }

  @Test
  void theStatusTellsAFailingCommandFromAWrongDockerfile() throws Exception {
    contextWithCommands("RUN /x/ok && /x/trap");
    assertThat(run("build", "commands")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("Dockerfile:3: /x/trap has ended with status 134");
    contextWithCommands("RUN /x/ok | /x/trap");
    assertThat(run("build", "commands")).isEqualTo(2);
    assertThat(run("build", "absent")).isEqualTo(2);
    assertThat(run("build", "-f", "commands", "commands")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).endsWith("vivarium: -f commands: is a directory\n");
  }

  @Test
  void aBuildWhoseProgramDoesNotEndIsEndedPastItsTimeout() throws Exception {
    contextWithCommands("RUN /x/ok && /x/loop");
    assertThat(run("build", "--timeout", "50ms", "commands")).isEqualTo(124);
    assertThat(err.toString(UTF_8))
        .endsWith("Dockerfile:3: /x/loop has ended with status 124: still running after 0.05 s\n");
    contextWithCommands("RUN /x/ok");
    assertThat(run("build", "--timeout", "1h", "commands")).isZero();
    assertThat(run("build", "--timeout", "0", "commands")).isEqualTo(2);
    assertThat(run("build", "--timeout", "soon", "commands")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag one python", "tag one ruby:3", "build -t python:3.12 commands"})
  void aBoxHasNoNameThatMeansARuntime(String line) throws Exception {
    contextWithCommands("FROM scratch");
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("is the name of a runtime").hasLineCount(1);
  }

  @Test
  void aDockerfileMayBeOnStandardInput() throws Exception {
    var context = contextWithCommands("this would be wrong");
    Files.writeString(context.resolve("-"), "so would this");
    // Of a file's own name, which there is none of here.
    Files.writeString(directory.resolve("-.dockerignore"), "x");
    Files.writeString(context.resolve("-.dockerignore"), "x");
    Files.writeString(context.resolve("Dockerfile.dockerignore"), "x");
    Files.writeString(context.resolve(".dockerignore"), "x/trap\nDockerfile*\n-*\n.*");

    in = pipe("FROM scratch\nCOPY . /\n");
    assertThat(run("build", "-f", "-", "-t", "b", "commands")).as(err.toString(UTF_8)).isZero();
    assertThat(output("ls", "b")).isEqualTo("x\n");
    assertThat(output("ls", "b", "/x")).isEqualTo("loop\nok\n");

    in = new ByteArrayInputStream("FROM scratch\nCOPY absent /\n".getBytes(UTF_8));
    assertThat(run("build", "-f", "-", "commands")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("vivarium: Dockerfile:2: ");

    in = InputStream.nullInputStream();
    assertThat(run("build", "-f", "-", "commands")).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .isEqualTo("vivarium: Dockerfile:1: no FROM: there is nothing to build\n");
    assertThat(run("build", "-f", "./-", "commands")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("./-: no such file");
  }

  @Test
  void ofTheHostsVariablesThoseAreTakenThatAreNamed() throws Exception {
    contextWithCommands("ARG PATH=default", "ARG OTHER=default", "LABEL v=$PATH,$OTHER", "CMD ok");
    environment = new HashMap<>(environment);
    environment.put("PATH", "/x");
    assertThat(run("build", "-t", "b", "--build-arg", "PATH", "--build-arg", "OTHER", "commands"))
        .as(err.toString(UTF_8))
        .isZero();
    try (var box = Box.open(Box.defaultStore(environment), "b")) {
      assertThat(box.image().config().labels()).containsEntry("v", "/x,default");
    }
    // It is found in the PATH, so where there is one.
    assertThat(run("run", "-e", "PATH", "b")).isZero();
    assertThat(run("run", "b")).isEqualTo(127);
  }

  @Test
  void aContextMayBeLargerThanTheHeap() throws Exception {
    var context = Files.createDirectory(directory.resolve("context"));
    var noise = new byte[8 << 20];
    new Random(1).nextBytes(noise);
    for (int i = 0; i < 8; i++) {
      Files.write(context.resolve("noise" + i), noise);
    }
    assertThat(buildInSmallHeap(context, "COPY . /")).as(errors()).isZero();
  }

  @Test
  void anArchiveMayBeLargerThanTheHeap() throws Exception {
    var context = Files.createDirectory(directory.resolve("context"));
    writeArchive(context.resolve("a.tgz"), 8, "x".repeat(8 << 20).getBytes(UTF_8));
    assertThat(buildInSmallHeap(context, "ADD a.tgz /")).as(errors()).isZero();
  }

  @Test
  void anArchiveThatNeedsMoreMemoryThanThereIsIsToldInOneLine() throws Exception {
    var context = Files.createDirectory(directory.resolve("context"));
    writeArchive(context.resolve("a.tgz"), 200_000, new byte[0]);
    assertThat(buildInSmallHeap(context, "ADD a.tgz /")).isEqualTo(125);
    assertThat(errors().lines().filter(line -> line.contains("memory")))
        .singleElement()
        .asString()
        .matches("vivarium: .*a\\.tgz: the JVM has not enough memory for .*40 MiB.*");
    assertThat(errors()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private static void writeArchive(Path file, int members, byte[] content) throws IOException {
    try (var out = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (int i = 0; i < members; i++) {
        var entry = new TarArchiveEntry("member" + i);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
      }
    }
  }

  private String errors() throws IOException {
    return Files.readString(directory.resolve("errors"));
  }

  private int buildInSmallHeap(Path context, String instruction) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n" + instruction + "\n");
    var java = ProcessHandle.current().info().command().orElseThrow();
    var path =
        Path.of("target", "test-classes")
            + ":"
            + System.getProperty("java.class.path")
            + ":"
            + System.getProperty("jdk.module.path", "");
    var builder =
        new ProcessBuilder(java, "-Xmx40m", "-cp", path, Main.class.getName(), "build", "context")
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("errors").toFile());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("other").toString());
    return builder.start().waitFor();
  }

  /** As the platform reads a pipe: it cannot tell how much there is. */
  private static InputStream pipe(String text) {
    return new FilterInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))) {
      @Override
      public byte[] readAllBytes() throws IOException {
        throw new IOException("Illegal seek");
      }

      @Override
      public byte[] readNBytes(int length) throws IOException {
        throw new IOException("Illegal seek");
      }
    };
  }
}
