package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.DIRECTORY;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.TRUNC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;

class DescriptorRightsTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void rightsThatAreGivenUpAreGone() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_fdstat_set_rights", fd, Rights.FD_READ | Rights.FD_TELL, 0L);
    assertThat(guest.call("fd_write", fd, guest.iovecs(DATA, 1), 1, OUT))
        .isEqualTo(Errno.ENOTCAPABLE);
    assertThat(guest.call("fd_seek", fd, 0L, 0, OUT)).isEqualTo(Errno.ENOTCAPABLE);
    assertThat(guest.call("fd_filestat_get", fd, OUT)).isEqualTo(Errno.ENOTCAPABLE);
    guest.ok("fd_tell", fd, OUT).ok("fd_fdstat_get", fd, OUT);
    assertThat(guest.u64(OUT + 8)).isEqualTo(Rights.FD_READ | Rights.FD_TELL);
    assertThat(guest.read(fd)).isEmpty();
    guest.ok("fd_close", fd);
  }

  @Test
  void rightsCannotBeWidened() {
    int fd = guest.open("f", CREAT);
    assertThat(guest.call("fd_fdstat_set_rights", fd, -1L, 0L)).isEqualTo(Errno.ENOTCAPABLE);
    guest.ok("fd_fdstat_set_rights", fd, Rights.FD_READ, 0L);
    assertThat(guest.call("fd_fdstat_set_rights", fd, Rights.FD_READ | Rights.FD_SEEK, 0L))
        .isEqualTo(Errno.ENOTCAPABLE);
    assertThat(guest.call("fd_fdstat_set_rights", fd, 0L, Rights.FD_READ))
        .isEqualTo(Errno.ENOTCAPABLE);
    assertThat(guest.call("fd_fdstat_set_rights", 99, 0L, 0L)).isEqualTo(Errno.EBADF);
  }

  @Test
  void whatIsReportedCanBeSetAgain() {
    guest.ok("fd_fdstat_get", 3, OUT);
    guest.ok("fd_fdstat_set_rights", 3, guest.u64(OUT + 8), guest.u64(OUT + 16));
    int fd = guest.open("f", CREAT);
    guest.write(fd, "x");
  }

  @Test
  void theRightToSeekIncludesTheRightToTell() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_fdstat_set_rights", fd, Rights.FD_SEEK, 0L);
    guest.ok("fd_tell", fd, OUT);
  }

  @Test
  void aDirectoryPassesOnlyItsInheritingRightsOn() {
    int directory = guest.open(".", DIRECTORY);
    guest.open("f", CREAT);
    long base = Rights.PATH_OPEN | Rights.PATH_CREATE_FILE;
    guest.ok("fd_fdstat_set_rights", directory, base, Rights.FD_READ | Rights.FD_SEEK);
    assertThat(open(directory, "f", 0, Rights.FD_WRITE)).isEqualTo(Errno.ENOTCAPABLE);
    assertThat(open(directory, "f", TRUNC, Rights.FD_READ)).isEqualTo(Errno.ENOTCAPABLE);
    assertThat(open(directory, "new", CREAT, Rights.FD_READ)).isNull();
    assertThat(guest.call("path_unlink_file", directory, "new")).isEqualTo(Errno.ENOTCAPABLE);
    assertThat(guest.call("fd_filestat_get", guest.u32(OUT), OUT)).isEqualTo(Errno.ENOTCAPABLE);
  }

  private Errno open(int directory, String path, int oflags, long rights) {
    return guest.call("path_open", directory, 0, path, oflags, rights, 0L, 0, OUT);
  }
}
