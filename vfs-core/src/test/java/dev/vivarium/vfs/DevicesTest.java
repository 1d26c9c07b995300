package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private final Guest guest = Guest.inNewWorld();

  @BeforeEach
  void mount() throws Exception {
    guest.mkdir("/dev");
    var devices = new LinkedHashMap<>(Devices.standard(new Random(1)));
    devices.put("own", new Device() {});
    guest.vfs.mounts().devices("/dev", devices);
  }

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void nodesAreListedInOrderWithTheNumbersOfLinux() throws Exception {
    assertThat(guest.list("/dev"))
        .containsExactly(
            "null", "zero", "full", "random", "urandom", "own", "tty", "fd", "stdin", "stdout",
            "stderr", "shm");
    var stat = guest.stat("/dev/null");
    assertThat(stat.mode()).isEqualTo(FileType.CHARACTER_DEVICE.bits() | 0666);
    assertThat(stat.rdev()).isEqualTo(0x103);
    assertThat(stat.dev()).isNotZero().isNotEqualTo(guest.stat("/").dev());
  }

  @Test
  void nullTakesAllAndGivesNothing() throws Exception {
    var device = guest.open("/dev/null", OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
    assertThat(write(device, "gone")).isEqualTo(4);
    assertThat(device.read(new byte[4], 0, 4)).isZero();
    assertThat(device.seek(10, Whence.SET)).isZero();
    assertThat(device.stat()).isEqualTo(guest.stat("/dev/null"));
    fails(Errno.EINVAL, () -> device.sync(false));
    fails(Errno.EINVAL, () -> device.truncate(0));
    fails(Errno.ENODEV, () -> device.allocate(0, 1));
    device.release();
  }

  @Test
  void zeroAndFullGiveZerosAndFullTakesNothing() throws Exception {
    for (var path : new String[] {"/dev/zero", "/dev/full"}) {
      var device = guest.open(path, OpenFlags.O_RDONLY);
      byte[] buffer = {1, 1, 1, 1};
      assertThat(device.read(buffer, 1, 2)).isEqualTo(2);
      assertThat(buffer).containsExactly(1, 0, 0, 1);
      fails(Errno.EBADF, () -> write(device, "x"));
      device.release();
    }
    var full = guest.open("/dev/full", OpenFlags.O_WRONLY);
    fails(Errno.ENOSPC, () -> write(full, "x"));
    full.release();
  }

  @Test
  void randomGivesWhatItsSourceGives() throws Exception {
    var expected = new byte[10_000];
    var source = new Random(1);
    for (int i = 0; i < expected.length; i += 4096) {
      var part = new byte[4096];
      source.nextBytes(part);
      System.arraycopy(part, 0, expected, i, Math.min(4096, expected.length - i));
    }
    var device = guest.open("/dev/urandom", OpenFlags.O_RDONLY);
    var buffer = new byte[10_000];
    assertThat(device.read(buffer, 0, 10_000)).isEqualTo(10_000);
    assertThat(buffer).isEqualTo(expected);
    device.release();
  }

  @Test
  void mountsAreCrossedBothWays() throws Exception {
    guest.chdir("/dev");
    assertThat(guest.getcwd()).isEqualTo("/dev");
    assertThat(guest.stat("..").ino()).isEqualTo(guest.stat("/").ino());
    assertThat(guest.stat("../dev/null")).isEqualTo(guest.stat("null"));
    guest.mkdir("sub");
    guest.chdir("sub");
    assertThat(guest.getcwd()).isEqualTo("/dev/sub");
    assertThat(guest.stat("../..").ino()).isEqualTo(guest.stat("/").ino());
  }

  @Test
  void aMountPointIsBusyAndNothingMovesAcross() throws Exception {
    guest.touch("/f").mkdir("/d");
    fails(Errno.EBUSY, () -> guest.rmdir("/dev"));
    fails(Errno.EBUSY, () -> guest.rename("/dev", "/elsewhere"));
    fails(Errno.EBUSY, () -> guest.rename("/d", "/dev"));
    fails(Errno.EXDEV, () -> guest.rename("/f", "/dev/f"));
    fails(Errno.EXDEV, () -> guest.rename("/dev/null", "/null"));
    fails(Errno.EXDEV, () -> guest.link("/dev/null", "/null"));
  }

  @Test
  void whatGuestsPutIntoDevIsChargedAndNotPartOfSnapshots() throws Exception {
    var small = new Guest(Vfs.builder().quota(Quota.DEFAULT.withInodes(2)).build()).mkdir("/dev");
    small.vfs.mounts().devices("/dev", Devices.standard(new Random(1)));
    small.write("/dev/shm/f", "x");
    fails(Errno.ENOSPC, () -> small.touch("/dev/more"));
    assertThat(small.vfs.check()).isEmpty();
    assertThat(new Guest(Vfs.fork(small.vfs.snapshot())).list("/dev")).isEmpty();
  }

  @Test
  void whatIsMissingOrNoDirectoryIsNotMountedOn() throws Exception {
    guest.touch("/f");
    fails(Errno.ENOTDIR, () -> guest.vfs.mounts().devices("/f", Devices.standard(new Random())));
    fails(Errno.ENOENT, () -> guest.vfs.mounts().devices("/none", Devices.standard(new Random())));
  }

  @Test
  void aStreamWithoutANodeHasAStatusOfItsKind() throws Exception {
    var terminal = new DeviceDescription(new Device() {}, OpenFlags.O_RDONLY);
    assertThat(terminal.stat().type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(terminal.stat().dev()).isNotZero();
    assertThat(terminal.stat().ino()).isNotZero();
    fails(Errno.ESPIPE, () -> terminal.seek(0, Whence.CUR));
    fails(Errno.ESPIPE, () -> terminal.pread(new byte[1], 0, 1, 0));
    fails(Errno.EBADF, () -> write(terminal, "x"));
    fails(Errno.EINVAL, () -> terminal.read(bytes("x"), 0, 1));
  }
}
