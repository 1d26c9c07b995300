package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDirectoryTest {
  @TempDir Path host;
  private Guest guest;

  @BeforeEach
  void mapTheDirectory() throws Exception {
    guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().hostDirectory("/map", host, MountOptions.DEFAULT);
  }

  @Test
  void whatTheGuestWritesIsOnTheHostAndTheOtherWayRound() throws Exception {
    guest.write("/map/from-guest", "hello");
    Files.writeString(host.resolve("from-host"), "hi");

    assertThat(host.resolve("from-guest")).hasContent("hello");
    assertThat(guest.read("/map/from-host")).isEqualTo("hi");
    assertThat(new TreeSet<>(guest.list("/map"))).containsExactly("from-guest", "from-host");
  }

  @Test
  void directoriesAreMadeListedAndRemoved() throws Exception {
    guest.mkdir("/map/a").mkdir("/map/a/b", 0700).write("/map/a/b/f", "x");

    assertThat(host.resolve("a/b/f")).hasContent("x");
    assertThat(guest.stat("/map/a/b").mode() & 07777).isEqualTo(0700);
    fails(Errno.EEXIST, () -> guest.mkdir("/map/a"));
    fails(Errno.ENOTEMPTY, () -> guest.rmdir("/map/a/b"));
    fails(Errno.EISDIR, () -> guest.unlink("/map/a/b"));
    guest.unlink("/map/a/b/f");
    fails(Errno.ENOENT, () -> guest.unlink("/map/a/b/f"));
    guest.rmdir("/map/a/b");
    guest.rmdir("/map/a");
    assertThat(host).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatWasMadeElsewhereLeavesNothingThere() throws Exception {
    var parent = Files.createDirectory(host.resolve("parent"));
    var mapped = Files.createDirectory(parent.resolve("mapped"));
    var other = Guest.inNewWorld().mkdir("/map");
    other.vfs.mounts().hostDirectory("/map", mapped, MountOptions.DEFAULT);
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));

    other.mkdir("/map/new");
    fails(Errno.ENAMETOOLONG, () -> other.mkdir("/map/" + "x".repeat(256)));

    for (var place : new Path[] {temporary, parent, mapped}) {
      assertThat(place.toFile().list((in, name) -> name.startsWith(".vivarium-"))).isEmpty();
    }
  }

  @Test
  void everythingBelongsToRootWithThePermissionsOfTheHost() throws Exception {
    var file = Files.writeString(host.resolve("file"), "12345");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    var stat = guest.stat("/map/file");

    assertThat(stat.mode()).isEqualTo(0100640);
    assertThat(stat.uid()).isZero();
    assertThat(stat.gid()).isZero();
    assertThat(stat.size()).isEqualTo(5);
    assertThat(stat.ino()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    assertThat(stat.dev()).isNotZero().isNotEqualTo(guest.stat("/").dev());
    fails(Errno.EACCES, () -> guest.as(1000, 1000).read("/map/file"));
  }

  @Test
  void inodeNumbersAreThoseOfTheEntries() throws Exception {
    guest.mkdir("/map/d").write("/map/d/f", "").mkdir("/map/d/e");

    var listed = new HashMap<String, Long>();
    var directory = guest.open("/map/d", OpenFlags.O_DIRECTORY);
    directory.readDirectory(
        0,
        (cookie, ino, type, name) -> {
          listed.put(Guest.text(name) + " " + type, ino);
          return true;
        });
    directory.release();

    assertThat(listed)
        .isEqualTo(
            Map.of(
                ". " + FileType.DIRECTORY, guest.stat("/map/d").ino(),
                ".. " + FileType.DIRECTORY, guest.stat("/map").ino(),
                "f " + FileType.REGULAR, guest.stat("/map/d/f").ino(),
                "e " + FileType.DIRECTORY, guest.stat("/map/d/e").ino()));
  }

  @Test
  void modesAndTimesAreChangedOnTheHost() throws Exception {
    guest.write("/map/f", "").mkdir("/map/d");

    for (String name : new String[] {"f", "d"}) {
      guest.chmod("/map/" + name, 0751);
      guest.utimens("/map/" + name, TimeChange.at(1_000_000_000), TimeChange.at(2_000_123_000));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(host.resolve(name))))
          .isEqualTo("rwxr-x--x");
      assertThat(guest.stat("/map/" + name).atime()).isEqualTo(1_000_000_000);
      assertThat(guest.stat("/map/" + name).mtime()).isEqualTo(2_000_123_000);
    }
    guest.utimens("/map/f", TimeChange.OMIT, TimeChange.at(5_000_000_000L));
    assertThat(guest.stat("/map/f").atime()).isEqualTo(1_000_000_000);
    assertThat(guest.stat("/map/f").mtime()).isEqualTo(5_000_000_000L);
    guest.utimens("/map/f", TimeChange.OMIT, TimeChange.NOW);
    assertThat(guest.stat("/map/f").mtime()).isGreaterThan(5_000_000_000L);

    fails(Errno.EPERM, () -> guest.chmod("/map/f", 04755));
    fails(Errno.EPERM, () -> guest.chown("/map/f", 5, 5));
    guest.chown("/map/f", 0, -1);
  }

  @Test
  void theModeOfANewFileDoesNotKeepItsMakerFromWriting() throws Exception {
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    var file = guest.open("/map/f", flags, 0);
    assertThat(Guest.write(file, "written")).isEqualTo(7);
    file.release();

    assertThat(guest.stat("/map/f").mode()).isEqualTo(0100000);
    assertThat(guest.stat("/map/f").size()).isEqualTo(7);
    fails(Errno.EEXIST, () -> guest.open("/map/f", flags, 0));
  }

  @Test
  void aFileIsReadAndWrittenWhereverOneLikes() throws Exception {
    var random = new Random(1);
    var content = new byte[300_000];
    random.nextBytes(content);
    var file = guest.create("/map/big");
    assertThat(file.write(content, 0, content.length)).isEqualTo(content.length);
    assertThat(file.seek(0, Whence.CUR)).isEqualTo(content.length);
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(content.length);
      int length = random.nextInt(content.length - from);
      var part = new byte[length];
      random.nextBytes(part);
      assertThat(file.pwrite(part, 0, length, from)).isEqualTo(length);
      System.arraycopy(part, 0, content, from, length);
    }
    assertThat(Files.readAllBytes(host.resolve("big"))).isEqualTo(content);
    assertThat(file.seek(-10, Whence.END)).isEqualTo(content.length - 10);
    assertThat(file.read(new byte[50], 0, 50)).isEqualTo(10);
    assertThat(file.read(new byte[50], 0, 50)).isZero();
    assertThat(file.pread(new byte[50], 0, 50, 1L << 50)).isZero();
    fails(Errno.EINVAL, () -> file.pread(new byte[1], 0, 1, -1));
    fails(Errno.EINVAL, () -> file.seek(-1, Whence.SET));
    fails(Errno.EFBIG, () -> file.pwrite(new byte[5], 0, 5, Long.MAX_VALUE - 2));
    file.sync(false);
    file.release();
  }

  @Test
  void accessModesHold() throws Exception {
    Files.writeString(host.resolve("f"), "content");
    var reader = guest.open("/map/f", OpenFlags.O_RDONLY);
    var writer = guest.open("/map/f", OpenFlags.O_WRONLY);

    fails(Errno.EBADF, () -> reader.write(new byte[1], 0, 1));
    fails(Errno.EINVAL, () -> reader.truncate(0));
    fails(Errno.EBADF, () -> writer.read(new byte[1], 0, 1));
    reader.release();
    writer.release();
    assertThat(host.resolve("f")).hasContent("content");
  }

  @Test
  void appendingGoesToTheEndWhereverThatIs() throws Exception {
    Files.writeString(host.resolve("log"), "one ");
    var log = guest.open("/map/log", OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
    Guest.write(log, "two ");
    Files.writeString(host.resolve("log"), "three ", java.nio.file.StandardOpenOption.APPEND);
    Guest.write(log, "four");
    log.release();

    assertThat(host.resolve("log")).hasContent("one two three four");
  }

  @Test
  void filesAreTruncatedAndExtended() throws Exception {
    guest.write("/map/f", "0123456789");
    guest.truncate("/map/f", 4);
    assertThat(host.resolve("f")).hasContent("0123");
    guest.truncate("/map/f", 6);
    assertThat(host.resolve("f")).hasBinaryContent(new byte[] {'0', '1', '2', '3', 0, 0});
    var file = guest.open("/map/f", OpenFlags.O_RDWR);
    file.truncate(1);
    assertThat(file.stat().size()).isEqualTo(1);
    fails(Errno.EINVAL, () -> file.truncate(-1));
    file.release();
    guest.open("/map/f", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC).release();
    assertThat(host.resolve("f")).isEmptyFile();
  }

  @Test
  void aSparseFileKeepsItsHolesOnTheHost() throws Exception {
    var file = guest.create("/map/sparse");
    file.truncate(1L << 33);
    assertThat(file.stat().size()).isEqualTo(1L << 33);
    file.pwrite(bytes("x"), 0, 1, 1L << 32);
    file.release();
    assertThat(Files.size(host.resolve("sparse"))).isEqualTo(1L << 33);
  }

  @Test
  void anUnlinkedFileCanBeUsedUntilItIsClosed() throws Exception {
    var file = guest.create("/map/f");
    Guest.write(file, "before");
    long ino = file.stat().ino();
    guest.unlink("/map/f");
    Guest.write(file, " and after");

    assertThat(file.stat().nlink()).isZero();
    assertThat(file.stat().ino()).isEqualTo(ino);
    assertThat(file.stat().size()).isEqualTo(16);
    file.seek(0, Whence.SET);
    assertThat(Guest.read(file)).isEqualTo("before and after");
    file.release();
    assertThat(host).isEmptyDirectory();
  }

  @Test
  void aFileThatIsOpenKeepsItsIdentityWhenItIsRenamed() throws Exception {
    guest.mkdir("/map/d");
    var file = guest.create("/map/f");
    guest.rename("/map/f", "/map/d/g");
    Guest.write(file, "1234");

    assertThat(file.stat().size()).isEqualTo(4);
    assertThat(file.stat().nlink()).isEqualTo(1);
    assertThat(file.stat().ino()).isEqualTo(guest.stat("/map/d/g").ino());
    file.release();
  }

  @Test
  void renamingReplacesAsPosixSays() throws Exception {
    guest.write("/map/a", "a").write("/map/b", "b").mkdir("/map/d").mkdir("/map/e");
    guest.write("/map/e/f", "f");

    guest.rename("/map/a", "/map/b");
    assertThat(host.resolve("b")).hasContent("a");
    assertThat(host.resolve("a")).doesNotExist();
    fails(Errno.ENOTDIR, () -> guest.rename("/map/d", "/map/b"));
    fails(Errno.EISDIR, () -> guest.rename("/map/b", "/map/d"));
    fails(Errno.ENOTEMPTY, () -> guest.rename("/map/d", "/map/e"));
    fails(Errno.EINVAL, () -> guest.rename("/map/e", "/map/e/below"));
    guest.rename("/map/e", "/map/d");
    assertThat(host.resolve("d/f")).hasContent("f");
    assertThat(guest.read("/map/d/f")).isEqualTo("f");
    fails(Errno.ENOENT, () -> guest.stat("/map/e"));
    fails(Errno.EXDEV, () -> guest.rename("/map/b", "/b"));
    guest.write("/out", "");
    fails(Errno.EXDEV, () -> guest.rename("/out", "/map/in"));
    fails(Errno.EXDEV, () -> guest.link("/map/b", "/b"));
    fails(Errno.EBUSY, () -> guest.rename("/map", "/other"));
  }

  @Test
  void aDirectoryIsFoundAgainBelowItsNewName() throws Exception {
    guest.mkdir("/map/a").mkdir("/map/a/b").write("/map/a/b/f", "f");
    guest.chdir("/map/a/b");
    guest.rename("/map/a", "/map/z");

    assertThat(guest.getcwd()).isEqualTo("/map/z/b");
    assertThat(guest.read("f")).isEqualTo("f");
    assertThat(guest.read("../b/f")).isEqualTo("f");
    guest.write("g", "g");
    assertThat(host.resolve("z/b/g")).hasContent("g");
  }

  @Test
  void aWorkingDirectoryThatIsRemovedIsGone() throws Exception {
    guest.mkdir("/map/d");
    guest.chdir("/map/d");
    guest.rmdir("/map/d");

    fails(Errno.ENOENT, guest::getcwd);
    fails(Errno.ENOENT, () -> guest.write("f", ""));
    assertThat(host).isEmptyDirectory();
  }

  @Test
  void anOpenDirectoryThatIsRemovedIsEmptyOfEverything() throws Exception {
    guest.mkdir("/map/d");
    var directory = guest.open("/map/d", OpenFlags.O_DIRECTORY);
    guest.rmdir("/map/d");

    assertThat(directory.stat().nlink()).isZero();
    fails(Errno.ENOENT, () -> directory.readDirectory(0, (cookie, ino, type, name) -> true));
    directory.release();
  }

  @Test
  void aListingGoesOnWhileEntriesComeAndGo() throws Exception {
    var expected = new TreeSet<String>();
    for (int i = 0; i < 300; i++) {
      Files.createFile(host.resolve("f" + i));
      expected.add("f" + i);
    }
    var seen = new TreeSet<String>();
    var directory = guest.open("/map", OpenFlags.O_DIRECTORY);
    long[] cookie = {0};
    for (int round = 0; ; round++) {
      int before = seen.size();
      int[] count = {0};
      directory.readDirectory(
          cookie[0],
          (next, ino, type, name) -> {
            cookie[0] = next;
            if (name[0] != '.') {
              assertThat(seen.add(Guest.text(name))).isTrue();
            }
            return ++count[0] < 7;
          });
      if (count[0] == 0) {
        break;
      }
      // Those that were seen go, as in rm -r; others come, and may be listed or not.
      for (String name : seen.headSet("g")) {
        Files.deleteIfExists(host.resolve(name));
      }
      Files.createFile(host.resolve("new" + round));
      assertThat(seen.size() - before).isLessThanOrEqualTo(7);
    }
    directory.release();

    assertThat(seen).containsAll(expected);
  }

  @Test
  void namesOfAnyBytesGoThroughAndBack() throws Exception {
    for (String name :
        new String[] {"h\u00c3\u00a9", "\u00ff\u00fe", "a b%20+", "\n\t\u0001", "~"}) {
      guest.write("/map/" + name, "x");
      assertThat(guest.list("/map")).containsExactly(name);
      assertThat(guest.read("/map/" + name)).isEqualTo("x");
      guest.rename("/map/" + name, "/map/" + name + "\u00e4");
      guest.unlink("/map/" + name + "\u00e4");
      guest.mkdir("/map/" + name);
      guest.rmdir("/map/" + name);
    }
    assertThat(host).isEmptyDirectory();
  }

  @Test
  void whatTheHostRemovesIsGone() throws Exception {
    guest.mkdir("/map/d").write("/map/d/f", "f");
    Files.delete(host.resolve("d/f"));
    Files.delete(host.resolve("d"));

    fails(Errno.ENOENT, () -> guest.stat("/map/d/f"));
    fails(Errno.ENOENT, () -> guest.stat("/map/d"));
    Files.writeString(host.resolve("d"), "now a file");
    assertThat(guest.read("/map/d")).isEqualTo("now a file");
  }

  @Test
  void directoriesThatTheHostTurnsUpsideDownLeadNowhereInCircles() throws Exception {
    guest.mkdir("/map/a").mkdir("/map/a/b");
    guest.chdir("/map/a/b");
    Files.move(host.resolve("a/b"), host.resolve("b"));
    Files.move(host.resolve("a"), host.resolve("b/a"));

    fails(Errno.ENOENT, guest::getcwd);
    assertThat(guest.stat("/map/b/a").type()).isEqualTo(FileType.DIRECTORY);
    assertThat(guest.getcwd()).isEqualTo("/map/b");
  }

  @Test
  void filesystemFiguresAreThoseOfTheHost() throws Exception {
    var stat = guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes("/map"));

    assertThat(stat.blocks() * stat.blockSize())
        .isEqualTo(Files.getFileStore(host).getTotalSpace());
    assertThat(stat.readOnly()).isFalse();
  }

  @Test
  void linksOfBothKindsCannotBeMade() {
    fails(Errno.EPERM, () -> guest.symlink("target", "/map/l"));
    fails(
        Errno.EOPNOTSUPP,
        () -> {
          guest.write("/map/f", "");
          guest.link("/map/f", "/map/g");
        });
  }

  @Test
  void anInterruptThatIsPendingDisturbsNoFile() throws Exception {
    var file = guest.create("/map/f");
    Thread.currentThread().interrupt();
    try {
      Guest.write(file, "content");
      assertThat(file.seek(0, Whence.END)).isEqualTo(7);
      assertThat(file.pread(new byte[9], 0, 9, 0)).isEqualTo(7);
      file.truncate(3);
      file.sync(true);
      guest.mkdir("/map/d");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file.stat().size()).isEqualTo(3);
    file.release();
  }

  @Test
  void openFilesAreBounded() throws Exception {
    var vfs = Vfs.builder().quota(Quota.DEFAULT.withOpenFiles(3)).build();
    var small = new Guest(vfs).mkdir("/map");
    vfs.mounts().hostDirectory("/map", host, MountOptions.DEFAULT);
    Files.createFile(host.resolve("f"));
    var first = small.open("/map/f", OpenFlags.O_RDONLY);
    small.open("/map/f", OpenFlags.O_RDONLY);
    small.open("/map/f", OpenFlags.O_RDONLY);

    fails(Errno.ENFILE, () -> small.open("/map/f", OpenFlags.O_RDONLY));
    first.release();
    small.open("/map/f", OpenFlags.O_RDONLY);
  }

  @Test
  void aWalkThroughManyDirectoriesHoldsFewDescriptorsOfTheHost() throws Exception {
    String deep = "/map";
    for (int i = 0; i < 200; i++) {
      guest.mkdir("/map/d" + i).write("/map/d" + i + "/f", "x");
      deep += "/e";
      guest.mkdir(deep);
    }
    long before = openDescriptors();
    for (int i = 0; i < 200; i++) {
      assertThat(guest.list("/map/d" + i)).containsExactly("f");
      assertThat(guest.read("/map/d" + i + "/f")).isEqualTo("x");
      guest.stat(deep);
    }

    assertThat(openDescriptors()).isBetween(before - 150, before + 100);
  }

  @Test
  void whatAMountKeepsOpenIsClosedOnceItsFilesystemIsGone() throws Exception {
    guest.mkdir("/map/d").mkdir("/map/d/e").write("/map/d/e/f", "x");
    assertThat(descriptorsBelow(host)).isPositive();

    guest = null;
    for (int i = 0; i < 200 && descriptorsBelow(host) > 0; i++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(descriptorsBelow(host)).isZero();
  }

  @Test
  void whatIsGivenBackToTheHostIsGoneAtOnceAndAnErrorFromThenOn() throws Exception {
    guest.mkdir("/map/d").mkdir("/map/d/e").write("/map/d/e/f", "x").write("/own", "y");
    var directory = guest.open("/map/d", OpenFlags.O_DIRECTORY);
    var file = guest.open("/map/d/e/f", OpenFlags.O_RDONLY);

    guest.vfs.mounts().releaseHost();
    guest.vfs.mounts().releaseHost();

    assertThat(descriptorsBelow(host)).as("the file is who has it open's").isEqualTo(1);
    file.release();
    assertThat(descriptorsBelow(host)).isZero();
    fails(Errno.EIO, () -> guest.read("/map/d/e/f"));
    fails(Errno.EIO, () -> guest.write("/map/new", ""));
    fails(Errno.EIO, () -> guest.mkdir("/map/new"));
    fails(Errno.EIO, () -> guest.unlink("/map/d/e/f"));
    fails(Errno.EIO, () -> guest.stat("/map"));
    fails(Errno.EIO, () -> guest.list("/map"));
    fails(Errno.EIO, () -> directory.readDirectory(0, (cookie, ino, type, name) -> true));
    directory.release();
    assertThat(guest.read("/own")).isEqualTo("y");
    assertThat(host.resolve("d/e/f")).hasContent("x");
    guest.vfs.mounts().unmount("/map");
    assertThat(guest.list("/map")).isEmpty();
  }

  private static long descriptorsBelow(Path directory) throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(fd -> pointsBelow(fd, directory)).count();
    }
  }

  private static boolean pointsBelow(Path fd, Path directory) {
    try {
      return Files.readSymbolicLink(fd).startsWith(directory);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static long openDescriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void aDirectoryThatIsTooDeepIsRefused() throws Exception {
    guest.chdir("/map");
    int depth = 0;
    Errno refused = null;
    while (refused == null && depth < 1000) {
      try {
        guest.mkdir("d");
        guest.chdir("d");
        depth++;
      } catch (ErrnoException e) {
        refused = e.errno();
      }
    }
    assertThat(refused).isEqualTo(Errno.ENAMETOOLONG);
    assertThat(depth).isEqualTo(512);
    // The test's own tidying up recurses: it is done here, bottom up.
    while (depth-- > 0) {
      guest.chdir("..");
      guest.rmdir("d");
    }
    assertThat(host).isEmptyDirectory();
  }

  @Test
  void whatIsNoDirectoryCannotBeMapped() throws Exception {
    var file = Files.createFile(host.resolve("file"));
    for (var path : new Path[] {file, host.resolve("missing")}) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> guest.vfs.mounts().hostDirectory("/map", path, MountOptions.DEFAULT))
          .withMessageContaining(path.toString())
          .withMessageContaining("cannot be mapped");
    }
    fails(
        Errno.ENOENT,
        () -> guest.vfs.mounts().hostDirectory("/nowhere", host, MountOptions.DEFAULT));
  }

  @Test
  void aSnapshotLeavesOutWhatIsMapped() throws Exception {
    guest.write("/map/f", "x");

    var fork = new Guest(Vfs.fork(guest.vfs.snapshot()));

    assertThat(fork.list("/map")).isEmpty();
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(new String(Files.readAllBytes(host.resolve("f")), StandardCharsets.UTF_8))
        .isEqualTo("x");
  }
}
