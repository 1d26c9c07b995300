package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private long now = 100 * SECOND;
  private final Guest guest =
      new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(0, now)).build());

  @Test
  void aNewInodeHasThePresentInNanoseconds() throws Exception {
    now = 5 * SECOND + 7;
    guest.touch("/f");
    assertTimes(guest.stat("/f"), now, now, now);
    assertThat(guest.stat("/").mtime()).isEqualTo(now);
  }

  @Test
  void writingAndTruncatingChangeContentAndInode() throws Exception {
    guest.touch("/f");
    var file = guest.open("/f", OpenFlags.O_RDWR);
    long born = now;
    now += 10;
    write(file, "x");
    assertTimes(file.stat(), born, now, now);
    long written = now;
    now += 10;
    write(file, "");
    assertTimes(file.stat(), born, written, written);
    file.truncate(1);
    assertTimes(file.stat(), born, now, now);
    file.release();
  }

  @Test
  void readingIsNotedOnceAfterAChangeAndOnceADay() throws Exception {
    guest.write("/f", "x");
    long born = now;
    now += 10;
    guest.read("/f");
    assertTimes(guest.stat("/f"), now, born, born);
    long first = now;
    now += DAY - 1;
    guest.read("/f");
    assertThat(guest.stat("/f").atime()).isEqualTo(first);
    now += 1;
    guest.read("/f");
    assertThat(guest.stat("/f").atime()).isEqualTo(now);
  }

  @Test
  void truncatingByPathToTheSameSizeIsAChangeIfThereIsContent() throws Exception {
    guest.touch("/f");
    long born = now;
    now += 10;
    guest.vfs.truncate(guest.context, guest.vfs.root(), bytes("/f"), 0);
    assertTimes(guest.stat("/f"), born, born, born);
    guest.write("/f", "x");
    now += 10;
    guest.vfs.truncate(guest.context, guest.vfs.root(), bytes("/f"), 1);
    assertTimes(guest.stat("/f"), born, now, now);
    guest.vfs.truncate(guest.context, guest.vfs.root(), bytes("/f"), 0);
    now += 10;
    guest.open("/f", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC).release();
    assertTimes(guest.stat("/f"), born, now, now);
  }

  @Test
  void setIdBitsGoWithoutAChangeOfTheirOwn() throws Exception {
    guest.touch("/f").chmod("/f", 04777);
    long born = now;
    now += 10;
    var stranger = guest.as(7, 7);
    stranger.vfs.truncate(stranger.context, stranger.vfs.root(), bytes("/f"), 0);
    assertThat(guest.stat("/f").mode() & 07777).isEqualTo(0777);
    assertTimes(guest.stat("/f"), born, born, born);
  }

  @Test
  void readingNothingIsReading() throws Exception {
    guest.touch("/f");
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    long born = now;
    now += 10;
    assertThat(file.read(new byte[0], 0, 0)).isZero();
    assertTimes(file.stat(), now, born, born);
    file.release();
  }

  @Test
  void readingWithNoAtimeIsNotNoted() throws Exception {
    guest.write("/f", "x").mkdir("/d");
    long born = now;
    now += 10;
    var file = guest.open("/f", OpenFlags.O_RDONLY | OpenFlags.O_NOATIME);
    read(file);
    file.release();
    var directory = guest.open("/d", OpenFlags.O_RDONLY | OpenFlags.O_NOATIME);
    directory.readDirectory(0, (cookie, ino, type, name) -> true);
    directory.release();
    assertThat(guest.stat("/f").atime()).isEqualTo(born);
    assertThat(guest.stat("/d").atime()).isEqualTo(born);
    fails(Errno.EPERM, () -> guest.as(7, 7).open("/f", OpenFlags.O_RDONLY | OpenFlags.O_NOATIME));
  }

  @Test
  void followingALinkAndListingADirectoryAreNoted() throws Exception {
    guest.mkdir("/d").symlink("d", "/link");
    now += 10;
    guest.stat("/link");
    guest.list("/d");
    assertThat(guest.lstat("/link").atime()).isEqualTo(now);
    assertThat(guest.stat("/d").atime()).isEqualTo(now);
  }

  @Test
  void changingNamesChangesTheirDirectoryAndTheInode() throws Exception {
    guest.mkdir("/d").touch("/f");
    long born = now;
    now += 10;
    guest.link("/f", "/d/f");
    assertTimes(guest.stat("/f"), born, born, now);
    assertTimes(guest.stat("/d"), born, now, now);
    now += 10;
    guest.rename("/d/f", "/d/g");
    assertThat(guest.stat("/f").ctime()).isEqualTo(now);
    assertThat(guest.stat("/d").mtime()).isEqualTo(now);
    now += 10;
    guest.unlink("/d/g");
    assertThat(guest.stat("/f").ctime()).isEqualTo(now);
    assertThat(guest.stat("/d").mtime()).isEqualTo(now);
    assertThat(guest.stat("/f").mtime()).isEqualTo(born);
  }

  @Test
  void changingModeOrOwnerChangesTheInodeOnly() throws Exception {
    guest.touch("/f");
    long born = now;
    now += 10;
    guest.chmod("/f", 0600);
    assertTimes(guest.stat("/f"), born, born, now);
    now += 10;
    guest.chown("/f", 1, 1);
    assertTimes(guest.stat("/f"), born, born, now);
  }

  @Test
  void timesAreSetLeftAloneOrMadeThePresent() throws Exception {
    guest.touch("/f");
    now += 10;
    guest.utimens("/f", TimeChange.at(-5), TimeChange.at(Long.MAX_VALUE));
    assertTimes(guest.stat("/f"), -5, Long.MAX_VALUE, now);
    now += 10;
    guest.utimens("/f", TimeChange.OMIT, TimeChange.NOW);
    assertTimes(guest.stat("/f"), -5, now, now);
    long before = now;
    now += 10;
    guest.utimens("/f", TimeChange.OMIT, TimeChange.OMIT);
    guest.utimens("/not/even/there", TimeChange.OMIT, TimeChange.OMIT);
    assertTimes(guest.stat("/f"), -5, before, before);
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    file.setTimes(guest.context.credentials(), TimeChange.at(3), TimeChange.at(4));
    assertTimes(file.stat(), 3, 4, now);
    file.release();
  }

  @Test
  void theTimesOfALinkAreItsOwn() throws Exception {
    guest.touch("/f").symlink("f", "/link");
    var at = guest.vfs.root();
    guest.vfs.setTimes(
        guest.context, at, bytes("/link"), TimeChange.at(1), TimeChange.at(2), false);
    assertThat(guest.lstat("/link").mtime()).isEqualTo(2);
    assertThat(guest.stat("/f").mtime()).isEqualTo(now);
  }

  @Test
  void onlyTheOwnerSetsTimesButWhoeverWritesMayTouch() throws Exception {
    guest.touch("/f").chmod("/f", 0666);
    var user = guest.as(7, 7);
    user.utimens("/f", TimeChange.NOW, TimeChange.NOW);
    fails(Errno.EPERM, () -> user.utimens("/f", TimeChange.at(1), TimeChange.NOW));
    fails(Errno.EPERM, () -> user.utimens("/f", TimeChange.OMIT, TimeChange.NOW));
    guest.chmod("/f", 0644);
    fails(Errno.EACCES, () -> user.utimens("/f", TimeChange.NOW, TimeChange.NOW));
  }

  @Test
  void readingIsNotedAsTheFilesystemWasToldTo() throws Exception {
    for (var choice : AccessTimes.values()) {
      now = 100 * SECOND;
      var world =
          new Guest(
              Vfs.builder().accessTimes(choice).clock(() -> Instant.ofEpochSecond(0, now)).build());
      world.write("/f", "x").mkdir("/d").symlink("f", "/l");
      long born = now;
      now += SECOND;
      world.read("/l");
      world.list("/d");
      long first = now;
      now += SECOND;
      world.read("/l");
      world.list("/d");
      long expected =
          switch (choice) {
            case RELATIVE -> first;
            case STRICT -> now;
            case NONE -> born;
          };
      assertThat(world.stat("/f").atime()).as("%s", choice).isEqualTo(expected);
      assertThat(world.stat("/d").atime()).as("%s", choice).isEqualTo(expected);
      assertThat(world.lstat("/l").atime()).as("%s", choice).isEqualTo(expected);
    }
  }

  @Test
  void statxTellsWhenAnInodeWasMadeWhateverBecameOfIt() throws Exception {
    guest.touch("/f").mkdir("/m");
    long born = now;
    now += SECOND;
    var file = guest.open("/f", OpenFlags.O_RDWR);
    write(file, "x");
    guest.utimens("/f", TimeChange.at(1), TimeChange.at(2));
    guest.vfs.snapshot();
    guest.chmod("/f", 0600);
    var statx = guest.vfs.statx(guest.context, guest.vfs.root(), bytes("/f"), true);
    assertThat(statx.birthTime()).hasValue(born);
    assertThat(statx.basic()).isEqualTo(guest.stat("/f"));
    assertThat(statx.mountRoot()).isFalse();
    assertThat(file.statx()).isEqualTo(statx);
    file.release();
    guest.vfs.mounts().devices("/m", Map.of());
    assertThat(guest.vfs.statx(guest.context, guest.vfs.root(), bytes("/m"), true).mountRoot())
        .isTrue();
    assertThat(guest.vfs.pipe(guest.context, 0).reader().statx().birthTime()).isEmpty();
  }

  private static void assertTimes(Stat stat, long access, long modification, long change) {
    assertThat(new long[] {stat.atime(), stat.mtime(), stat.ctime()})
        .containsExactly(access, modification, change);
  }
}
