package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.posix.RenameFlags.RENAME_EXCHANGE;
import static dev.vivarium.vfs.posix.RenameFlags.RENAME_NOREPLACE;
import static dev.vivarium.vfs.posix.RenameFlags.RENAME_WHITEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RenameFlagsTest {
  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void flagsThatAreUnknownOrDoNotGoTogetherAreEinvalBeforeAll() {
    for (int flags :
        new int[] {8, -1, RENAME_NOREPLACE | RENAME_EXCHANGE, RENAME_WHITEOUT | RENAME_EXCHANGE}) {
      fails(Errno.EINVAL, () -> guest.rename("/none/x", "/none/y", flags));
    }
  }

  @Test
  void withNoReplaceWhatIsThereStays() throws Exception {
    guest.write("/a", "a").write("/b", "b").symlink("/none", "/dangling").mkdir("/d");
    for (var path : new String[] {"/b", "/a", "/dangling", "/d", "/d/.", "/", "/d/.."}) {
      fails(Errno.EEXIST, () -> guest.rename("/a", path, RENAME_NOREPLACE));
    }
    fails(Errno.ENOENT, () -> guest.rename("/none", "/b", RENAME_NOREPLACE));
    fails(Errno.ENOTDIR, () -> guest.rename("/a", "/new/", RENAME_NOREPLACE));
    guest.rename("/a", "/new", RENAME_NOREPLACE);
    guest.rename("/d", "/e/", RENAME_NOREPLACE);
    assertThat(guest.list("/")).containsExactly("new", "b", "dangling", "e");
  }

  @Test
  void exchangedNamesKeepTheirPlacesAndMeanEachOthersFiles() throws Exception {
    guest.write("/a", "a").write("/b", "b").touch("/c");
    guest.rename("/a", "/b", RENAME_EXCHANGE);
    assertThat(guest.read("/a")).isEqualTo("b");
    assertThat(guest.read("/b")).isEqualTo("a");
    assertThat(guest.list("/")).containsExactly("a", "b", "c");
    guest.rename("/a", "/a", RENAME_EXCHANGE);
    assertThat(guest.read("/a")).isEqualTo("b");
  }

  @Test
  void aFileIsExchangedWithADirectoryElsewhereThatIsNotEmpty() throws Exception {
    guest.mkdir("/left").mkdir("/right").write("/left/x", "file").mkdir("/right/y");
    guest.mkdir("/right/y/z").mkdir("/right/y/z/deep");
    guest.chdir("/right/y/z");
    guest.rename("/left/x", "/right/y", RENAME_EXCHANGE);
    assertThat(guest.read("/right/y")).isEqualTo("file");
    assertThat(guest.getcwd()).isEqualTo("/left/x/z");
    assertThat(guest.stat("/left/x/..").ino()).isEqualTo(guest.stat("/left").ino());
    assertThat(guest.stat("/left").nlink()).isEqualTo(3);
    assertThat(guest.stat("/right").nlink()).isEqualTo(2);
    guest.rename("/right/y", "/left/x", RENAME_EXCHANGE);
    assertThat(guest.getcwd()).isEqualTo("/right/y/z");
  }

  @Test
  void filesWithSeveralNamesAreExchangedByOneOfThem() throws Exception {
    guest.write("/a", "a").write("/b", "b").mkdir("/d");
    guest.link("/a", "/d/a2");
    guest.link("/b", "/b2");
    guest.rename("/d/a2", "/b", RENAME_EXCHANGE);
    assertThat(guest.read("/b")).isEqualTo("a");
    assertThat(guest.read("/d/a2")).isEqualTo("b");
    assertThat(guest.read("/b2")).isEqualTo("b");
    guest.rename("/a", "/b", RENAME_EXCHANGE);
    guest.unlink("/a");
    assertThat(guest.stat("/b").nlink()).isEqualTo(1);
  }

  @Test
  void bothNamesMustBeThereAndNeitherAboveTheOther() throws Exception {
    guest.touch("/f").mkdir("/d").mkdir("/d/e").touch("/d/e/x");
    fails(Errno.ENOENT, () -> guest.rename("/f", "/none", RENAME_EXCHANGE));
    fails(Errno.ENOENT, () -> guest.rename("/none", "/f", RENAME_EXCHANGE));
    fails(Errno.ENOENT, () -> guest.rename("/d", "/d/e/new", RENAME_EXCHANGE));
    fails(Errno.EINVAL, () -> guest.rename("/d", "/d/e", RENAME_EXCHANGE));
    fails(Errno.EINVAL, () -> guest.rename("/d/e/x", "/d", RENAME_EXCHANGE));
    fails(Errno.EBUSY, () -> guest.rename("/f", "/", RENAME_EXCHANGE));
    fails(Errno.ENOTDIR, () -> guest.rename("/f/", "/d", RENAME_EXCHANGE));
    fails(Errno.ENOTDIR, () -> guest.rename("/d", "/f/", RENAME_EXCHANGE));
    guest.rename("/f", "/d/", RENAME_EXCHANGE);
    assertThat(guest.list("/f")).containsExactly("e");
  }

  @Test
  void whoExchangesMayRemoveBothAndWriteDirectoriesThatMove() throws Exception {
    guest.mkdir("/sticky").chmod("/sticky", 01777).touch("/sticky/roots").chmod("/", 0777);
    var user = guest.as(7, 7);
    user.touch("/sticky/own").mkdir("/locked", 0555).touch("/mine").chmod("/mine", 0);
    fails(Errno.EPERM, () -> user.rename("/sticky/own", "/sticky/roots", RENAME_EXCHANGE));
    fails(Errno.EPERM, () -> user.rename("/sticky/roots", "/sticky/own", RENAME_EXCHANGE));
    fails(Errno.EACCES, () -> user.rename("/locked", "/sticky/own", RENAME_EXCHANGE));
    fails(Errno.EACCES, () -> user.rename("/sticky/own", "/locked", RENAME_EXCHANGE));
    user.rename("/mine", "/locked", RENAME_EXCHANGE);
  }

  @Test
  void mountPointsStayWhereTheyAre() throws Exception {
    guest.mkdir("/m").mkdir("/d");
    guest.vfs.mounts().devices("/m", Map.of());
    fails(Errno.EBUSY, () -> guest.rename("/m", "/d", RENAME_EXCHANGE));
    fails(Errno.EBUSY, () -> guest.rename("/d", "/m", RENAME_EXCHANGE));
    fails(Errno.EXDEV, () -> guest.rename("/d", "/m/x", RENAME_EXCHANGE));
  }

  @Test
  void snapshotsDoNotSeeAnExchange() throws Exception {
    guest.write("/a", "a").mkdir("/d").write("/d/b", "b");
    var snapshot = guest.vfs.snapshot();
    guest.rename("/a", "/d/b", RENAME_EXCHANGE);
    var fork = new Guest(Vfs.fork(snapshot));
    assertThat(fork.read("/a")).isEqualTo("a");
    assertThat(fork.read("/d/b")).isEqualTo("b");
    assertThat(fork.vfs.check()).isEmpty();
    assertThat(guest.vfs.snapshot().diff(snapshot).stream().map(Change::toString))
        .contains("RENAMED /d/b -> /a", "RENAMED /a -> /d/b");
  }

  @Test
  void depthIsLimitedForBothThatMove() throws Exception {
    var limited = new Guest(Vfs.builder().quota(Quota.DEFAULT.withDepth(3)).build());
    limited.mkdir("/a").mkdir("/a/b").mkdir("/a/b/c").mkdir("/d").mkdir("/d/e").touch("/f");
    fails(Errno.ENOSPC, () -> limited.rename("/d", "/a/b/c", RENAME_EXCHANGE));
    fails(Errno.ENOSPC, () -> limited.rename("/a/b/c", "/d", RENAME_EXCHANGE));
    limited.rename("/f", "/a/b/c", RENAME_EXCHANGE);
    assertThat(limited.vfs.check()).isEmpty();
  }

  @Test
  void aWhiteoutIsLeftWhereTheNameWasAlsoByWhoIsNotRoot() throws Exception {
    guest.mkdir("/d").chmod("/d", 0777);
    var user = guest.as(7, 8).write("/d/a", "a").write("/d/b", "b").mkdir("/d/sub");
    user.rename("/d/a", "/d/new", RENAME_WHITEOUT);
    user.rename("/d/b", "/d/new", RENAME_WHITEOUT);
    user.rename("/d/sub", "/d/sub2", RENAME_WHITEOUT | RENAME_NOREPLACE);
    assertThat(user.read("/d/new")).isEqualTo("b");
    for (var left : new String[] {"/d/a", "/d/b", "/d/sub"}) {
      var stat = guest.stat(left);
      assertThat(stat.mode()).isEqualTo(FileType.CHARACTER_DEVICE.bits());
      assertThat(stat.rdev()).isZero();
      assertThat(stat.uid()).isEqualTo(7);
      assertThat(stat.nlink()).isEqualTo(1);
    }
    assertThat(guest.stat("/d/sub2").type()).isEqualTo(FileType.DIRECTORY);
    assertThat(guest.stat("/d").nlink()).isEqualTo(3);
    assertThat(guest.list("/d")).containsExactlyInAnyOrder("a", "b", "sub", "new", "sub2");
  }

  @Test
  void whatNeedsNoMoveLeavesNoWhiteout() throws Exception {
    guest.write("/a", "a").link("/a", "/b");
    guest.rename("/a", "/b", RENAME_WHITEOUT);
    guest.rename("/a", "/a", RENAME_WHITEOUT);
    assertThat(guest.read("/a")).isEqualTo("a");
    assertThat(guest.stat("/b").nlink()).isEqualTo(2);
  }

  @Test
  void aWhiteoutThatThereIsNoRoomForChangesNothing() throws Exception {
    var small = new Guest(Vfs.builder().quota(Quota.DEFAULT.withInodes(2)).build());
    small.write("/a", "a").write("/b", "b");
    fails(Errno.ENOSPC, () -> small.rename("/a", "/c", RENAME_WHITEOUT));
    assertThat(small.list("/")).containsExactly("a", "b");
    assertThat(small.vfs.check()).isEmpty();
    small.unlink("/b");
    small.rename("/a", "/c", RENAME_WHITEOUT);
    assertThat(small.vfs.check()).isEmpty();
  }
}
