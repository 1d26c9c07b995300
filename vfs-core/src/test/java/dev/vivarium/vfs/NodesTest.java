package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes of every kind, made by mknod. */
class NodesTest {
  private static final int NULL = 0x103;
  private static final int CHARACTER = FileType.CHARACTER_DEVICE.bits();
  private static final int BLOCK = FileType.BLOCK_DEVICE.bits();
  private static final int FIFO = FileType.FIFO.bits();
  private static final int SOCKET = FileType.SOCKET.bits();

  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void everyKindHasItsTypeAndTheModeWithoutTheUmask() throws Exception {
    guest.mknod("/plain", 0666, 5).mknod("/file", FileType.REGULAR.bits() | 04666, 5);
    guest.mknod("/fifo", FIFO | 0666, 5).mknod("/socket", SOCKET | 0777, 5);
    guest.mknod("/character", CHARACTER | 0622, 0x12345).mknod("/block", BLOCK | 0600, 0x801);
    assertThat(guest.stat("/plain").mode()).isEqualTo(FileType.REGULAR.bits() | 0644);
    assertThat(guest.stat("/file").mode()).isEqualTo(FileType.REGULAR.bits() | 04644);
    assertThat(guest.stat("/fifo").mode()).isEqualTo(FIFO | 0644);
    assertThat(guest.stat("/fifo").rdev()).isZero();
    assertThat(guest.stat("/socket").mode()).isEqualTo(SOCKET | 0755);
    assertThat(guest.stat("/character").rdev()).isEqualTo(0x12345);
    assertThat(guest.stat("/block").mode()).isEqualTo(BLOCK | 0600);
    assertThat(guest.list("/"))
        .containsExactly("plain", "file", "fifo", "socket", "character", "block");
  }

  @Test
  void whatIsWrongIsToldInTheOrderOfLinux() throws Exception {
    guest.mkdir("/d", 0755).touch("/f").symlink("/none", "/dangling");
    var user = guest.as(7, 7);
    fails(Errno.EPERM, () -> user.mknod("/none/x", FileType.DIRECTORY.bits() | 0777, 0));
    fails(Errno.EINVAL, () -> user.mknod("/none/x", FileType.SYMLINK.bits() | 0777, 0));
    fails(Errno.EINVAL, () -> user.mknod("/none/x", 0030777, 0));
    fails(Errno.ENOENT, () -> user.mknod("/none/x", FIFO | 0666, 0));
    fails(Errno.EEXIST, () -> user.mknod("/f", CHARACTER, 1));
    fails(Errno.EEXIST, () -> user.mknod("/dangling", FIFO, 0));
    fails(Errno.EEXIST, () -> user.mknod("/d/.", FIFO, 0));
    fails(Errno.ENOENT, () -> user.mknod("/d/x/", FIFO, 0));
    fails(Errno.EACCES, () -> user.mknod("/d/x", CHARACTER, 1));
  }

  @Test
  void onlyRootMakesDevicesButWhiteoutsAreForAll() throws Exception {
    guest.chmod("/", 0777);
    var user = guest.as(7, 7);
    fails(Errno.EPERM, () -> user.mknod("/x", CHARACTER | 0666, NULL));
    fails(Errno.EPERM, () -> user.mknod("/x", BLOCK | 0666, 0));
    user.mknod("/whiteout", CHARACTER, 0).mknod("/fifo", FIFO | 0600, 0);
    user.mknod("/socket", SOCKET | 0600, 0);
    assertThat(guest.stat("/socket").uid()).isEqualTo(7);
  }

  @Test
  void aNodeIsTheDeviceThatHasItsNumberIfThereIsOne() throws Exception {
    guest.mknod("/null", CHARACTER | 0666, NULL).mknod("/block", BLOCK | 0666, NULL);
    fails(Errno.ENXIO, () -> guest.open("/null", OpenFlags.O_RDWR));
    guest.mkdir("/dev");
    guest.vfs.mounts().devices("/dev", Map.of("null", Devices.nothing()));
    guest.vfs.mounts().devices("/dev", Map.of("own", Devices.zero()));
    guest.vfs.mounts().devices("/dev", Map.of("other", Devices.full()));
    var device = guest.open("/null", OpenFlags.O_RDWR);
    assertThat(write(device, "gone")).isEqualTo(4);
    assertThat(device.stat()).isEqualTo(guest.stat("/null"));
    device.release();
    fails(Errno.ENXIO, () -> guest.open("/block", OpenFlags.O_RDONLY));
    // Two devices without a number that Linux knows do not get the same one.
    guest.mknod("/own", CHARACTER | 0666, 240 << 8).mknod("/other", CHARACTER | 0666, 240 << 8 | 1);
    write(guest.open("/own", OpenFlags.O_WRONLY), "x");
    fails(Errno.ENOSPC, () -> write(guest.open("/other", OpenFlags.O_WRONLY), "x"));
  }

  @Test
  void aSocketIsOpenedByNobodyButStandsForItsPath() throws Exception {
    guest.mknod("/s", SOCKET | 0700, 0);
    fails(Errno.ENXIO, () -> guest.open("/s", OpenFlags.O_RDWR));
    fails(Errno.EACCES, () -> guest.as(7, 7).open("/s", OpenFlags.O_RDWR));
    fails(Errno.EINVAL, () -> guest.truncate("/s", 0));
    var place = guest.open("/s", OpenFlags.O_PATH);
    assertThat(place.type()).isEqualTo(FileType.SOCKET);
    place.release();
    guest.link("/s", "/t");
    guest.rename("/t", "/u");
    assertThat(guest.stat("/u").nlink()).isEqualTo(2);
  }

  @Test
  void snapshotsHaveTheNodesAndTellWhereTheyDiffer() throws Exception {
    guest.mkfifo("/fifo").mknod("/device", CHARACTER | 0666, NULL);
    var before = guest.vfs.snapshot();
    guest.unlink("/device");
    guest.mknod("/device", CHARACTER | 0666, NULL + 2).chmod("/fifo", 0600);
    var fork = new Guest(Vfs.fork(before));
    assertThat(fork.stat("/device").rdev()).isEqualTo(NULL);
    assertThat(fork.stat("/fifo").mode() & FileMode.PERMISSIONS).isEqualTo(0644);
    assertThat(guest.vfs.snapshot().diff(before).stream().map(Change::toString))
        .containsExactlyInAnyOrder("CHANGED /", "CHANGED /device", "CHANGED /fifo");
  }

  @Test
  void aNodeThatDoesNotFitIsNotThere() throws Exception {
    var full = new Guest(Vfs.builder().quota(Quota.DEFAULT.withInodes(1)).build());
    full.mkfifo("/a");
    fails(Errno.ENOSPC, () -> full.mkfifo("/b"));
    assertThat(full.list("/")).containsExactly("a");
    full.unlink("/a");
    full.mkfifo("/b");
    assertThat(full.vfs.check()).isEmpty();
  }
}
