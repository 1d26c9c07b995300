package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.DIRECTORY;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;

class FdCallsTest {
  private static final int APPEND = 1;
  private static final int NONBLOCK = 4;
  private static final int SYNC = 16;

  private final TestGuest guest = new TestGuest();

  @Test
  void aClosedDescriptorIsBad() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_close", fd);
    assertThat(guest.call("fd_close", fd)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_close", -1)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_tell", fd, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_fdstat_get", fd, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_filestat_get", fd, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_sync", fd)).isEqualTo(Errno.EBADF);
  }

  @Test
  void seekCountsFromTheStartTheOffsetAndTheEnd() {
    int fd = guest.open("f", CREAT);
    guest.write(fd, "0123456789");
    guest.ok("fd_seek", fd, 3L, 0, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(3);
    guest.ok("fd_seek", fd, 2L, 1, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(5);
    guest.ok("fd_seek", fd, -1L, 2, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(9);
    guest.ok("fd_tell", fd, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(9);
    assertThat(guest.call("fd_seek", fd, -1L, 0, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_seek", fd, 0L, 3, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_seek", 1, 0L, 0, OUT)).isEqualTo(Errno.ESPIPE);
    assertThat(guest.call("fd_seek", fd, 0L, 0, -4)).isEqualTo(Errno.EFAULT);
  }

  @Test
  void allocateMakesTheFileAsLongAndAdviceChangesNothing() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_allocate", fd, 10L, 20L);
    guest.ok("fd_filestat_get", fd, OUT);
    assertThat(guest.u64(OUT + 32)).isEqualTo(30);
    assertThat(guest.call("fd_allocate", fd, 0L, 0L)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_allocate", 1, 0L, 1L)).isEqualTo(Errno.ESPIPE);
    guest.ok("fd_advise", fd, 0L, 0L, 5);
    assertThat(guest.call("fd_advise", fd, 0L, 0L, 6)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_advise", fd, 0L, -1L, 0)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_advise", 1, 0L, 0L, 0)).isEqualTo(Errno.ESPIPE);
  }

  @Test
  void filesAndDirectoriesCanBeSynchronisedButStreamsCannot() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_sync", fd).ok("fd_datasync", fd).ok("fd_sync", 3);
    assertThat(guest.call("fd_sync", 1)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_datasync", 1)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aFilesStatusHasItsTypeAndFlags() {
    guest.ok("path_open", 3, 0, "f", CREAT, Rights.ALL, Rights.ALL, APPEND | NONBLOCK, OUT);
    int fd = guest.u32(OUT);
    guest.ok("fd_fdstat_get", fd, OUT);
    assertThat(guest.memory.readByte(OUT)).isEqualTo((byte) 4);
    assertThat(guest.memory.readShort(OUT + 2)).isEqualTo((short) (APPEND | NONBLOCK));
    assertThat(guest.u64(OUT + 8)).isEqualTo(Rights.ALL & ~Rights.DIRECTORY & ~Rights.SOCKET);
  }

  @Test
  void statusFlagsAreKept() {
    int fd = guest.open("f", CREAT);
    guest.write(fd, "abc");
    guest.ok("fd_fdstat_set_flags", fd, APPEND | NONBLOCK);
    guest.ok("fd_fdstat_get", fd, OUT);
    assertThat(guest.memory.readShort(OUT + 2)).isEqualTo((short) (APPEND | NONBLOCK));
    guest.ok("fd_seek", fd, 0L, 0, OUT);
    guest.write(fd, "def");
    guest.ok("fd_seek", fd, 0L, 0, OUT);
    assertThat(guest.read(fd)).isEqualTo("abcdef");
    guest.ok("fd_fdstat_set_flags", fd, 0);
    guest.ok("fd_fdstat_get", fd, OUT);
    assertThat(guest.memory.readShort(OUT + 2)).isZero();
    assertThat(guest.call("fd_fdstat_set_flags", fd, 32)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_fdstat_set_flags", 99, 0)).isEqualTo(Errno.EBADF);
  }

  @Test
  void synchronousFilesSaySoAndStaySo() {
    guest.ok("path_open", 3, 0, "f", CREAT, Rights.ALL, Rights.ALL, SYNC, OUT);
    int fd = guest.u32(OUT);
    guest.ok("fd_fdstat_set_flags", fd, NONBLOCK);
    guest.ok("fd_fdstat_get", fd, OUT);
    assertThat(guest.memory.readShort(OUT + 2) & SYNC).isNotZero();
  }

  @Test
  void onlyACharacterDeviceWithoutAnOffsetLooksLikeATerminal() {
    guest.in.type = FileType.CHARACTER_DEVICE;
    guest.ok("fd_fdstat_get", 0, OUT);
    assertThat(guest.memory.readByte(OUT)).isEqualTo((byte) 2);
    assertThat(guest.u64(OUT + 8) & Rights.SEEKING).isZero();

    guest.ok("fd_fdstat_get", guest.open("dev/null", 0), OUT);
    assertThat(guest.memory.readByte(OUT)).isEqualTo((byte) 2);
    assertThat(guest.u64(OUT + 8) & Rights.SEEKING).isEqualTo(Rights.SEEKING);

    guest.ok("fd_fdstat_get", 1, OUT);
    assertThat(guest.memory.readByte(OUT)).as("a pipe has no type of its own").isZero();
  }

  @Test
  void theRightsTellTheAccessMode() {
    long both = Rights.FD_READ | Rights.FD_WRITE;
    assertThat(baseRights(guest.open("f", CREAT)) & both).isEqualTo(both);
    guest.ok("path_open", 3, 0, "f", 0, Rights.FD_READ, 0L, 0, OUT);
    assertThat(baseRights(guest.u32(OUT)) & both).isEqualTo(Rights.FD_READ);
    guest.ok("path_open", 3, 0, "f", 0, Rights.FD_WRITE, 0L, 0, OUT);
    assertThat(baseRights(guest.u32(OUT)) & both).isEqualTo(Rights.FD_WRITE);
    assertThat(baseRights(3) & Rights.DIRECTORY).isEqualTo(Rights.DIRECTORY);
    assertThat(baseRights(3) & Rights.FD_WRITE).isZero();
    assertThat(guest.u64(OUT + 16)).as("inheriting").isEqualTo(Rights.ALL);
  }

  @Test
  void filestatHasWhatStatHas() throws Exception {
    guest.vfs.write("/f", new byte[5]);
    int fd = guest.open("f", 0);
    guest.ok("fd_filestat_get", fd, OUT);
    assertThat(guest.u64(OUT)).as("dev").isNotZero();
    assertThat(guest.u64(OUT + 8)).as("ino").isNotZero();
    assertThat(guest.u64(OUT + 16)).as("filetype and its padding").isEqualTo(4);
    assertThat(guest.u64(OUT + 24)).as("nlink").isEqualTo(1);
    assertThat(guest.u64(OUT + 32)).as("size").isEqualTo(5);
    for (int time = 40; time <= 56; time += 8) {
      assertThat(guest.u64(OUT + time)).isEqualTo(TestGuest.EPOCH.getEpochSecond() * 1_000_000_000);
    }
    assertThat(guest.call("fd_filestat_get", fd, (int) guest.memory.size() - 63))
        .isEqualTo(Errno.EFAULT);
  }

  @Test
  void theSizeCanBeSetWhereItCanBeWritten() throws Exception {
    guest.vfs.write("/f", new byte[5]);
    int fd = guest.open("f", 0);
    guest.ok("fd_filestat_set_size", fd, 3L);
    assertThat(guest.vfs.read("/f")).hasSize(3);
    assertThat(guest.call("fd_filestat_set_size", fd, -1L)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_filestat_set_size", 1, 0L)).isEqualTo(Errno.EINVAL);
    guest.ok("path_open", 3, 0, "f", 0, Rights.FD_READ, 0L, 0, OUT);
    assertThat(guest.call("fd_filestat_set_size", guest.u32(OUT), 0L)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void timesAreSetToAValueOrThePresentOrLeftAlone() {
    int fd = guest.open("f", CREAT);
    long now = TestGuest.EPOCH.getEpochSecond() * 1_000_000_000;
    guest.ok("fd_filestat_set_times", fd, 11L, 22L, 1 | 4);
    assertThat(times(fd)).containsExactly(11, 22);
    guest.ok("fd_filestat_set_times", fd, 33L, 44L, 8);
    assertThat(times(fd)).containsExactly(11, now);
    guest.ok("fd_filestat_set_times", fd, 33L, 44L, 2);
    assertThat(times(fd)).containsExactly(now, now);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 1 | 2)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 4 | 8)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_filestat_set_times", fd, 0L, 0L, 16)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_filestat_set_times", 99, 0L, 0L, 1)).isEqualTo(Errno.EBADF);
  }

  // ---- preopens -----------------------------------------------------------------------------

  @Test
  void theOnlyPreopenIsTheRoot() {
    guest.ok("fd_prestat_get", 3, OUT);
    assertThat(guest.u64(OUT)).as("tag 0, a name of one byte").isEqualTo(1L << 32);
    guest.ok("fd_prestat_dir_name", 3, DATA, 1);
    assertThat(guest.memory.text(DATA, 2)).isEqualTo("/\0");
    assertThat(guest.call("fd_prestat_dir_name", 3, DATA, 0)).isEqualTo(Errno.ENAMETOOLONG);
    assertThat(guest.call("fd_prestat_get", 2, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_prestat_get", 4, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_prestat_dir_name", 4, DATA, 1)).isEqualTo(Errno.EBADF);
  }

  @Test
  void aDirectoryThatTakesTheNumberOfAClosedPreopenIsNone() {
    int other = guest.open(".", DIRECTORY);
    guest.ok("fd_close", 3);
    assertThat(guest.call("fd_prestat_get", 3, OUT)).isEqualTo(Errno.EBADF);
    guest.ok("path_open", other, 0, ".", DIRECTORY, Rights.ALL, Rights.ALL, 0, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(3);
    assertThat(guest.call("fd_prestat_get", 3, OUT)).isEqualTo(Errno.EBADF);
  }

  @Test
  void aPreopenMovesWithItsNumber() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_renumber", 3, fd);
    guest.ok("fd_prestat_get", fd, OUT);
    assertThat(guest.call("fd_prestat_get", 3, OUT)).isEqualTo(Errno.EBADF);
  }

  // ---- renumber -----------------------------------------------------------------------------

  @Test
  void renumberMovesAndNeedsATarget() {
    int from = guest.open("a", CREAT);
    int to = guest.open("b", CREAT);
    guest.write(from, "x");
    guest.ok("fd_renumber", from, to);
    guest.ok("fd_tell", to, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(1);
    assertThat(guest.call("fd_tell", from, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_renumber", to, 50)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_renumber", 50, to)).isEqualTo(Errno.EBADF);
    guest.ok("fd_renumber", 3, 3).ok("fd_prestat_get", 3, OUT);
  }

  @Test
  void renumberIsDup2ForAWasixGuest() {
    var wasix = TestGuest.wasix();
    int from = wasix.open("a", CREAT);
    wasix.ok("fd_renumber", from, 50);
    wasix.write(from, "x");
    wasix.ok("fd_tell", 50, OUT);
    assertThat(wasix.u64(OUT)).as("a shared offset").isEqualTo(1);
    assertThat(wasix.call("fd_renumber", from, 3)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(wasix.call("fd_renumber", 51, 50)).isEqualTo(Errno.EBADF);
    wasix.ok("fd_prestat_get", 3, OUT);
  }

  private long baseRights(int fd) {
    guest.ok("fd_fdstat_get", fd, OUT);
    return guest.u64(OUT + 8);
  }

  private long[] times(int fd) {
    guest.ok("fd_filestat_get", fd, OUT);
    return new long[] {guest.u64(OUT + 40), guest.u64(OUT + 48)};
  }
}
