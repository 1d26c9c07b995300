package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is outside of a mapped directory stays out of reach, whatever is done inside. */
class HostDirectoryConfinementTest {
  @TempDir Path temporary;
  private Path outside;
  private Path inside;
  private Guest guest;

  @BeforeEach
  void mapADirectoryBesideASecret() throws Exception {
    outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(outside.resolve("directory"));
    inside = Files.createDirectory(temporary.resolve("inside"));
    guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().hostDirectory("/map", inside, MountOptions.DEFAULT);
  }

  private void assertOutsideIsUntouched() throws IOException {
    assertThat(outside.toFile().list()).containsExactlyInAnyOrder("secret", "directory");
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(outside.resolve("directory")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"absolute", "relative"})
  void noCallFollowsASymbolicLinkOfTheHost(String kind) throws Exception {
    var target = kind.equals("absolute") ? outside : Path.of("../outside");
    Files.createSymbolicLink(inside.resolve("dir"), target);
    Files.createSymbolicLink(inside.resolve("file"), target.resolve("secret"));
    Files.createSymbolicLink(inside.resolve("none"), target.resolve("new"));
    guest.write("/map/own", "own");
    int create = OpenFlags.O_WRONLY | OpenFlags.O_CREAT;

    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> guest.read("/map/file"),
          () -> guest.read("/map/dir/secret"),
          () -> guest.list("/map/dir"),
          () -> guest.stat("/map/file"),
          () -> guest.stat("/map/dir/secret"),
          () -> guest.access("/map/file", 4),
          () -> guest.open("/map/file", create | OpenFlags.O_TRUNC),
          () -> guest.open("/map/none", create),
          () -> guest.open("/map/dir/new", create),
          () -> guest.mkdir("/map/dir/new"),
          () -> guest.rmdir("/map/dir/directory"),
          () -> guest.unlink("/map/dir/secret"),
          () -> guest.rename("/map/dir/secret", "/map/stolen"),
          () -> guest.rename("/map/own", "/map/dir/planted"),
          () -> guest.truncate("/map/file", 0),
          () -> guest.chmod("/map/file", 0777),
          () -> guest.chown("/map/dir/secret", 0, 0),
          () -> guest.utimens("/map/file", TimeChange.at(1), TimeChange.at(1)),
          () -> guest.chdir("/map/dir"),
          () -> guest.readlink("/map/file"),
        }) {
      fails(Errno.EOPNOTSUPP, call);
    }
    fails(Errno.ELOOP, () -> guest.open("/map/file", OpenFlags.O_NOFOLLOW));
    fails(Errno.EEXIST, () -> guest.mkdir("/map/none"));
    fails(Errno.EEXIST, () -> guest.open("/map/none", create | OpenFlags.O_EXCL));
    assertOutsideIsUntouched();
  }

  @Test
  void aSymbolicLinkIsSeenMovedAndRemovedItself() throws Exception {
    Files.createSymbolicLink(inside.resolve("link"), outside.resolve("secret"));

    assertThat(guest.lstat("/map/link").type()).isEqualTo(FileType.SYMLINK);
    guest.rename("/map/link", "/map/moved");
    assertThat(Files.readSymbolicLink(inside.resolve("moved"))).isAbsolute();
    guest.unlink("/map/moved");
    assertThat(inside).isEmptyDirectory();
    assertOutsideIsUntouched();
  }

  @Test
  void aDirectoryThatBecomesALinkWhileItIsUsedLeadsNowhere() throws Exception {
    guest.mkdir("/map/d").write("/map/d/secret", "mine");
    var directory = guest.open("/map/d", OpenFlags.O_DIRECTORY);
    guest.chdir("/map/d");
    Files.move(inside.resolve("d"), inside.resolve("elsewhere"));
    Files.createSymbolicLink(inside.resolve("d"), outside);

    fails(Errno.EOPNOTSUPP, () -> guest.read("/map/d/secret"));
    assertThat(readOrError("secret")).isNotEqualTo("secret");
    assertThat(readOrError("../d/secret")).isNotEqualTo("secret");
    assertThatThrownBy(() -> guest.mkdir("../d/new")).isInstanceOf(ErrnoException.class);
    directory.release();
    assertOutsideIsUntouched();
  }

  private String readOrError(String path) {
    try {
      return guest.read(path);
    } catch (ErrnoException e) {
      return e.getMessage();
    }
  }

  @Test
  void dotDotFromTheMappedDirectoryIsTheGuestsOwn() throws Exception {
    guest.write("/mine", "guest's");

    assertThat(guest.read("/map/../mine")).isEqualTo("guest's");
    guest.mkdir("/map/d");
    assertThat(guest.read("/map/d/../../mine")).isEqualTo("guest's");
    fails(Errno.ENOENT, () -> guest.read("/map/../outside/secret"));
    fails(Errno.ENOENT, () -> guest.read("/map/../../outside/secret"));
  }

  /** Somebody outside changes what a name is, between a directory, a file, a link and nothing. */
  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aRaceWithSomebodyWhoExchangesADirectoryForALinkIsNeverLost() throws Exception {
    var real = Files.createDirectory(inside.resolve("real"));
    Files.writeString(real.resolve("secret"), "mine");
    Files.createDirectory(real.resolve("directory"));
    var link = Files.createSymbolicLink(temporary.resolve("link"), outside);
    var stop = new AtomicBoolean();
    var racer = new Thread(() -> exchange(stop, inside.resolve("real"), link));
    racer.start();
    var seen = EnumSet.noneOf(Errno.class);
    int reads = 0;
    try {
      for (int i = 0; i < 20_000; i++) {
        reads += attempt(seen, () -> assertThat(guest.read("/map/real/secret")).isEqualTo("mine"));
        attempt(seen, () -> guest.touch("/map/real/new"));
        attempt(seen, () -> guest.unlink("/map/real/new"));
        if (i % 10 == 0) {
          attempt(seen, () -> guest.mkdir("/map/real/newdir"));
          attempt(seen, () -> guest.rename("/map/real/newdir", "/map/real/newer"));
          attempt(seen, () -> guest.rmdir("/map/real/newer"));
          attempt(seen, () -> guest.rmdir("/map/real/newdir"));
          attempt(seen, () -> guest.truncate("/map/real/other", 0));
          attempt(
              seen,
              () -> assertThat(guest.list("/map/real")).doesNotContain("outside").isNotEmpty());
        }
      }
    } finally {
      stop.set(true);
      racer.join();
    }
    assertOutsideIsUntouched();
    assertThat(seen)
        .isSubsetOf(
            Set.of(
                Errno.EOPNOTSUPP,
                Errno.ENOENT,
                Errno.ENOTDIR,
                Errno.ELOOP,
                Errno.EEXIST,
                Errno.ENOTEMPTY));
    // Or nothing has been raced.
    assertThat(reads).isPositive();
    assertThat(seen).contains(Errno.EOPNOTSUPP);
  }

  /** One link and one directory take turns under one name. */
  private void exchange(AtomicBoolean stop, Path name, Path link) {
    var aside = temporary.resolve("aside");
    try {
      while (!stop.get()) {
        Files.move(name, aside);
        Files.move(link, name, StandardCopyOption.ATOMIC_MOVE);
        Files.move(name, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, name);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private interface Attempt {
    void run() throws ErrnoException;
  }

  private static int attempt(Set<Errno> seen, Attempt attempt) {
    try {
      attempt.run();
      return 1;
    } catch (ErrnoException e) {
      seen.add(e.errno());
      return 0;
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whatIsNoFileAndNoDirectoryIsNeverOpened() throws Exception {
    var fifo = inside.resolve("fifo");
    assumeTrue(run("mkfifo", fifo.toString()), "there is no mkfifo here");

    assertThat(guest.stat("/map/fifo").type()).isEqualTo(FileType.SOCKET);
    fails(Errno.ENXIO, () -> guest.open("/map/fifo", OpenFlags.O_RDONLY));
    fails(Errno.ENXIO, () -> guest.open("/map/fifo", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
    fails(Errno.EINVAL, () -> guest.truncate("/map/fifo", 0));
    fails(Errno.ENOTDIR, () -> guest.list("/map/fifo"));
    fails(Errno.EOPNOTSUPP, () -> guest.chmod("/map/fifo", 0600));
    fails(Errno.EOPNOTSUPP, () -> guest.utimens("/map/fifo", TimeChange.at(1), TimeChange.at(1)));
    assertThat(guest.list("/map")).containsExactly("fifo");
    guest.unlink("/map/fifo");
    assertThat(inside).isEmptyDirectory();
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aHardLinkToAFileOfTheHostIsTheHostsOwnDoing() throws Exception {
    Files.createLink(inside.resolve("shared"), outside.resolve("secret"));

    assertThat(guest.read("/map/shared")).isEqualTo("secret");
    assertThat(guest.stat("/map/shared").nlink()).isEqualTo(1);
  }

  @Test
  void aMappedLinkToADirectoryIsThatDirectoryFromThenOn() throws Exception {
    var chosen = Files.createSymbolicLink(temporary.resolve("chosen"), inside);
    var other = Guest.inNewWorld().mkdir("/map");
    other.vfs.mounts().hostDirectory("/map", chosen, MountOptions.DEFAULT);
    Files.delete(chosen);
    Files.createSymbolicLink(chosen, outside);

    fails(Errno.ENOENT, () -> other.read("/map/secret"));
    other.write("/map/file", "x").mkdir("/map/d");
    assertThat(inside.toFile().list()).containsExactlyInAnyOrder("file", "d");
    assertOutsideIsUntouched();
  }

  @Test
  void aDirectoryOnAnotherFilesystemIsMappedWithDirectoriesThatCanBeMade() throws Exception {
    var memory = Path.of("/dev/shm");
    assumeTrue(Files.isDirectory(memory) && Files.isWritable(memory), "there is no /dev/shm");
    var mapped = Files.createTempDirectory(memory, "vivarium-test-");
    try {
      assumeTrue(!movable(mapped), "/dev/shm is where temporary files are");
      var other = Guest.inNewWorld().mkdir("/map");
      other.vfs.mounts().hostDirectory("/map", mapped, MountOptions.DEFAULT);
      other.mkdir("/map/d").mkdir("/map/d/e");
      assertThat(mapped.resolve("d/e")).isEmptyDirectory();
      other.rmdir("/map/d/e");
      other.rmdir("/map/d");
      assertThat(mapped).isEmptyDirectory();
    } finally {
      Files.delete(mapped);
    }
  }

  @Test
  void aDirectoryIsNotMadeWhereSomebodyElseCouldLeadItAstray() throws Exception {
    var memory = Path.of("/dev/shm");
    assumeTrue(Files.isDirectory(memory) && Files.isWritable(memory), "there is no /dev/shm");
    var parent = Files.createTempDirectory(memory, "vivarium-test-");
    var mapped = Files.createDirectory(parent.resolve("mapped"));
    try {
      assumeTrue(!movable(mapped), "/dev/shm is where temporary files are");
      for (var path : new Path[] {parent, mapped}) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
      var other = Guest.inNewWorld().mkdir("/map");
      other.vfs.mounts().hostDirectory("/map", mapped, MountOptions.DEFAULT);

      fails(Errno.EPERM, () -> other.mkdir("/map/d"));
      other.write("/map/f", "files can be made");
      other.unlink("/map/f");
      assertThat(parent.toFile().list()).containsExactly("mapped");
      assertThat(mapped).isEmptyDirectory();
    } finally {
      Files.delete(mapped);
      Files.delete(parent);
    }
  }

  private boolean movable(Path target) throws IOException {
    var file = Files.createFile(temporary.resolve("movable"));
    try {
      Files.move(file, target.resolve("movable"), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(target.resolve("movable"));
      return true;
    } catch (AtomicMoveNotSupportedException | NoSuchFileException e) {
      return false;
    }
  }
}
