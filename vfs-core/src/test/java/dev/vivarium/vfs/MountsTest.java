package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
  @TempDir Path host;

  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  private void memory(MountOptions options) throws Exception {
    guest.mkdir("/m");
    guest.vfs.mounts().memory("/m", options);
  }

  private FileSystemStat statvfs(String path) throws Exception {
    return guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes(path));
  }

  @Test
  void aFilesystemInMemoryIsEverybodysAndNoPartOfSnapshots() throws Exception {
    memory(MountOptions.DEFAULT);
    assertThat(guest.stat("/m").mode()).isEqualTo(0041777);
    guest.as(7, 7).write("/m/f", "x");
    fails(Errno.EPERM, () -> guest.as(8, 8).unlink("/m/f"));
    assertThat(new Guest(Vfs.fork(guest.vfs.snapshot())).list("/m")).isEmpty();
  }

  @Test
  void itsLimitsAreItsOwn() throws Exception {
    memory(MountOptions.DEFAULT.withBytes(8192).withInodes(2));
    guest.write("/m/a", "x".repeat(8192));
    fails(Errno.ENOSPC, () -> guest.write("/m/b", "x"));
    fails(Errno.ENOSPC, () -> guest.touch("/m/c"));
    guest.write("/f", "x".repeat(8192));
    var stat = statvfs("/m");
    assertThat(stat.blocks() * stat.blockSize()).isEqualTo(8192);
    assertThat(stat.freeBlocks()).isZero();
    assertThat(stat.inodes()).isEqualTo(2);
    assertThat(stat.freeInodes()).isZero();
  }

  @Test
  void withoutLimitsItMayHaveAsMuchAsTheRoot() throws Exception {
    memory(MountOptions.DEFAULT);
    assertThat(statvfs("/m").inodes()).isEqualTo(statvfs("/").inodes());
    assertThat(statvfs("/m").blocks()).isEqualTo(statvfs("/").blocks());
  }

  @Test
  void aSnapshotIsMountedAsAForkThatPaysForItsChanges() throws Exception {
    var image = Guest.inNewWorld().mkdir("/lib").write("/lib/f", "image");
    guest.mkdir("/m");
    var limits = MountOptions.DEFAULT.withInodes(1);
    guest.vfs.mounts().snapshot("/m", image.vfs.snapshot(), limits);
    assertThat(guest.read("/m/lib/f")).isEqualTo("image");
    guest.write("/m/lib/new", "x");
    fails(Errno.ENOSPC, () -> guest.touch("/m/more"));
    assertThat(image.list("/lib")).containsExactly("f");
    assertThat(guest.stat("/m").mode()).isEqualTo(0040755);
  }

  @Test
  void nothingChangesInAReadOnlyMountNotEvenTimes() throws Exception {
    var image = Guest.inNewWorld().write("/f", "image").symlink("f", "/l").mkdir("/d");
    guest.mkdir("/m");
    guest.vfs.mounts().snapshot("/m", image.vfs.snapshot(), MountOptions.READ_ONLY);
    var before = guest.lstat("/m/l");
    var fileBefore = guest.stat("/m/f");
    assertThat(guest.read("/m/l")).isEqualTo("image");
    assertThat(guest.lstat("/m/l")).isEqualTo(before);
    assertThat(guest.stat("/m/f")).isEqualTo(fileBefore);
    fails(Errno.EROFS, () -> guest.touch("/m/new"));
    fails(Errno.EROFS, () -> guest.open("/m/f", OpenFlags.O_RDWR));
    fails(Errno.EROFS, () -> guest.rename("/m/f", "/m/g"));
    fails(Errno.EROFS, () -> guest.unlink("/m/f"));
    fails(Errno.EROFS, () -> guest.rmdir("/m/d"));
    fails(Errno.EROFS, () -> guest.chmod("/m/f", 0));
    fails(Errno.EROFS, () -> guest.truncate("/m/f", 0));
    fails(Errno.EROFS, () -> guest.access("/m/f", FileMode.W_OK));
  }

  /** {@code /v} and {@code /v/d} stay writable in a root that is read-only. */
  private void bindInReadOnlyRoot() throws Exception {
    guest.mkdir("/v").mkdir("/v/d").write("/v/d/f", "x").mkdir("/other");
    guest.vfs.mounts().bind("/v", MountOptions.DEFAULT);
    guest.vfs.mounts().remount("/", MountOptions.READ_ONLY);
  }

  @Test
  void whatIsMountedOverItselfStaysWritableWhenTheRestDoesNot() throws Exception {
    bindInReadOnlyRoot();
    guest.write("/v/d/f", "y").touch("/v/new").mkdir("/v/e");
    guest.rename("/v/new", "/v/e/new");
    assertThat(guest.list("/v")).containsExactlyInAnyOrder("d", "e");
    fails(Errno.EROFS, () -> guest.touch("/new"));
    fails(Errno.EROFS, () -> guest.touch("/v/../new"));
    fails(Errno.EROFS, () -> guest.touch("/v/d/../../other/new"));
    fails(Errno.EXDEV, () -> guest.rename("/v/d/f", "/other/f"));
    fails(Errno.EROFS, () -> guest.link("/v/d/f", "/other/f"));
    assertThat(guest.stat("/v").dev()).isEqualTo(guest.stat("/other").dev());
    assertThat(statvfs("/v").readOnly()).isFalse();
    assertThat(statvfs("/").readOnly()).isTrue();
  }

  @Test
  void whatIsChangedInADirectoryMountedOverItselfIsInSnapshots() throws Exception {
    bindInReadOnlyRoot();
    var before = guest.vfs.snapshot();
    guest.write("/v/d/f", "y").touch("/v/new");
    var fork = new Guest(Vfs.fork(guest.vfs.snapshot()));
    assertThat(fork.read("/v/d/f")).isEqualTo("y");
    assertThat(fork.list("/v")).containsExactlyInAnyOrder("d", "new");
    guest.vfs.rollback(before);
    assertThat(guest.read("/v/d/f")).isEqualTo("x");
  }

  @Test
  void aPathLeadsOutOfADirectoryMountedOverItselfAsBefore() throws Exception {
    guest.mkdir("/a").mkdir("/a/v").mkdir("/a/v/d").symlink("..", "/a/v/up").touch("/a/f");
    var listing = guest.vfs.tree("/");
    guest.vfs.mounts().bind("/a/v", MountOptions.DEFAULT);
    assertThat(guest.vfs.tree("/")).isEqualTo(listing);
    fails(Errno.EBUSY, () -> guest.rmdir("/a/v"));
    fails(Errno.EBUSY, () -> guest.rename("/a/v", "/w"));
    guest.chdir("/a/v/d");
    assertThat(guest.getcwd()).isEqualTo("/a/v/d");
    assertThat(guest.stat("../../f")).isEqualTo(guest.stat("/a/f"));
    assertThat(guest.stat("/a/v/d/../../f")).isEqualTo(guest.stat("/a/v/up/f"));
    guest.rename("/a", "/b");
    assertThat(guest.getcwd()).isEqualTo("/b/v/d");
    guest.chdir("/");
    guest.vfs.mounts().memory("/b/v/d", MountOptions.DEFAULT);
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/b/v"));
    guest.touch("/b/v/d/inner");
    guest.vfs.mounts().unmount("/b/v/d");
    guest.vfs.mounts().unmount("/b/v");
    assertThat(guest.list("/b/v/d")).isEmpty();
    guest.rmdir("/b/v/d");
  }

  /** A path leads to the root without crossing a mount, and out of it by {@code ..} with it. */
  @Test
  void theRootIsNotMountedOverItself() throws Exception {
    guest.mkdir("/v").symlink("/", "/l");
    for (var path : List.of("/", "/.", "/l", "/v/..")) {
      fails(Errno.EBUSY, () -> guest.vfs.mounts().bind(path, MountOptions.DEFAULT));
    }
  }

  @Test
  void whatIsOpenElsewhereIsNoReasonNotToShowADirectoryReadOnly() throws Exception {
    guest.mkdir("/v").touch("/f");
    var file = guest.open("/f", OpenFlags.O_RDWR);
    guest.vfs.mounts().bind("/v", MountOptions.READ_ONLY);
    file.release();
    fails(Errno.EROFS, () -> guest.touch("/v/x"));
  }

  @Test
  void whatIsMountedInADirectoryMountedOverItselfIsNotRolledAway() throws Exception {
    guest.mkdir("/v");
    guest.vfs.mounts().bind("/v", MountOptions.DEFAULT);
    var before = guest.vfs.snapshot();
    guest.mkdir("/v/d");
    guest.vfs.mounts().memory("/v/d", MountOptions.DEFAULT);
    fails(Errno.EBUSY, () -> guest.vfs.rollback(before));
  }

  @Test
  void aDirectoryMountedOverItselfHasOptionsButNoLimits() throws Exception {
    guest.mkdir("/v").mkdir("/m");
    var mounts = guest.vfs.mounts();
    fails(Errno.EINVAL, () -> mounts.bind("/v", MountOptions.DEFAULT.withBytes(1)));
    guest.touch("/f");
    fails(Errno.ENOTDIR, () -> mounts.bind("/f", MountOptions.DEFAULT));
    mounts.bind("/v", MountOptions.READ_ONLY);
    fails(Errno.EROFS, () -> guest.touch("/v/x"));
    guest.touch("/x");
    fails(Errno.EINVAL, () -> mounts.remount("/v", MountOptions.DEFAULT.withInodes(9)));
    mounts.remount("/v", MountOptions.DEFAULT);
    guest.touch("/v/x");
  }

  @Test
  void withNoExecRegularFilesAreNotExecutable() throws Exception {
    memory(MountOptions.DEFAULT.withNoExec(true));
    guest.touch("/m/f").chmod("/m/f", 0777).mkdir("/m/d");
    fails(Errno.EACCES, () -> guest.access("/m/f", FileMode.X_OK));
    fails(Errno.EACCES, () -> guest.access("/m/f", FileMode.R_OK | FileMode.X_OK));
    guest.access("/m/f", FileMode.R_OK | FileMode.W_OK);
    guest.access("/m/d", FileMode.X_OK);
    var file = guest.open("/m/f", OpenFlags.O_RDONLY);
    fails(Errno.EACCES, () -> file.access(Credentials.ROOT, FileMode.X_OK));
    file.release();
  }

  @Test
  void statvfsTellsTheOptions() throws Exception {
    var all =
        MountOptions.READ_ONLY.withNoExec(true).withNoSuid(true).withAccessTimes(AccessTimes.NONE);
    memory(all);
    assertThat(statvfs("/m").flags())
        .isEqualTo(
            FileSystemStat.ST_RDONLY
                | FileSystemStat.ST_NOEXEC
                | FileSystemStat.ST_NOSUID
                | FileSystemStat.ST_NOATIME);
    assertThat(all).hasToString("ro,nosuid,noexec,noatime");
    assertThat(statvfs("/").flags()).isEqualTo(FileSystemStat.ST_RELATIME);
    assertThat(MountOptions.DEFAULT.withAccessTimes(AccessTimes.STRICT).flags()).isZero();
    var directory = guest.open("/m", OpenFlags.O_RDONLY);
    assertThat(directory.statFileSystem()).isEqualTo(statvfs("/m"));
    directory.release();
  }

  @Test
  void theTimeOfAccessIsNotedAsTheMountSays() throws Exception {
    var ticking = new Guest(Vfs.builder().clock(new Ticks()).build()).mkdir("/m").mkdir("/s");
    ticking.vfs.mounts().memory("/m", MountOptions.DEFAULT.withAccessTimes(AccessTimes.NONE));
    ticking.vfs.mounts().memory("/s", MountOptions.DEFAULT.withAccessTimes(AccessTimes.STRICT));
    for (var path : new String[] {"/m/f", "/s/f"}) {
      ticking.write(path, "x");
      ticking.read(path);
      long first = ticking.stat(path).atime();
      ticking.read(path);
      if (path.startsWith("/s")) {
        assertThat(ticking.stat(path).atime()).isGreaterThan(first);
      } else {
        assertThat(ticking.stat(path).atime()).isEqualTo(first);
      }
    }
  }

  /** A clock that moves on with each look at it. */
  private static final class Ticks implements java.time.InstantSource {
    private long now;

    @Override
    public java.time.Instant instant() {
      return java.time.Instant.ofEpochSecond(++now);
    }
  }

  @Test
  void optionsThatAFilesystemDoesNotHaveAreEinval() throws Exception {
    guest.mkdir("/m");
    for (var options :
        new MountOptions[] {
          MountOptions.DEFAULT.withBytes(1),
          MountOptions.DEFAULT.withInodes(1),
          MountOptions.DEFAULT.withAccessTimes(AccessTimes.NONE)
        }) {
      fails(Errno.EINVAL, () -> guest.vfs.mounts().hostDirectory("/m", host, options));
      fails(Errno.EINVAL, () -> guest.vfs.mounts().tree("/m", host, options));
    }
  }

  @Test
  void whatIsUnmountedUncoversWhatWasThere() throws Exception {
    guest.mkdir("/m").touch("/m/below");
    guest.vfs.mounts().memory("/m", MountOptions.DEFAULT);
    guest.touch("/m/above");
    guest.vfs.mounts().memory("/m", MountOptions.DEFAULT);
    assertThat(guest.list("/m")).isEmpty();
    guest.vfs.mounts().unmount("/m");
    assertThat(guest.list("/m")).containsExactly("above");
    guest.vfs.mounts().unmount("/m");
    assertThat(guest.list("/m")).containsExactly("below");
    assertThat(guest.vfs.mounts().list()).hasSize(1);
    guest.unlink("/m/below");
    guest.rmdir("/m");
  }

  @Test
  void onlyAMountPointIsUnmountedAndTheRootNever() throws Exception {
    guest.mkdir("/d").touch("/f");
    fails(Errno.EINVAL, () -> guest.vfs.mounts().unmount("/d"));
    fails(Errno.EINVAL, () -> guest.vfs.mounts().unmount("/f"));
    fails(Errno.ENOENT, () -> guest.vfs.mounts().unmount("/none"));
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/"));
  }

  @Test
  void aMountIsBusyWhileAnythingInItIsOpen() throws Exception {
    memory(MountOptions.DEFAULT);
    guest.touch("/m/f").mkfifo("/m/p");
    int fifo = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK;
    int unnamed = OpenFlags.O_TMPFILE | OpenFlags.O_RDWR;
    for (var open :
        new Object[][] {
          {"/m/f", OpenFlags.O_RDONLY},
          {"/m", OpenFlags.O_RDONLY},
          {"/m/f", OpenFlags.O_PATH},
          {"/m/p", fifo},
          {"/m", unnamed}
        }) {
      var description = guest.open((String) open[0], (int) open[1]);
      fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
      description.retain();
      description.release();
      fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
      description.release();
    }
    fails(Errno.ENOENT, () -> guest.open("/m/none", OpenFlags.O_RDONLY));
    guest.vfs.mounts().unmount("/m");
  }

  @Test
  void aMountIsBusyWhileAProcessIsInItOrAnotherMountIsBelow() throws Exception {
    memory(MountOptions.DEFAULT);
    guest.mkdir("/m/sub");
    guest.chdir("/m/sub");
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
    guest.chdir("/m");
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
    var confined = new FsContext(Credentials.ROOT, guest.context.workingDirectory());
    guest.chdir("/");
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
    confined.close();
    guest.vfs.mounts().memory("/m/sub", MountOptions.DEFAULT);
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/m"));
    guest.vfs.mounts().unmount("/m/sub");
    guest.vfs.mounts().unmount("/m");
  }

  @Test
  void whatIsUnmountedIsNotPaidForAnyMore() throws Exception {
    guest.mkdir("/dev");
    long before = statvfs("/").freeInodes();
    guest.vfs.mounts().devices("/dev", Map.of());
    guest.as(7, 7).write("/dev/shm/f", "x".repeat(5000)).mkdir("/dev/shm/d");
    assertThat(statvfs("/").freeInodes()).isEqualTo(before - 2);
    guest.vfs.mounts().unmount("/dev");
    assertThat(statvfs("/").freeInodes()).isEqualTo(before);
    assertThat(statvfs("/").freeBlocks()).isEqualTo(statvfs("/").blocks());
  }

  @Test
  void mountsOfTheHostAreUnmountedToo() throws Exception {
    guest.mkdir("/m").mkdir("/t");
    guest.vfs.mounts().hostDirectory("/m", host, MountOptions.DEFAULT);
    guest.write("/m/f", "x");
    guest.vfs.mounts().unmount("/m");
    assertThat(guest.list("/m")).isEmpty();
    try (var jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      guest.vfs.mounts().tree("/t", jimfs.getPath("/"), MountOptions.DEFAULT);
      var file = guest.create("/t/f");
      fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/t"));
      file.release();
      guest.vfs.mounts().unmount("/t");
    }
  }

  @Test
  void numbersOfMountsAreTheirOwn() throws Exception {
    memory(MountOptions.DEFAULT);
    int first = guest.vfs.mounts().list().get(1).id();
    guest.vfs.mounts().unmount("/m");
    guest.vfs.mounts().memory("/m", MountOptions.DEFAULT);
    assertThat(guest.vfs.mounts().list())
        .extracting(Mount::id)
        .doesNotHaveDuplicates()
        .doesNotContain(first);
  }

  @Test
  void whatIsMountedOnTheRootIsNotSeenByWhoIsThere() throws Exception {
    guest.touch("/below");
    guest.vfs.mounts().memory("/", MountOptions.DEFAULT);
    assertThat(guest.list("/")).containsExactly("below");
    assertThat(guest.list("/..")).isEmpty();
  }

  @Test
  void syncingAFilesystemSaysWhetherItCan() throws Exception {
    guest.mkdir("/m");
    guest.vfs.mounts().hostDirectory("/m", host, MountOptions.DEFAULT);
    guest.vfs.sync();
    for (var path : new String[] {"/", "/m"}) {
      var directory = guest.open(path, OpenFlags.O_RDONLY);
      if (path.equals("/m")) {
        fails(Errno.EOPNOTSUPP, directory::syncFileSystem);
      } else {
        directory.syncFileSystem();
      }
      directory.release();
    }
    var place = guest.open("/", OpenFlags.O_PATH);
    fails(Errno.EBADF, place::syncFileSystem);
    place.release();
  }
}
