package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vivarium.Sandbox;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.BoxFormatException;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Limits;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ImageWriter;
import dev.vivarium.vfs.posix.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Boxes from scratch, of which nothing has to be run. */
class BuildTest {
  /** A command that does nothing; assembled by hand from the binary format's specification. */
  private static final byte[] EMPTY_COMMAND = {
    0, 'a', 's', 'm', 1, 0, 0, 0, // magic, version
    1, 4, 1, 0x60, 0, 0, // one type: no parameters, no results
    3, 2, 1, 0, // one function of it
    7, 10, 1, 6, '_', 's', 't', 'a', 'r', 't', 0, 0, // exported as _start
    10, 4, 1, 2, 0, 0x0b, // its body: end
  };

  /** The same with another body: unreachable, end. */
  private static final byte[] TRAP = {
    0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 10, 1, 6, '_', 's', 't', 'a',
    'r', 't', 0, 0, 10, 5, 1, 3, 0, 0, 0x0b,
  };

  @TempDir Path temporary;
  private Path context;
  private Store store;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private final List<Boolean> cached = new ArrayList<>();

  @BeforeEach
  void makeContext() throws IOException {
    context = Files.createDirectory(temporary.resolve("context"));
    store = Store.open(temporary.resolve("store"));
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private Path file(String name, String content) throws IOException {
    var file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private Build prepared(String... lines) throws IOException {
    var dockerfile = temporary.resolve("Dockerfile");
    Files.writeString(dockerfile, String.join("\n", lines) + "\n");
    return Build.of(context)
        .dockerfile(dockerfile)
        .environment(Map.of("XDG_CACHE_HOME", temporary.toString()))
        .listener(
            new BuildListener() {
              @Override
              public void begun(String name, String instruction) {
                begun.add(name);
              }

              @Override
              public void ended(boolean fromCache) {
                cached.add(fromCache);
              }

              @Override
              public void said(String line) {}

              @Override
              public void warned(String line) {
                warnings.add(line);
              }

              @Override
              public OutputStream output() {
                return OutputStream.nullOutputStream();
              }
            });
  }

  private Image build(String... lines) throws IOException {
    var all = new ArrayList<>(List.of("FROM scratch"));
    all.addAll(List.of(lines));
    return prepared(all.toArray(new String[0])).run(store);
  }

  @Test
  void aRegistryThatCannotBeReachedIsNoFaultOfTheDockerfile() throws Exception {
    // Nobody listens at the port of the multiplexer.
    var build = prepared("# A comment", "FROM localhost:1/box");
    assertThatThrownBy(() -> build.run(store))
        .isInstanceOf(BaseUnavailableException.class)
        .hasMessageStartingWith("Dockerfile:2: ")
        .hasMessageContaining("localhost:1");
  }

  /** Builds on a box with {@code /bin/ok}, and {@code /bin/trap}, which fails. */
  private Image buildWithCommands(String... lines) throws IOException {
    Files.write(Files.createDirectories(context.resolve("bin")).resolve("ok"), EMPTY_COMMAND);
    Files.write(context.resolve("bin/trap"), TRAP);
    var all = new ArrayList<>(List.of("COPY --chmod=755 bin /bin/"));
    all.addAll(List.of(lines));
    return build(all.toArray(new String[0]));
  }

  private static Vfs tree(Image image) throws IOException {
    return Vfs.builder().base(image.snapshot()).quota(Quota.UNLIMITED).build();
  }

  private static String text(Image image, String path) throws Exception {
    return new String(tree(image).read(path), UTF_8);
  }

  private static Stat stat(Image image, String path) throws Exception {
    var vfs = tree(image);
    return vfs.stat(vfs.superuser(), vfs.root(), path.getBytes(UTF_8), false);
  }

  private static List<String> names(Image image) throws IOException {
    return tree(image)
        .tree()
        .lines()
        .filter(line -> line.contains("── "))
        .map(String::strip)
        .map(line -> line.substring(line.indexOf("── ") + 3))
        .toList();
  }

  private void refusedAt(int line, String... lines) {
    var e = catchThrowableOfType(DockerfileException.class, () -> build(lines));
    assertThat(e).isNotNull();
    assertThat(e.line()).isEqualTo(line + 1);
  }

  /** A tree that a build has in hand is kept as that of its layers, so it has to be the same. */
  @Test
  void aTreeThatIsKeptIsTheOneThatTheLayersMake() throws Exception {
    file("a/b", "b");
    file("c", "c");
    Files.createSymbolicLink(context.resolve("a/l"), Path.of("b"));
    Files.createLink(context.resolve("a/h"), context.resolve("a/b"));
    var base = prepared("FROM scratch", "COPY . /app/").time(Instant.ofEpochSecond(1)).run(store);
    store.tag(Reference.parse("base"), base);
    var upper = new String[] {"FROM base", "COPY c /app/a/h", "WORKDIR /app/w/x", "COPY c ."};
    var image = prepared(upper).time(Instant.ofEpochSecond(2)).run(store);
    byte[] kept = bytes(image);
    byte[] keptBase = bytes(base);
    store.close();
    try (var trees = Files.newDirectoryStream(store.directory().resolve("trees"))) {
      for (var tree : trees) {
        Files.delete(tree);
      }
    }
    var copy = temporary.resolve("copy");
    Files.move(store.directory(), copy);
    store = Store.open(copy);
    assertThat(bytes(store.open(image.descriptor()))).isEqualTo(kept);
    assertThat(bytes(store.open(base.descriptor()))).isEqualTo(keptBase);
  }

  private static byte[] bytes(Image image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ImageWriter.write(image.snapshot(), bytes);
    return bytes.toByteArray();
  }

  @Test
  void layersThatTogetherAreMoreThanAStoreTakesAreRefused() throws Exception {
    file("a", "a".repeat(5000));
    file("b", "b".repeat(5000));
    store.close();
    for (var limits : List.of(Limits.DEFAULT.withBytes(12_000), Limits.DEFAULT.withMembers(1))) {
      store = Store.open(temporary.resolve("store"), limits);
      build("COPY a /");
      assertThatThrownBy(() -> build("COPY a /", "COPY b /"))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageStartingWith("the layers together have more than ")
          .hasMessageEndingWith("the most of a box");
      store.close();
    }
  }

  @Test
  void aNameThatMarksWhatIsRemovedIsLeftOutOrRefusedWhereItIsAskedFor() throws Exception {
    file("d/.wh.a", "");
    file("d/.wh.d/below", "");
    file("d/b", "");
    assertThat(names(build("COPY d /d/"))).containsExactly("d", "b");
    assertThat(warnings)
        .containsExactlyInAnyOrder(
            "Dockerfile:2: /d/.wh.a is left out: in a layer its name marks what is removed",
            "Dockerfile:2: /d/.wh.d is left out: in a layer its name marks what is removed");
    refusedAt(1, "COPY d/.wh.a /");
    refusedAt(1, "COPY d/b /.wh.b");
    refusedAt(1, "COPY d /.wh.d/e");
    refusedAt(1, "WORKDIR /w/.wh.d/e");
  }

  // ---- what the box says of itself ------------------------------------------------------------

  @Test
  void theBoxSaysWhatTheInstructionsSay() throws Exception {
    var config =
        build(
                "LABEL a=\"b c\"",
                "ENV X=1 Y=2",
                "ENV X=$Y Z=$X",
                "USER nobody",
                "EXPOSE 80 53/udp",
                "VOLUME /data",
                "STOPSIGNAL SIGINT",
                "ENTRYPOINT [\"/a\"]",
                "CMD [\"b\"]",
                "MAINTAINER somebody")
            .config();
    assertThat(config.labels()).containsEntry("a", "b c");
    assertThat(config.environment()).isEqualTo(Map.of("X", "2", "Y", "2", "Z", "1"));
    assertThat(config.user()).isEqualTo("nobody");
    assertThat(config.exposedPorts()).containsExactlyInAnyOrder("80/tcp", "53/udp");
    assertThat(config.volumes()).containsExactly("/data");
    assertThat(config.stopSignal()).isEqualTo("SIGINT");
    assertThat(config.entrypoint()).containsExactly("/a");
    assertThat(config.command()).containsExactly("b");
    assertThat(config.author()).isEqualTo("somebody");
    assertThat(warnings).singleElement().asString().startsWith("Dockerfile:11: MAINTAINER");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"SIGTERM", "term", "9", "64", "1", "SIGRTMIN+3", "RTMIN", "RTMAX-14", "SIGPWR"})
  void signalsAreThoseOfLinux(String signal) throws Exception {
    assertThat(build("STOPSIGNAL " + signal).config().stopSignal()).isEqualTo(signal);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "SIGFOO",
        "0",
        "65",
        "-9",
        "09",
        "SIG9",
        "SIG",
        "RTMIN+16",
        "RTMIN-1",
        "RTMAX-15",
        "TERM 9"
      })
  void whatIsNoSignalIsRefused(String signal) {
    refusedAt(1, "STOPSIGNAL " + signal);
  }

  @Test
  void portsAreNumbersAndARangeIsEachOfThem() throws Exception {
    assertThat(build("EXPOSE 0 65535/UDP 080 80-80 8000-8002/Tcp").config().exposedPorts())
        .containsExactlyInAnyOrder(
            "0/tcp", "65535/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp");
    for (var port : List.of("65536", "99999", "9000-80", "80-65536", "-80", "80-", "80/x", "a")) {
      refusedAt(1, "EXPOSE " + port);
    }
    assertThatThrownBy(() -> build("EXPOSE 9000-80")).hasMessageContaining("ends before it begins");
    assertThatThrownBy(() -> build("EXPOSE 80-65536")).hasMessageContaining("the last is 65535");
  }

  @Test
  void allPortsMayBeExposed() throws Exception {
    var all = "EXPOSE 1-65535 0-65535/udp 0-65535/sctp";
    var image = store.open(build(all, all).descriptor());
    assertThat(image.config().exposedPorts()).hasSize(3 * 65_536 - 1);
  }

  @Test
  void anEntrypointForgetsTheCommandOfTheBaseButNotOneOfItsOwnStage() throws Exception {
    store.tag(Reference.parse("base"), build("CMD [\"b\"]"));
    assertThat(prepared("FROM base", "ENTRYPOINT [\"/a\"]").run(store).config().command())
        .isEmpty();
    assertThat(build("CMD [\"b\"]", "ENTRYPOINT [\"/a\"]").config().command()).containsExactly("b");
  }

  @Test
  void aCommandForAShellIsKeptAsTextAndHasToNeedNone() throws Exception {
    assertThat(build("CMD a 'b c'").config().command()).containsExactly("/bin/sh", "-c", "a 'b c'");
    assertThat(build("SHELL [\"/x\", \"-y\"]", "CMD a | b").config().command())
        .containsExactly("/x", "-y", "a | b");
    refusedAt(1, "CMD a | b");
    refusedAt(1, "ENTRYPOINT a && b");
  }

  @Test
  void argumentsAreSeenFromWhereTheyAreNamedOn() throws Exception {
    var image =
        prepared(
                "ARG V=1",
                "ARG W=$V",
                "FROM scratch",
                "LABEL a=$V",
                "ARG V",
                "ARG W=other",
                "ARG X=$V$TARGETARCH",
                "ARG TARGETARCH",
                "LABEL b=$V$W$X c=$TARGETARCH",
                "ENV W=environment",
                "LABEL d=$W")
            .argument("W", "given")
            .argument("UNUSED", "")
            .run(store);
    assertThat(image.config().labels())
        .containsEntry("a", "")
        .containsEntry("b", "1given1")
        .containsEntry("c", "wasm")
        .containsEntry("d", "environment");
    assertThat(image.config().environment()).doesNotContainKey("V");
    assertThat(warnings).singleElement().asString().contains("UNUSED");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/a/b,/a/b", "a,/a", "../..,/", "/a/../b/./c/,/b/c", "$X/d,/x/d"})
  void aWorkingDirectoryStartsFromTheLastOne(String path, String expected) throws Exception {
    var image = build("ENV X=x", "WORKDIR /", "WORKDIR " + path);
    assertThat(image.config().workingDirectory()).isEqualTo(expected);
    assertThat(stat(image, expected).isDirectory()).isTrue();
  }

  @Test
  void aFileInTheWayOfAWorkingDirectoryIsAnError() throws Exception {
    file("a", "");
    assertThatThrownBy(() -> build("COPY a /", "WORKDIR /a/b"))
        .isInstanceOf(DockerfileException.class)
        .hasMessage("Dockerfile:3: WORKDIR /a/b: ENOTDIR: Not a directory");
    assertThatThrownBy(() -> build("COPY a /", "WORKDIR /a"))
        .isInstanceOf(DockerfileException.class)
        .hasMessage("Dockerfile:3: WORKDIR /a: ENOTDIR: Not a directory");
  }

  @Test
  void aWorkingDirectoryIsTheUsersWithThoseOnTheWayToIt() throws Exception {
    file("etc/passwd", "me:x:7:8::/:/bin/false\n");
    file("etc/group", "us:x:9:\n");
    file("x/y/z", "");
    var image =
        build(
            "COPY etc /etc",
            "COPY x /x",
            "WORKDIR /root",
            "USER me",
            "WORKDIR /x/y/a/b",
            "USER me:us",
            "WORKDIR /c",
            "USER 5",
            "WORKDIR d",
            "USER 7",
            "WORKDIR /e",
            "USER root",
            "WORKDIR /f",
            "USER later",
            "WORKDIR /g");
    assertThat(owners(image, "/root", "/x", "/x/y", "/x/y/a", "/x/y/a/b"))
        .containsExactly("0:0", "0:0", "0:0", "7:8", "7:8");
    assertThat(owners(image, "/c", "/c/d", "/e", "/f", "/g"))
        .containsExactly("7:9", "5:5", "7:7", "0:0", "0:0");
    assertThat(stat(image, "/x/y/a").mode() & 07777).isEqualTo(0755);
    assertThat(warnings).singleElement().asString().startsWith("Dockerfile:16: WORKDIR");
  }

  @Test
  void aWorkingDirectoryOfAnotherUserIsAnotherStep() throws Exception {
    build("USER 1", "WORKDIR /a");
    var image = build("USER 2", "WORKDIR /a");
    assertThat(owners(image, "/a")).containsExactly("2:2");
    store.tag(Reference.parse("base"), image);
    var upper = prepared("FROM base", "WORKDIR b").run(store);
    assertThat(owners(upper, "/a/b")).containsExactly("2:2");
  }

  /** Else nobody but root could write to it any more, or somebody could to what is root's. */
  @Test
  void whatEveryGuestFindsIsAsItFindsIt() throws Exception {
    file("a", "x");
    var image = build("USER 7", "WORKDIR /tmp/w", "WORKDIR /home/w", "COPY --chown=9 a /root/x/");
    assertThat(owners(image, "/tmp", "/home", "/root")).containsOnly("0:0");
    assertThat(owners(image, "/tmp/w", "/home/w", "/root/x")).containsExactly("7:7", "7:7", "9:9");
    assertThat(stat(image, "/tmp").mode() & 07777).isEqualTo(01777);
    assertThat(stat(image, "/home").mode() & 07777).isEqualTo(0755);
    assertThat(stat(image, "/root").mode() & 07777).isEqualTo(0700);
    Files.createDirectories(context.resolve("all/tmp"));
    Files.writeString(context.resolve("all/tmp/x"), "x");
    assertThat(stat(build("COPY all /"), "/tmp").mode() & 07777).isEqualTo(01777);
  }

  private static List<String> owners(Image image, String... paths) throws Exception {
    var owners = new ArrayList<String>();
    for (var path : paths) {
      var stat = stat(image, path);
      owners.add(stat.uid() + ":" + stat.gid());
    }
    return owners;
  }

  // ---- COPY -----------------------------------------------------------------------------------

  @Test
  void aDirectoryIsCopiedIntoTheDestination() throws Exception {
    file("d/a", "1");
    file("d/e/b", "2");
    Files.createSymbolicLink(context.resolve("d/link"), Path.of("a"));
    var image = build("WORKDIR /w", "COPY d x");
    assertThat(names(image)).containsExactly("w", "x", "a", "e", "b", "link -> a");
    assertThat(text(image, "/w/x/e/b")).isEqualTo("2");
    assertThat(stat(image, "/w/x/a"))
        .satisfies(
            stat -> {
              assertThat(stat.uid()).isZero();
              assertThat(stat.gid()).isZero();
              assertThat(stat.mtime()).isZero();
              assertThat(stat.mode() & 07777).isEqualTo(0644);
            });
  }

  @Test
  void aFileGetsTheNameOfTheDestinationOrGoesIntoIt() throws Exception {
    file("a", "1");
    file("b", "2");
    assertThat(names(build("COPY a /x/y"))).containsExactly("x", "y");
    assertThat(names(build("COPY a /x/y/"))).containsExactly("x", "y", "a");
    assertThat(names(build("WORKDIR /x", "COPY a /x"))).containsExactly("x", "a");
    assertThat(names(build("WORKDIR /x", "COPY a b ."))).containsExactly("x", "a", "b");
    refusedAt(1, "COPY a b /x");
  }

  @Test
  void aSourceAboveTheContextIsInIt() throws Exception {
    file("a", "1");
    file("d/b", "2");
    assertThat(names(build("COPY ../../a q"))).containsExactly("q");
    assertThat(names(build("COPY ../d/../../d/* /absent/.././../a /"))).containsExactly("a", "b");
    assertThat(names(build("ADD .. /x/"))).containsExactly("x", "a", "d", "b");
    var stages = prepared("FROM scratch AS s", "COPY a /", "FROM scratch", "COPY --from=s ../a /c");
    assertThat(names(stages.run(store))).containsExactly("c");
  }

  @Test
  void patternsAreNamesInTheirOrder() throws Exception {
    file("a1", "");
    file("a2", "");
    file("d/a3", "");
    assertThat(names(build("COPY a* /"))).containsExactly("a1", "a2");
    assertThat(names(build("COPY */a? /"))).containsExactly("a3");
    refusedAt(1, "COPY z* /");
    for (var pattern : List.of("a[", "absent/[-x]", "a[/b")) {
      assertThatThrownBy(() -> build("COPY " + pattern + " /"))
          .isInstanceOf(DockerfileException.class)
          .hasMessage("Dockerfile:2: '" + pattern + "' is no pattern");
    }
  }

  @Test
  void laterFilesReplaceEarlierOnesButNoDirectory() throws Exception {
    file("a", "1");
    file("b", "2");
    file("d/a", "3");
    assertThat(text(build("COPY a /x", "COPY b /x"), "/x")).isEqualTo("2");
    assertThat(text(build("COPY a /", "COPY d /"), "/a")).isEqualTo("3");
    refusedAt(2, "WORKDIR /y/a", "COPY a /y/");
  }

  @Test
  void ownersAndModesAreChosen() throws Exception {
    file("etc/passwd", "me:x:7:8::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n");
    file("a", "1");
    var image =
        build(
            "COPY etc /etc",
            "COPY --chown=me:9 --chmod=750 a /m",
            "COPY --chown=5 a /n",
            "COPY --chown=me a /o",
            "COPY --chown=nobody --chmod=4711 a /p",
            "COPY --chown=:7 --chmod=00755 a /q");
    assertThat(stat(image, "/m").uid()).isEqualTo(7);
    assertThat(stat(image, "/m").gid()).isEqualTo(9);
    assertThat(stat(image, "/m").mode() & 07777).isEqualTo(0750);
    assertThat(owners(image, "/n", "/o", "/q")).containsExactly("5:5", "7:8", "0:7");
    assertThat(stat(image, "/q").mode() & 07777).isEqualTo(0755);
    refusedAt(1, "COPY --chown=: a /a");
    refusedAt(1, "COPY --chmod=0010000 a /a");
    refusedAt(1, "COPY --chown=unknown a /a");
    refusedAt(1, "COPY --chmod=u+y a /a");
    refusedAt(1, "COPY --chmod=888 a /a");
    refusedAt(1, "COPY --chmod=" + "u+r,".repeat(50) + "u+r a /a");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ' ',
      value = {
        "u=rwX,go=rX 644 755",
        "u+x,g-r,o=u 707 717",
        "+w 644 755",
        "= 0 0",
        "=rwx 755 755",
        "a=rwxst 7777 7777",
        "u+s,o+t,g=o 5644 5755",
        "u-r+x=w 244 255",
        "g+w,o=g 666 777",
        "u+x,g=X 714 715",
        "g+s 2644 2755",
        "0750 750 750",
      })
  void modesAreChangedBySymbolsToo(String mode, String ofFile, String ofDirectory)
      throws Exception {
    file("d/e/a", "1");
    Files.setPosixFilePermissions(
        context.resolve("d/e"), PosixFilePermissions.fromString("rwxr-xr-x"));
    var image = build("COPY --chmod=" + mode + " d /");
    assertThat(stat(image, "/e").mode() & 07777).isEqualTo(Integer.parseInt(ofDirectory, 8));
    assertThat(stat(image, "/e/a").mode() & 07777).isEqualTo(Integer.parseInt(ofFile, 8));
  }

  @Test
  void whatIsExcludedIsNotCopied() throws Exception {
    file("d/a.py", "");
    file("d/a.pyc", "");
    file("d/e/b.pyc", "");
    assertThat(names(build("COPY --exclude=**/*.pyc d /"))).containsExactly("a.py", "e");
    refusedAt(1, "COPY --exclude=[ d /");
    refusedAt(1, "COPY --exclude=! d /");
  }

  @Test
  void hereDocumentsAreFiles() throws Exception {
    var image = build("ARG A=b", "COPY <<one <<'two' /d/", "$A", "one", "$A", "two");
    assertThat(text(image, "/d/one")).isEqualTo("b\n");
    assertThat(text(image, "/d/two")).isEqualTo("$A\n");
  }

  @Test
  void nothingOutsideOfTheContextIsCopied() throws Exception {
    Files.writeString(temporary.resolve("secret"), "secret");
    Files.createSymbolicLink(context.resolve("up"), Path.of("../secret"));
    Files.createSymbolicLink(context.resolve("absolute"), temporary.resolve("secret"));
    Files.createSymbolicLink(context.resolve("directory"), temporary);
    refusedAt(1, "COPY ../secret /");
    refusedAt(1, "COPY a/../../secret /");
    refusedAt(1, "COPY ../s* /");
    refusedAt(1, "COPY up /");
    refusedAt(1, "COPY absolute /");
    refusedAt(1, "COPY directory/secret /");
    assertThat(names(build("COPY . /")))
        .containsExactly("absolute -> " + temporary.resolve("secret"), "directory -> " + temporary);
    assertThat(warnings)
        .containsExactly(
            "Dockerfile:2: /up is left out: its target is outside of the box: ../secret");
    assertThat(names(build("COPY . /below/")))
        .containsExactly(
            "below",
            "absolute -> " + temporary.resolve("secret"),
            "directory -> " + temporary,
            "up -> ../secret");
  }

  @Test
  void namesOfOneFileStayNamesOfOneFile() throws Exception {
    file("d/a", "1");
    Files.createLink(context.resolve("d/b"), context.resolve("d/a"));
    Files.createDirectory(context.resolve("d/e"));
    Files.createLink(context.resolve("d/e/c"), context.resolve("d/a"));
    var lines = new String[] {"COPY d /x/", "COPY d/a /y"};
    var image = build(lines);
    assertThat(stat(image, "/x/a").nlink()).isEqualTo(3);
    assertThat(stat(image, "/x/b").ino()).isEqualTo(stat(image, "/x/a").ino());
    assertThat(stat(image, "/x/e/c").ino()).isEqualTo(stat(image, "/x/a").ino());
    assertThat(stat(image, "/y").nlink()).isEqualTo(1);

    Files.delete(context.resolve("d/b"));
    file("d/b", "1");
    assertThat(stat(build(lines), "/x/b").nlink()).isEqualTo(1);
  }

  @Test
  void aLinkToAFileOfTheContextIsFollowedWhenItIsNamed() throws Exception {
    file("a", "1");
    Files.createSymbolicLink(context.resolve("link"), Path.of("a"));
    assertThat(text(build("COPY link /x"), "/x")).isEqualTo("1");
  }

  @Test
  void aLinkThatLeadsNowhereIsNamedWhenAPatternMatchesIt() throws Exception {
    file("d/a", "1");
    Files.writeString(temporary.resolve("secret"), "secret");
    for (var target : List.of("nowhere", "../../secret", temporary.resolve("secret").toString())) {
      var link = Files.createSymbolicLink(context.resolve("d/link"), Path.of(target));
      var message = "/d/link is a symbolic link to what is not there to be copied: " + target;
      for (var step : List.of("COPY d/* /x/", "ADD */link /x/")) {
        assertThatThrownBy(() -> build(step))
            .isInstanceOf(DockerfileException.class)
            .hasMessage("Dockerfile:2: " + message);
      }
      Files.delete(link);
    }
    Files.createSymbolicLink(context.resolve("d/link"), Path.of("nowhere"));
    var stages =
        prepared("FROM scratch AS all", "COPY d /d", "FROM scratch", "COPY --from=all /d/* /c/");
    assertThatThrownBy(() -> stages.run(store))
        .isInstanceOf(DockerfileException.class)
        .hasMessageStartingWith("Dockerfile:4: /d/link is a symbolic link");
  }

  @Test
  void aLinkThatLeadsToItselfIsNamed() throws Exception {
    file("d/a", "1");
    Files.createSymbolicLink(context.resolve("loop"), Path.of("loop"));
    for (var source : List.of("loop", "loop/a", "loop/*")) {
      assertThatThrownBy(() -> build("COPY " + source + " /x"))
          .isInstanceOf(DockerfileException.class)
          .hasMessageStartingWith("Dockerfile:2: " + source + ": ELOOP: ");
    }
    assertThatThrownBy(() -> build("COPY l* /x"))
        .isInstanceOf(DockerfileException.class)
        .hasMessageStartingWith("Dockerfile:2: /loop: ELOOP: ");
    for (var source : List.of("*/a", "*/a*")) {
      assertThat(names(build("COPY " + source + " /"))).as(source).containsExactly("a");
    }
  }

  @Test
  void ignoredFilesAreNotInTheContext() throws Exception {
    file("a", "");
    file("b", "");
    file("docs/c", "");
    file("docs/keep/d", "");
    file("empty/e", "");
    file(".dockerignore", "b\ndocs\n!docs/keep\nempty\n.dockerignore\n");
    assertThat(names(build("COPY . /"))).containsExactly("a", "docs", "keep", "d");
    refusedAt(1, "COPY b /");
  }

  @Test
  void nothingIsBuiltWhereTheIgnoredFilesAreNotSaid() throws Exception {
    file(".dockerignore", "a\n!\n");
    assertThatThrownBy(() -> build("WORKDIR /w"))
        .isInstanceOf(DockerfileException.class)
        .hasMessage(".dockerignore:2: no pattern is behind the '!'");
    assertThat(begun).isEmpty();
  }

  // ---- ADD ------------------------------------------------------------------------------------

  @Test
  void addTakesArchivesApart() throws Exception {
    var archive = archived("a.tgz", GzipCompressorOutputStream::new);
    file("plain", "p");
    assertThat(text(build("ADD a.tgz plain /to/"), "/to/d/f")).isEqualTo("x");
    assertThat(names(build("COPY a.tgz /to/"))).containsExactly("to", "a.tgz");
    var xz = archived("a.txz", out -> new XZOutputStream(out, new LZMA2Options(0)));
    assertThat(text(build("ADD a.txz /to/"), "/to/d/f")).isEqualTo("x");
    byte[] bytes = Files.readAllBytes(xz);
    Files.write(xz, withDictionary(bytes, 28));
    assertThat(text(build("ADD a.txz /to/"), "/to/d/f")).isEqualTo("x");
    Files.write(xz, withDictionary(bytes, 40));
    refusedAt(1, "ADD a.txz /to/");
    Files.write(context.resolve("cut.tgz"), Arrays.copyOf(Files.readAllBytes(archive), 60));
    refusedAt(1, "ADD cut.tgz /to/");
    Files.write(context.resolve("cut.txz"), Arrays.copyOf(bytes, 60));
    assertThatThrownBy(() -> build("ADD cut.txz /to/")).hasMessageContaining("ends in the middle");
  }

  @Test
  void addCopiesWhatOnlyLooksLikeAnArchive() throws Exception {
    byte[] bytes = Files.readAllBytes(archived("a.tar", out -> out));
    byte[] other = bytes.clone();
    other[0]++;
    Files.write(context.resolve("other"), other);
    Files.write(context.resolve("zeros"), new byte[1024]);
    Files.write(context.resolve("cut"), Arrays.copyOf(bytes, 500));
    assertThat(names(build("ADD other zeros cut /to/")))
        .containsExactly("to", "cut", "other", "zeros");
    assertThat(tree(build("ADD other /to/")).read("/to/other")).isEqualTo(other);
  }

  /** Without a name for the format, as tar had it first. */
  @Test
  void addTakesTheOldestArchivesApartToo() throws Exception {
    byte[] bytes = Files.readAllBytes(archived("a.tar", out -> out));
    int sum = 0;
    for (int i = 257; i < 265; i++) {
      sum += bytes[i];
      bytes[i] = 0;
    }
    int whole = Integer.parseInt(new String(bytes, 148, 6, UTF_8).strip(), 8);
    var octal = String.format("%06o", whole - sum);
    System.arraycopy(octal.getBytes(UTF_8), 0, bytes, 148, 6);
    Files.write(context.resolve("a.tar"), bytes);
    assertThat(names(build("ADD a.tar /to/"))).containsExactly("to", "d", "f");
  }

  @Test
  void membersThatMarkWhatIsRemovedAreLeftOutWithAWarning() throws Exception {
    try (var out = new TarArchiveOutputStream(Files.newOutputStream(context.resolve("wh.tar")))) {
      for (var name : List.of("d/a", "d/.wh.a", "d/.wh..wh..opq", ".wh.d")) {
        out.putArchiveEntry(new TarArchiveEntry(name));
        out.closeArchiveEntry();
      }
    }
    assertThat(names(build("ADD wh.tar /to/"))).containsExactly("to", "d", "a");
    assertThat(warnings)
        .containsExactly(
            "Dockerfile:2: d/.wh.a of wh.tar is left out, and all others of such names: a box holds"
                + " no name that begins with .wh.");
  }

  /** Compresses. */
  private interface Compressor {
    OutputStream of(OutputStream out) throws IOException;
  }

  /** An archive of one file, {@code d/f}. */
  private Path archived(String name, Compressor compressor) throws IOException {
    var archive = context.resolve(name);
    try (var out = new TarArchiveOutputStream(compressor.of(Files.newOutputStream(archive)))) {
      var entry = new TarArchiveEntry("d/f");
      entry.setSize(1);
      out.putArchiveEntry(entry);
      out.write('x');
      out.closeArchiveEntry();
    }
    return archive;
  }

  /**
   * What xz has made, as if it needed another dictionary: of 64 MiB with 28, of 4 GiB with 40. The
   * head of the block says so, in its fifth byte of the 12 that its checksum is the end of.
   */
  private static byte[] withDictionary(byte[] xz, int size) {
    int head = 12;
    var changed = ByteBuffer.wrap(xz.clone()).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(head + 4, (byte) size);
    var sum = new CRC32();
    sum.update(changed.array(), head, 8);
    changed.putInt(head + 8, (int) sum.getValue());
    return changed.array();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"https://example.com/a", "git@example.com:a/b", "HTTP://a"})
  void addFetchesNothing(String url) {
    refusedAt(1, "ADD " + url + " /");
  }

  // ---- RUN ------------------------------------------------------------------------------------

  @Test
  void commandsOfOtherWordsAreOtherSteps() throws Exception {
    var steps =
        List.of(
            "RUN [\"ok\", \"a, b\", \"c\"]",
            "RUN [\"ok\", \"a\", \"b, c\"]",
            "RUN [\"ok\", \"a, b, c\"]",
            "RUN A=b ok c",
            "RUN ok A=b c",
            "RUN ok && ok",
            "RUN ok ok",
            "RUN cd . && ok ok");
    for (var step : steps) {
      cached.clear();
      buildWithCommands(step);
      assertThat(cached.get(2)).as(step).isFalse();
    }
    for (var step : steps) {
      cached.clear();
      buildWithCommands(step);
      assertThat(cached.get(2)).as(step).isTrue();
    }
  }

  @Test
  void aDirectoryIsAddedToThePathThatProgramsHave() throws Exception {
    var image = buildWithCommands("ENV PATH=/opt/bin:$PATH", "RUN ok");
    assertThat(image.config().environment()).containsEntry("PATH", "/opt/bin:" + Sandbox.PATH);
    assertThat(buildWithCommands("RUN ok").config().environment()).doesNotContainKey("PATH");
  }

  @ParameterizedTest
  @CsvSource({"'', x", "A=B, x", "A\0B, x", "A, x\0y"})
  void anArgumentIsWhatAVariableCanBe(String name, String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> Build.of(context).argument(name, value));
  }

  @Test
  void aVolumeHasAPath() throws Exception {
    refused("Dockerfile:3: VOLUME has an empty path", "VOLUME [\"\"]");
    for (var root : List.of("/", "/.", "x/..", "//etc/../.")) {
      refused("Dockerfile:3: VOLUME is a directory of the box's, and not all", "VOLUME " + root);
    }
    refused("Dockerfile:3: VOLUME has an empty path", "VOLUME /a $NOTHING");
  }

  /**
   * A module of preview1 runs in the root only, and a name is looked for in a PATH: so both show.
   */
  @Test
  void aDirectoryAndVariablesAreSetWithoutAShell() throws Exception {
    assertThat(buildWithCommands("WORKDIR /w/x", "RUN cd .. && cd ../ && bin/ok").layers())
        .hasSize(2);
    buildWithCommands("RUN PATH=/nowhere:/bin ok");
    refused("Dockerfile:3: ok: not found in the box", "RUN PATH=/nowhere ok");
    refused("Dockerfile:3: cd: no such directory: /absent", "RUN cd absent");
    refused("Dockerfile:3: cd: no such directory: /bin/ok", "RUN cd /bin/ok && ok");
  }

  private void refused(String message, String... lines) {
    assertThatThrownBy(() -> buildWithCommands(lines))
        .isInstanceOf(DockerfileException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void linesOfAHereDocumentAreCommandsUntilOneFails() throws Exception {
    buildWithCommands("WORKDIR /w", "RUN <<EOF", "# a comment", "set -e", "cd /", "ok $A", "EOF");
    refused("Dockerfile:3: trap has ended with", "RUN <<EOF", "ok", "trap", "absent", "EOF");
    refused("Dockerfile:3: '|' needs a shell", "RUN <<'EOF'", "ok", "ok | ok", "EOF");
    refused("Dockerfile:3: /bin/sh: not found", "RUN <<EOF", "#!/bin/sh", "ok", "EOF");
    refused("Dockerfile:3: a here-document that begins with #!", "RUN <<EOF", "#! ", "EOF");
  }

  @Test
  void setSaysWhatBecomesOfErrors() throws Exception {
    buildWithCommands("RUN set -eux && ok", "RUN <<EOF", "set -euo pipefail", "ok", "EOF");
    refused("Dockerfile:3: A is not set", "RUN <<EOF", "set -eu", "ok $A", "EOF");
    refused("Dockerfile:3: 'set -f' needs a shell", "RUN set -f && ok");
  }

  @Test
  void whatOnlyAShellKnowsNeedsOneUnlessTheBoxHasAProgramOfThatName() throws Exception {
    for (var command : List.of("export A=1", "exit 0", "unset A", ". /a", "test a", "echo hi")) {
      var message = "'" + command.split(" ")[0] + "' needs a shell, and the box has none";
      assertThatThrownBy(() -> buildWithCommands("RUN ok && " + command))
          .isNotInstanceOf(StepFailedException.class)
          .isInstanceOf(DockerfileException.class)
          .hasMessageStartingWith("Dockerfile:3: " + message)
          .hasMessageEndingWith(": " + command);
    }
    refused(
        "Dockerfile:5: 'test' needs",
        "WORKDIR /bin/test",
        "WORKDIR /",
        "RUN <<E",
        "ok",
        "test a",
        "E");
    buildWithCommands("COPY --chmod=755 bin/ok /bin/echo", "RUN echo hi");
    buildWithCommands("COPY --chmod=755 bin/ok /x/echo", "RUN PATH=/x echo hi");
    refused("Dockerfile:3: exit: not found in the box", "RUN [\"exit\"]");
  }

  @Test
  void aCommandThatFailsIsToldFromALineThatIsWrong() {
    for (var failing : List.of("RUN trap", "RUN ok && trap", "RUN absent", "RUN cd absent")) {
      assertThatThrownBy(() -> buildWithCommands(failing))
          .as(failing)
          .isInstanceOf(StepFailedException.class);
    }
    for (var wrong : List.of("RUN ok | ok", "RUN []", "USER absent\nRUN ok", "COPY absent /")) {
      assertThatThrownBy(() -> buildWithCommands(wrong))
          .as(wrong)
          .isInstanceOf(DockerfileException.class)
          .isNotInstanceOf(StepFailedException.class);
    }
  }

  @Test
  void aProgramWhoseModuleIsDamagedFailsItsRun() throws Exception {
    for (int length = 4; length < EMPTY_COMMAND.length; length++) {
      Files.write(context.resolve("cut"), Arrays.copyOf(EMPTY_COMMAND, length));
      assertThatThrownBy(() -> build("COPY --chmod=755 cut /bin/", "RUN [\"cut\"]"))
          .as("%d bytes", length)
          .isInstanceOf(StepFailedException.class)
          .hasMessageStartingWith("Dockerfile:3: cut: ");
    }
  }

  // ---- stages ---------------------------------------------------------------------------------

  @Test
  void stagesBeginWithAndCopyFromEarlierOnes() throws Exception {
    file("a", "1");
    var image =
        prepared(
                "FROM scratch AS first",
                "COPY a /x/a",
                "ENV E=1",
                "FROM first AS second",
                "WORKDIR /w",
                "FROM scratch",
                "COPY --from=second /x /y",
                "COPY --from=0 /x/a /z")
            .run(store);
    assertThat(names(image)).containsExactly("y", "a", "z");
    assertThat(image.config().environment()).isEmpty();
  }

  @Test
  void aStageHasTheArgumentsOfTheOneThatItBeginsWith() throws Exception {
    var image =
        prepared(
                "ARG GLOBAL=global",
                "FROM scratch AS first",
                "ARG A=1 B=2 C=3 D=4 E=5",
                "ARG GLOBAL",
                "ENV E=environment",
                "ARG E=argument",
                "LABEL e=$E",
                "FROM first AS second",
                "ARG F=6",
                "FROM second",
                "ARG A",
                "ARG B=$A$B",
                "ENV C=environment",
                "LABEL a=$A b=$B c=$C d=$D f=$F g=$GLOBAL inherited=$E",
                "ARG C=argument",
                "LABEL later=$C",
                "FROM scratch",
                "LABEL none=$A",
                "FROM second")
            .argument("D", "given")
            .target("2")
            .run(store);
    assertThat(image.config().labels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a",
                "1",
                "b",
                "12",
                "c",
                "environment",
                "d",
                "given",
                "e",
                "argument",
                "f",
                "6",
                "g",
                "global",
                "inherited",
                "environment",
                "later",
                "argument"));
    assertThat(image.config().environment()).containsOnlyKeys("E", "C");
  }

  /** A command is looked for in a PATH, so a value of it shows. */
  @Test
  void commandsSeeTheArgumentsOfTheStageThatTheirsBeginsWith() throws Exception {
    Files.write(context.resolve("ok"), EMPTY_COMMAND);
    var image =
        prepared(
                "FROM scratch AS first",
                "COPY --chmod=755 ok /x/",
                "ARG PATH=/x",
                "FROM first",
                "RUN ok")
            .run(store);
    assertThat(image.config().environment()).isEmpty();
  }

  @Test
  void onlyWhatTheTargetNeedsIsBuilt() throws Exception {
    file("a", "1");
    var build =
        prepared(
            "FROM scratch AS broken",
            "COPY nothing /",
            "FROM scratch AS good",
            "COPY a /",
            "FROM broken");
    assertThat(names(build.target("good").run(store))).containsExactly("a");
    assertThat(
            catchThrowableOfType(DockerfileException.class, () -> build.target("none").run(store)))
        .isNotNull();
  }

  @Test
  void triggersAreForWhoBeginsWithTheStage() throws Exception {
    file("a", "1");
    var image =
        prepared("FROM scratch AS base", "ONBUILD COPY a /triggered", "FROM base").run(store);
    assertThat(names(image)).containsExactly("triggered");
    assertThat(image.config().onBuild()).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aBoxKeepsItsTriggersForTheBuildsThatBeginWithIt() throws Exception {
    var base = build("ONBUILD ARG V=1", "ONBUILD COPY a /triggered", "ONBUILD LABEL v=$V w=x");
    assertThat(names(base)).isEmpty();
    assertThat(base.config().onBuild())
        .containsExactly("ARG V=1", "COPY a /triggered", "LABEL v=$V w=x");
    store.tag(Reference.parse("base"), base);
    file("a", "1");
    begun.clear();
    var image = prepared("FROM base", "LABEL w=y", "WORKDIR /triggered.d").run(store);
    assertThat(names(image)).containsExactly("triggered", "triggered.d");
    assertThat(image.config().labels()).containsEntry("v", "1").containsEntry("w", "y");
    assertThat(image.config().onBuild()).as("they are carried out once").isEmpty();
    assertThat(begun).containsExactly("1/3", "2/3", "3/3");
  }

  @Test
  void aTriggerOfABoxHasTheStageBuiltThatItCopiesFrom() throws Exception {
    store.tag(Reference.parse("base"), build("ONBUILD COPY --from=builder /f /g"));
    file("f", "1");
    var image =
        prepared("FROM scratch AS builder", "COPY f /", "FROM absent AS other", "FROM base")
            .run(store);
    assertThat(names(image)).containsExactly("g");
  }

  /** As a box from elsewhere may have them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "FROM other",
        "ONBUILD RUN a",
        "MAINTAINER a",
        "absent",
        "COPY\n",
        "\0",
        "RUN <<EOF",
        "COPY <<EOF /x",
        "ADD a <<-'E'",
        "ENV a=b\nENV c=d",
        "ENV a=b\r\n."
      })
  void aTriggerThatIsNoneIsAnErrorWhereTheBoxIsNamed(String trigger) throws Exception {
    var config = BoxConfig.builder().onBuild(List.of(trigger)).build();
    store.tag(Reference.parse("base"), store.putImage(config, List.of()));
    assertThatThrownBy(() -> prepared("# a comment", "FROM base").run(store))
        .isInstanceOf(DockerfileException.class)
        .hasMessageStartingWith("Dockerfile:2: ");
  }

  @Test
  void aTriggerHasTheStageBuiltThatItCopiesFrom() throws Exception {
    file("a", "1");
    var image =
        prepared(
                "FROM scratch AS other",
                "COPY a /",
                "FROM scratch AS base",
                "ONBUILD COPY --from=other /a /triggered",
                "FROM base",
                "WORKDIR /w")
            .run(store);
    assertThat(names(image)).containsExactly("triggered", "w");
    assertThat(begun)
        .containsExactly(
            "other 1/2", "other 2/2", "base 1/1", "stage-2 1/3", "stage-2 2/3", "stage-2 3/3");
  }

  @Test
  void aNumberIsAStageAndNoBox() throws Exception {
    store.tag(Reference.parse("1"), build());
    for (var number : List.of("0", "1", "99999999999999999999")) {
      assertThatThrownBy(() -> build("COPY --from=" + number + " /a /"))
          .isInstanceOf(DockerfileException.class)
          .hasMessage("Dockerfile:2: there is no stage " + number + " before this one");
    }
  }

  @Test
  void ofTwoStagesOfANameTheLaterIsMeant() throws Exception {
    file("a", "1");
    file("b", "2");
    var lines =
        new String[] {
          "FROM scratch AS x",
          "COPY a /",
          "FROM scratch AS x",
          "COPY b /",
          "FROM scratch",
          "COPY --from=x / /"
        };
    assertThat(names(prepared(lines).run(store))).containsExactly("b");
    assertThat(names(prepared(lines).target("x").run(store))).containsExactly("b");
  }

  @Test
  void aStageMayBeginWithABoxOfTheStore() throws Exception {
    file("a", "1");
    store.tag(Reference.parse("mine:1"), build("COPY a /"));
    var image = prepared("ARG T=1", "FROM mine:$T", "COPY a /b").run(store);
    assertThat(names(image)).containsExactly("a", "b");
    assertThat(
            catchThrowableOfType(DockerfileException.class, () -> prepared("FROM other").run(store))
                .line())
        .isEqualTo(1);
  }

  // ---- the same from the same -----------------------------------------------------------------

  @Test
  void theSameFilesMakeTheSameBoxWhateverTheirTimesAndOrder() throws Exception {
    var lines = new String[] {"WORKDIR /w", "COPY . .", "CMD [\"a\"]"};
    for (var name : List.of("a", "b", "d/c", "d/e")) {
      file(name, name);
    }
    var first = build(lines).digest();
    context = Files.createDirectory(temporary.resolve("other"));
    store.close();
    store = Store.open(temporary.resolve("other-store"));
    for (var name : List.of("d/e", "b", "d/c", "a")) {
      Files.setLastModifiedTime(file(name, name), FileTime.fromMillis(name.hashCode()));
    }
    assertThat(build(lines).digest()).isEqualTo(first);
    assertThat(timed(Instant.ofEpochSecond(5), lines)).isNotEqualTo(first);
  }

  private Digest timed(Instant time, String... lines) throws IOException {
    var all = new ArrayList<>(List.of("FROM scratch"));
    all.addAll(List.of(lines));
    return prepared(all.toArray(new String[0])).time(time).run(store).digest();
  }

  @Test
  void aStepIsDoneAgainOnlyIfWhatItDependsOnHasChanged() throws Exception {
    file("a", "1");
    file("b", "1");
    var first = build("COPY a /", "COPY b /").digest();
    cached.clear();
    assertThat(build("COPY a /", "COPY b /").digest()).isEqualTo(first);
    assertThat(cached).containsExactly(false, true, true);
    file("b", "2");
    cached.clear();
    assertThat(build("COPY a /", "COPY b /").digest()).isNotEqualTo(first);
    assertThat(cached).containsExactly(false, true, false);
    file("b", "1");
    cached.clear();
    assertThat(prepared("FROM scratch", "COPY a /", "COPY b /").cache(false).run(store).digest())
        .isEqualTo(first);
    assertThat(cached).containsExactly(false, false, false);
  }

  @Test
  void aBoxWithoutALibraryIsAsLargeAsItWasAndThatIsSaid() throws Exception {
    Files.writeString(context.resolve("a"), "a");
    var plain = prepared("FROM scratch", "COPY a /").run(store);
    var slim = prepared("FROM scratch", "COPY a /").slim(true).run(store);

    assertThat(Vfs.fork(slim.snapshot()).tree()).isEqualTo(Vfs.fork(plain.snapshot()).tree());
    assertThat(warnings).singleElement().asString().startsWith("--slim leaves nothing out");
    assertThatIllegalArgumentException().isThrownBy(() -> prepared("FROM scratch").keep("[a"));
  }

  @Test
  void whatIsKeptMayBeginWithASlash() throws Exception {
    var build = prepared("FROM scratch").keep("/opt/a/**").keep("//b").keep("c/**");
    assertThat(build.kept()).containsExactly("opt/a/**", "b", "c/**");
  }

  @Test
  void aTimeThatNoFileCanHaveIsRefused() throws Exception {
    var build = prepared("FROM scratch");
    for (var time : List.of(Instant.MAX, Instant.MIN, Instant.ofEpochSecond(9_223_372_037L))) {
      assertThatIllegalArgumentException().isThrownBy(() -> build.time(time));
    }
  }

  @Test
  void aStepThatMakesNothingIsNoLayer() throws Exception {
    assertThat(build("WORKDIR /w", "WORKDIR /w", "LABEL a=b").layers()).hasSize(1);
  }

  @Test
  void whatIsCollectedIsDoneAgain() throws Exception {
    file("a", "1");
    var first = build("COPY a /").digest();
    store.close();
    store = Store.open(temporary.resolve("store"));
    assertThat(store.gc().files()).isPositive();
    cached.clear();
    assertThat(build("COPY a /").digest()).isEqualTo(first);
    assertThat(cached).containsExactly(false, false);
  }
}
