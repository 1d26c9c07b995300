package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.open.Transfer.OFFSET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls that not every filesystem has, in a directory of the host. */
class HostDirectoryCallsTest {
  @TempDir Path host;
  private Guest guest;

  @BeforeEach
  void mapTheDirectory() throws Exception {
    guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().hostDirectory("/map", host, MountOptions.DEFAULT);
    guest.write("/map/f", "content").write("/map/g", "other").mkdir("/map/d");
  }

  @Test
  void whatThePlatformDoesNotHaveIsSaidAsOnOtherFilesystemsWithoutIt() throws Exception {
    fails(Errno.EPERM, () -> guest.mkfifo("/map/fifo"));
    fails(Errno.EPERM, () -> guest.mknod("/map/null", FileType.CHARACTER_DEVICE.bits(), 0x103));
    fails(Errno.EOPNOTSUPP, () -> guest.open("/map", OpenFlags.O_TMPFILE | OpenFlags.O_RDWR));
    fails(Errno.EINVAL, () -> guest.rename("/map/f", "/map/d", RenameFlags.RENAME_EXCHANGE));
    fails(Errno.EOPNOTSUPP, () -> guest.setxattr("/map/f", "user.a", "x", 0));
    fails(Errno.EOPNOTSUPP, () -> guest.getxattr("/map/f", "user.a"));
    fails(Errno.EOPNOTSUPP, () -> guest.removexattr("/map/f", "user.a"));
    assertThat(guest.listxattr("/map/f")).isEmpty();
    var file = guest.open("/map/f", OpenFlags.O_RDWR);
    int punch = AllocateFlags.FALLOC_FL_PUNCH_HOLE | AllocateFlags.FALLOC_FL_KEEP_SIZE;
    fails(Errno.EOPNOTSUPP, () -> file.allocate(punch, 0, 1));
    fails(Errno.EINVAL, () -> file.allocate(punch, 0, 0));
    assertThat(file.statx().birthTime()).isEmpty();
    file.release();
    assertThat(guest.vfs.statx(guest.context, guest.vfs.root(), bytes("/map"), true).mountRoot())
        .isTrue();
    guest.mknod("/map/plain", 0644, 0);
    assertThat(host.resolve("plain")).isEmptyFile();
  }

  @Test
  void whatIsThereStaysWithNoReplace() throws Exception {
    fails(Errno.EEXIST, () -> guest.rename("/map/f", "/map/g", RenameFlags.RENAME_NOREPLACE));
    guest.rename("/map/f", "/map/h", RenameFlags.RENAME_NOREPLACE);
    assertThat(host.resolve("h")).hasContent("content");
    assertThat(host.resolve("g")).hasContent("other");
  }

  @Test
  void descriptorsChangeTheFilesOfTheHost() throws Exception {
    var file = guest.open("/map/f", OpenFlags.O_RDONLY);
    file.changeMode(Credentials.ROOT, 0600);
    assertThat(guest.stat("/map/f").mode() & FileMode.ALL).isEqualTo(0600);
    file.setTimes(Credentials.ROOT, TimeChange.OMIT, TimeChange.at(5_000_000_000L));
    assertThat(Files.getLastModifiedTime(host.resolve("f")).toMillis()).isEqualTo(5000);
    fails(Errno.EPERM, () -> file.changeOwner(Credentials.ROOT, 7, 7));
    fails(Errno.EPERM, () -> file.changeMode(Credentials.ROOT, 04600));
    file.statFileSystem();
    guest.unlink("/map/f");
    fails(Errno.EBADF, () -> file.changeMode(Credentials.ROOT, 0644));
    file.release();
  }

  @Test
  void locksHoldAmongGuests() throws Exception {
    var first = guest.open("/map/f", OpenFlags.O_RDWR);
    var second = guest.open("/map/f", OpenFlags.O_RDWR);
    var other = guest.open("/map/g", OpenFlags.O_RDWR);
    first.setRecordLock(LockRequest.of(LockType.WRITE, 0, 0), false);
    fails(Errno.EAGAIN, () -> second.setRecordLock(LockRequest.of(LockType.READ, 0, 1), false));
    other.setRecordLock(LockRequest.of(LockType.WRITE, 0, 0), false);
    first.release();
    second.setRecordLock(LockRequest.of(LockType.READ, 0, 1), false);
    second.release();
    other.release();
  }

  @Test
  void contentMovesBetweenTheHostAndTheTree() throws Exception {
    var from = guest.open("/map/f", OpenFlags.O_RDONLY);
    var to = guest.create("/copy");
    assertThat(Transfer.copyRange(from, OFFSET, to, OFFSET, 100)).isEqualTo(7);
    assertThat(guest.read("/copy")).isEqualTo("content");
    var back = guest.open("/map/g", OpenFlags.O_RDWR);
    assertThat(Transfer.sendFile(back, to, 3, 100)).isEqualTo(4);
    assertThat(host.resolve("g")).hasContent("tentr");
    from.release();
    to.release();
    back.release();
  }
}
