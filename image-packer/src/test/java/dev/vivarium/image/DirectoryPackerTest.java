package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryPackerTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

  @TempDir Path directory;
  @TempDir Path store;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void contentsAndModesAreKeptAndOwnersAndTimesAreNot() throws Exception {
    Files.writeString(directory.resolve("a"), "content");
    Files.setPosixFilePermissions(
        directory.resolve("a"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createDirectories(directory.resolve("d/e"));
    Files.writeString(directory.resolve("d/e/f"), "");
    Files.setPosixFilePermissions(
        directory.resolve("d"), PosixFilePermissions.fromString("rwx------"));

    var vfs = pack();

    assertThat(vfs.read("/a")).isEqualTo("content".getBytes(UTF_8));
    assertThat(vfs.read("/d/e/f")).isEmpty();
    assertThat(stat(vfs, "/a").mode()).isEqualTo(FileType.REGULAR.bits() | 0751);
    assertThat(stat(vfs, "/d").mode()).isEqualTo(FileType.DIRECTORY.bits() | 0700);
    for (var path : List.of("/", "/a", "/d", "/d/e", "/d/e/f")) {
      var stat = stat(vfs, path);
      assertThat(stat.uid()).isZero();
      assertThat(stat.gid()).isZero();
      assertThat(List.of(stat.mtime(), stat.ctime()))
          .as(path)
          .containsOnly(TIME.getEpochSecond() * 1_000_000_000);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void linksAreKeptAndNotFollowed() throws Exception {
    Files.writeString(directory.resolve("a"), "x");
    Files.createLink(directory.resolve("b"), directory.resolve("a"));
    Files.createSymbolicLink(directory.resolve("absolute"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(directory.resolve("up"), Path.of(".."));

    var vfs = pack();

    assertThat(stat(vfs, "/a").ino()).isEqualTo(stat(vfs, "/b").ino());
    assertThat(stat(vfs, "/a").nlink()).isEqualTo(2);
    assertThat(target(vfs, "/absolute")).isEqualTo("/etc/passwd");
    assertThat(target(vfs, "/dangling")).isEqualTo("nowhere");
    assertThat(target(vfs, "/up")).isEqualTo("..");
  }

  @Test
  void aPipeIsLeftOutAndTold() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start().waitFor())
        .isZero();
    Files.writeString(directory.resolve("z"), "");

    var vfs = pack();

    assertThat(warnings).hasSize(1).first().asString().contains("pipe");
    assertThat(vfs.read("/z")).isEmpty();
    assertThatThrownBy(() -> stat(vfs, "/pipe")).isInstanceOf(ErrnoException.class);
  }

  @Test
  void blocksOfZerosBecomeHoles() throws Exception {
    try (var file = new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
      file.setLength(10_000_000);
      file.seek(5_000_000);
      file.write(7);
    }

    var vfs = pack();

    assertThat(stat(vfs, "/sparse").size()).isEqualTo(10_000_000);
    assertThat(stat(vfs, "/sparse").blocks()).isLessThanOrEqualTo(8);
    assertThat(vfs.read("/sparse")[5_000_000]).isEqualTo((byte) 7);
  }

  @Test
  void longFilesAreWholeAndAllHaveTheirDigests() throws Exception {
    var noise = new byte[1_000_000];
    new Random(1).nextBytes(noise);
    Arrays.fill(noise, 300_000, 700_000, (byte) 0);
    Files.write(directory.resolve("long"), noise);
    Files.write(directory.resolve("short"), Arrays.copyOf(noise, 1 << 18));
    Files.write(directory.resolve("longer"), Arrays.copyOf(noise, (1 << 18) + 1));
    Files.createLink(directory.resolve("name"), directory.resolve("short"));
    Files.writeString(directory.resolve("left"), "");

    var packed =
        DirectoryPacker.packOnly(
            directory,
            path -> !path.equals(Path.of("left")),
            TIME,
            warnings::add,
            MessageDigest.getInstance("SHA-256"),
            ContentFile.create(store, "contents-"));

    var vfs = Vfs.fork(packed.tree());
    for (var name : List.of("long", "short", "longer", "name")) {
      byte[] content = Files.readAllBytes(directory.resolve(name));
      assertThat(vfs.read("/" + name)).as(name).isEqualTo(content);
      assertThat(packed.digests().get(stat(vfs, "/" + name).ino()))
          .as(name)
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
    }
    assertThat(packed.digests()).hasSize(3);
    assertThat(stat(vfs, "/long").blocks()).isLessThan(620_000 / 512);
  }

  @Test
  void whatAFileOfContentsDoesNotTakeGoesIntoTheHeap() throws Exception {
    var contents = ContentFile.create(store, "full-");
    contents.close();
    Files.write(directory.resolve("a"), new byte[] {1, 2, 3});

    var packed =
        DirectoryPacker.packOnly(directory, path -> true, TIME, warnings::add, null, contents);

    assertThat(Vfs.fork(packed.tree()).read("/a")).containsExactly(1, 2, 3);
    assertThat(packed.tree().diff(DirectoryPacker.pack(directory, null, TIME, warnings::add)))
        .isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamedAndEndsIt() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.writeString(directory.resolve("a" + i), "x");
    }
    assertThatThrownBy(
            () ->
                DirectoryPacker.packOnly(
                    directory,
                    path -> {
                      throw new IllegalStateException("asked for " + path);
                    },
                    TIME,
                    warnings::add,
                    null,
                    null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("asked for a0");
  }

  @Test
  void whoIsNotDoneWithADirectoryEndsItsReader() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      Files.writeString(directory.resolve("a" + i), "x");
    }
    var thread = new CompletableFuture<Thread>();
    var reader =
        new DirectoryReader(
            directory,
            path -> {
              thread.complete(Thread.currentThread());
              return true;
            });
    assertThat(reader.next().host()).isEqualTo(directory);
    reader.close();
    thread.get().join();
  }

  @Test
  void namesComeInTheOrderOfTheirBytes() throws Exception {
    for (var name : List.of("z", "%C3%A9", "a")) {
      Files.writeString(Path.of(URI.create("file://" + directory + "/" + name)), "");
    }
    try (var reader = new DirectoryReader(directory, path -> true)) {
      assertThat(reader.next().name()).isNull();
      for (var name : List.of("a", "z", "é")) {
        assertThat(reader.next().name()).isEqualTo(name.getBytes(UTF_8));
      }
    }
  }

  @Test
  void filesAreReadAheadByTheirNumberAndTheirBytes() throws Exception {
    for (int i = 0; i < 100; i++) {
      try (var file = new RandomAccessFile(directory.resolve("a" + i).toFile(), "rw")) {
        file.setLength(1 << 18);
      }
    }
    var thread = new CompletableFuture<Thread>();
    var asked = new AtomicInteger();
    var reader =
        new DirectoryReader(
            directory,
            path -> {
              asked.incrementAndGet();
              thread.complete(Thread.currentThread());
              return true;
            });
    while (thread.get().isAlive() && thread.get().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    reader.close();
    assertThat(asked.get()).isBetween(30, 45);
  }

  @Test
  void aLinksTargetThatIsNoTextIsRefused() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of(URI.create("file:///a%FF")));
    assertThatThrownBy(this::pack)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("link")
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void theEndOfADirectoryStaysItsEnd() throws Exception {
    try (var reader = new DirectoryReader(directory, path -> true)) {
      assertThat(reader.next().host()).isEqualTo(directory);
      assertThat(reader.next()).isNull();
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void namesThatAreNoUtf8KeepTheirBytes() throws Exception {
    var path = Path.of(URI.create("file://" + directory + "/a%FFb"));
    Files.writeString(path, "x");

    var vfs = pack();

    assertThat(vfs.stat(vfs.superuser(), vfs.root(), new byte[] {'/', 'a', -1, 'b'}, false).size())
        .isEqualTo(1);
  }

  @Test
  void theResultOfAnEarlierRunIsLeftOut() throws Exception {
    Files.writeString(directory.resolve("box.img"), "old");
    Files.writeString(directory.resolve("a"), "x");

    var snapshot =
        DirectoryPacker.pack(directory, directory.resolve("box.img"), TIME, warnings::add);

    assertThat(Vfs.fork(snapshot).read("/a")).hasSize(1);
    assertThatThrownBy(() -> stat(Vfs.fork(snapshot), "/box.img"))
        .isInstanceOf(ErrnoException.class);
  }

  @Test
  void theSameContentMakesTheSameTree() throws Exception {
    var other = Files.createDirectory(directory.resolve("other"));
    var one = Files.createDirectory(directory.resolve("one"));
    for (var name : List.of("b", "a", "c")) {
      Files.writeString(one.resolve(name), name);
    }
    for (var name : List.of("c", "b", "a")) {
      Files.writeString(other.resolve(name), name);
    }

    assertThat(pack(one).diff(pack(other))).isEmpty();
  }

  @Test
  void anAbsentDirectoryIsNamed() {
    assertThatThrownBy(() -> pack(directory.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("absent");
  }

  private Vfs pack() throws IOException {
    return Vfs.fork(pack(directory));
  }

  private Snapshot pack(Path from) throws IOException {
    return DirectoryPacker.pack(from, null, TIME, warnings::add);
  }

  private static Stat stat(Vfs vfs, String path) throws ErrnoException {
    return vfs.stat(vfs.superuser(), vfs.root(), path.getBytes(UTF_8), false);
  }

  private static String target(Vfs vfs, String path) throws ErrnoException {
    return new String(vfs.readLink(vfs.superuser(), vfs.root(), path.getBytes(UTF_8)), UTF_8);
  }
}
