package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** fchmod, fchown, futimens and fstatvfs. */
class DescriptorAttributesTest {
  private static final byte[] NONE = {};

  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void everyKindOfNodeIsChangedThroughItsDescriptor() throws Exception {
    guest.touch("/file").mkdir("/directory").mkfifo("/fifo").mkdir("/dev");
    guest.vfs.mounts().devices("/dev", Map.of("null", Devices.nothing()));
    for (var path : new String[] {"/file", "/directory", "/fifo", "/dev/null"}) {
      var file = guest.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
      file.changeOwner(Credentials.ROOT, 7, 8);
      file.changeMode(Credentials.ROOT, 0612);
      file.setTimes(Credentials.ROOT, TimeChange.at(3), TimeChange.at(4));
      var stat = guest.stat(path);
      assertThat(stat.mode() & FileMode.ALL).isEqualTo(0612);
      assertThat(stat.uid()).isEqualTo(7);
      assertThat(stat.gid()).isEqualTo(8);
      assertThat(stat.atime()).isEqualTo(3);
      assertThat(stat.mtime()).isEqualTo(4);
      assertThat(file.statFileSystem())
          .isEqualTo(guest.vfs.statFileSystem(guest.context, guest.vfs.root(), Guest.bytes(path)));
      file.release();
    }
  }

  @Test
  void whatHasLostItsNameIsStillChanged() throws Exception {
    guest.touch("/f");
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    guest.unlink("/f");
    file.changeMode(Credentials.ROOT, 0600);
    assertThat(file.stat().mode() & FileMode.ALL).isEqualTo(0600);
    file.release();
  }

  @Test
  void onlyOwnersChange() throws Exception {
    guest.touch("/f").chmod("/f", 0644);
    var stranger = new Credentials(7, 7);
    var file = guest.as(7, 7).open("/f", OpenFlags.O_RDONLY);
    fails(Errno.EPERM, () -> file.changeMode(stranger, 0777));
    fails(Errno.EPERM, () -> file.changeOwner(stranger, 7, 7));
    fails(Errno.EPERM, () -> file.setTimes(stranger, TimeChange.at(1), TimeChange.OMIT));
    fails(Errno.EACCES, () -> file.setTimes(stranger, TimeChange.NOW, TimeChange.NOW));
    file.setTimes(stranger, TimeChange.OMIT, TimeChange.OMIT);
    file.release();
  }

  @Test
  void aPlaceIsNotChangedThroughItsDescriptor() throws Exception {
    guest.touch("/f");
    var place = guest.open("/f", OpenFlags.O_PATH);
    fails(Errno.EBADF, () -> place.changeMode(Credentials.ROOT, 0777));
    fails(Errno.EBADF, () -> place.changeOwner(Credentials.ROOT, 1, 1));
    fails(Errno.EBADF, () -> place.setTimes(Credentials.ROOT, TimeChange.NOW, TimeChange.NOW));
    assertThat(place.statFileSystem().blocks()).isPositive();
    place.release();
  }

  @Test
  void aPipeHasAnInodeThatIsChangedAndLocked() throws Exception {
    var pipe = guest.as(7, 8).vfs.pipe(guest.as(7, 8).context, 0);
    var reader = pipe.reader();
    var stranger = new Credentials(9, 9);
    fails(Errno.EPERM, () -> reader.changeMode(stranger, 0777));
    reader.changeMode(new Credentials(7, 8), 0640);
    reader.changeOwner(Credentials.ROOT, 9, -1);
    reader.setTimes(Credentials.ROOT, TimeChange.at(3), TimeChange.OMIT);
    var stat = pipe.writer().stat();
    assertThat(stat).isEqualTo(reader.stat());
    assertThat(stat.type()).isEqualTo(FileType.FIFO);
    assertThat(stat.mode() & FileMode.ALL).isEqualTo(0640);
    assertThat(stat.uid()).isEqualTo(9);
    assertThat(stat.gid()).isEqualTo(8);
    assertThat(stat.atime()).isEqualTo(3);
    assertThat(reader.statFileSystem().blocks()).isZero();
    assertThat(reader.statx().mountRoot()).isFalse();
    fails(Errno.EPERM, () -> reader.setXattr(Credentials.ROOT, Guest.bytes("user.a"), NONE, 0));
    fails(Errno.EOPNOTSUPP, () -> reader.getXattr(Credentials.ROOT, Guest.bytes("security.a")));
    assertThat(reader.listXattr()).isEmpty();
    reader.lock(LockType.WRITE, false);
    fails(Errno.EAGAIN, () -> pipe.writer().lock(LockType.READ, false));
    reader.release();
    pipe.writer().lock(LockType.READ, false);
    pipe.writer().release();
  }

  @Test
  void allBitsOfTheAccessModeNeedAllAndAllowNothing() throws Exception {
    guest.write("/f", "x").chmod("/f", 0644).mkdir("/d").mkfifo("/fifo");
    int all = OpenFlags.O_ACCMODE;
    fails(Errno.EACCES, () -> guest.as(7, 7).open("/f", all));
    fails(Errno.EISDIR, () -> guest.open("/d", all));
    fails(Errno.EINVAL, () -> guest.open("/fifo", all));
    var file = guest.open("/f", all);
    fails(Errno.EBADF, () -> Guest.read(file));
    fails(Errno.EBADF, () -> Guest.write(file, "x"));
    fails(Errno.EINVAL, () -> file.truncate(0));
    file.changeMode(Credentials.ROOT, 0600);
    file.release();
  }
}
