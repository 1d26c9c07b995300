package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mount(2)} with MS_REMOUNT. */
class RemountTest {
  private static final int PAGE = 4096;

  @TempDir Path host;

  private long seconds = 1;
  private final Vfs vfs = Vfs.builder().clock(() -> Instant.ofEpochSecond(seconds)).build();
  private final Guest guest = new Guest(vfs);

  @BeforeEach
  void mount() throws Exception {
    guest.mkdir("/m");
    vfs.mounts().memory("/m", MountOptions.DEFAULT.withBytes(4 * PAGE).withInodes(4));
  }

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(vfs.check()).isEmpty();
  }

  private FileSystemStat statvfs(String path) throws Exception {
    return vfs.statFileSystem(guest.context, vfs.root(), bytes(path));
  }

  @Test
  void whatIsReadOnlyThenRefusesEveryChangeUntilItIsWritableAgain() throws Exception {
    guest.write("/m/f", "x");
    vfs.mounts().remount("/m", MountOptions.READ_ONLY);
    fails(Errno.EROFS, () -> guest.write("/m/f", "y"));
    fails(Errno.EROFS, () -> guest.mkdir("/m/d"));
    assertThat(statvfs("/m").readOnly()).isTrue();
    vfs.mounts().remount("/m", MountOptions.DEFAULT);
    guest.write("/m/f", "y");
    assertThat(guest.read("/m/f")).isEqualTo("y");
  }

  @Test
  void whatIsOpenForWritingOrWithoutANameKeepsItWritable() throws Exception {
    guest.touch("/m/f").mkfifo("/m/p");
    var reader = guest.open("/m/f", OpenFlags.O_RDONLY);
    var fifo = guest.open("/m/p", OpenFlags.O_RDWR);
    var place = guest.open("/m/f", OpenFlags.O_PATH);
    vfs.mounts().remount("/m", MountOptions.READ_ONLY);
    vfs.mounts().remount("/m", MountOptions.DEFAULT);
    var writer = guest.open("/m/f", OpenFlags.O_WRONLY);
    fails(Errno.EBUSY, () -> vfs.mounts().remount("/m", MountOptions.READ_ONLY));
    writer.release();
    var unnamed = guest.open("/m", OpenFlags.O_TMPFILE | OpenFlags.O_RDWR);
    fails(Errno.EBUSY, () -> vfs.mounts().remount("/m", MountOptions.READ_ONLY));
    unnamed.release();
    guest.unlink("/m/f");
    fails(Errno.EBUSY, () -> vfs.mounts().remount("/m", MountOptions.READ_ONLY));
    reader.release();
    place.release();
    vfs.mounts().remount("/m", MountOptions.READ_ONLY);
    fifo.release();
  }

  @Test
  void limitsMoveAsFarAsWhatIsUsedAllows() throws Exception {
    guest.write("/m/f", "x".repeat(2 * PAGE)).touch("/m/g");
    fails(
        Errno.EINVAL,
        () -> vfs.mounts().remount("/m", MountOptions.DEFAULT.withBytes(2 * PAGE - 1)));
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/m", MountOptions.DEFAULT.withInodes(1)));
    assertThat(statvfs("/m").blocks()).isEqualTo(4);
    vfs.mounts().remount("/m", MountOptions.DEFAULT.withBytes(2 * PAGE));
    fails(Errno.ENOSPC, () -> guest.write("/m/g", "x"));
    vfs.mounts().remount("/m", MountOptions.DEFAULT.withInodes(2));
    fails(Errno.ENOSPC, () -> guest.touch("/m/h"));
    // What is not given stays.
    assertThat(statvfs("/m").blocks()).isEqualTo(2);
    vfs.mounts().remount("/m", MountOptions.DEFAULT.withBytes(3 * PAGE).withInodes(3));
    guest.write("/m/h", "x");
    assertThat(vfs.mounts().list().get(1).options().bytes()).isEqualTo(3 * PAGE);
    assertThat(vfs.mounts().list().get(1).options().inodes()).isEqualTo(3);
  }

  @Test
  void whatFailsChangesNothing() throws Exception {
    guest.write("/m/f", "x");
    var options = MountOptions.READ_ONLY.withNoExec(true).withBytes(1).withInodes(100);
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/m", options));
    assertThat(statvfs("/m").flags()).isEqualTo(MountOptions.DEFAULT.flags());
    assertThat(statvfs("/m").inodes()).isEqualTo(4);
    guest.write("/m/f", "y");
  }

  @Test
  void programsSetIdsAndAccessTimesAreChosenAnew() throws Exception {
    guest.write("/m/f", "x").chmod("/m/f", 0755);
    seconds = 2;
    var options = MountOptions.DEFAULT.withNoExec(true).withNoSuid(true);
    vfs.mounts().remount("/m", options.withAccessTimes(AccessTimes.NONE));
    fails(Errno.EACCES, () -> guest.access("/m/f", FileMode.X_OK));
    guest.read("/m/f");
    assertThat(guest.stat("/m/f").atime()).isEqualTo(1_000_000_000L);
    assertThat(statvfs("/m").flags() & FileSystemStat.ST_NOSUID).isNotZero();
    vfs.mounts().remount("/m", MountOptions.DEFAULT.withAccessTimes(AccessTimes.STRICT));
    guest.access("/m/f", FileMode.X_OK);
    guest.read("/m/f");
    assertThat(guest.stat("/m/f").atime()).isEqualTo(2_000_000_000L);
  }

  @Test
  void theRootIsRemountedToo() throws Exception {
    vfs.mounts().remount("/", MountOptions.READ_ONLY);
    fails(Errno.EROFS, () -> guest.touch("/f"));
    guest.touch("/m/f");
    vfs.mounts().remount("/", MountOptions.DEFAULT.withInodes(1));
    fails(Errno.ENOSPC, () -> guest.touch("/f"));
  }

  @Test
  void onlyWhatIsMountedIsRemountedAndWithOptionsThatItHas() throws Exception {
    guest.mkdir("/d").touch("/f").mkdir("/dev").mkdir("/host");
    vfs.mounts().devices("/dev", Map.of("null", Devices.nothing()));
    vfs.mounts().hostDirectory("/host", host, MountOptions.READ_ONLY);
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/d", MountOptions.DEFAULT));
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/f", MountOptions.DEFAULT));
    fails(Errno.ENOENT, () -> vfs.mounts().remount("/none", MountOptions.DEFAULT));
    // What is in it counts as the root's.
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/dev", MountOptions.DEFAULT.withInodes(9)));
    vfs.mounts().remount("/dev", MountOptions.READ_ONLY);
    fails(Errno.EINVAL, () -> vfs.mounts().remount("/host", MountOptions.DEFAULT.withInodes(9)));
    fails(Errno.EACCES, () -> vfs.mounts().remount("/host", MountOptions.DEFAULT));
    vfs.mounts().remount("/host", MountOptions.READ_ONLY.withNoExec(true));
  }
}
