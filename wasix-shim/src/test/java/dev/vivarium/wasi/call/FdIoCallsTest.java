package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FdIoCallsTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void whatIsWrittenCanBeReadAgain() throws Exception {
    int fd = guest.open("f", CREAT);
    guest.write(fd, "hello");
    guest.ok("fd_seek", fd, 0L, 0, OUT);
    assertThat(guest.read(fd)).isEqualTo("hello");
    assertThat(guest.read(fd)).isEmpty();
    assertThat(guest.vfs.read("/f")).asString().isEqualTo("hello");
  }

  @Test
  void buffersAreFilledInOrder() throws Exception {
    guest.vfs.write("/f", "abcdefgh".getBytes(UTF_8));
    int fd = guest.open("f", 0);
    int list = guest.iovecs(DATA, 3, DATA + 100, 0, DATA + 200, 10);
    guest.ok("fd_read", fd, list, 3, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(8);
    assertThat(guest.memory.text(DATA, 4)).isEqualTo("abc\0");
    assertThat(guest.memory.text(DATA + 200, 6)).isEqualTo("defgh\0");
  }

  @Test
  void aLineThatIsWrittenInPiecesArrivesAsOneWrite() {
    guest.memory.writeText(DATA, "hello\n");
    guest.ok("fd_write", 1, guest.iovecs(DATA, 3, DATA + 3, 2, DATA + 5, 1), 3, OUT);
    assertThat(guest.out.writes).containsExactly("hello\n");
    assertThat(guest.u32(OUT)).isEqualTo(6);
  }

  @Test
  void moreThanTheHostsBufferIsMovedInSteps() throws Exception {
    int fd = guest.open("f", CREAT);
    int size = 200_000;
    guest.memory.fill(DATA, size, (byte) 'x');
    guest.memory.writeText(DATA + size - 3, "end");
    guest.ok("fd_write", fd, guest.iovecs(DATA, size), 1, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(size);
    assertThat(guest.vfs.read("/f")).hasSize(size).endsWith('e', 'n', 'd');

    guest.memory.fill(DATA, size, (byte) 0);
    guest.ok("fd_pread", fd, guest.iovecs(DATA, size), 1, 0L, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(size);
    assertThat(guest.memory.text(DATA + size - 4, 4)).isEqualTo("xend");
  }

  @Test
  void aStreamIsReadOnceAndNotUntilTheBufferIsFull() {
    guest.in.offer("line\n");
    assertThat(guest.read(0)).isEqualTo("line\n");
    guest.in.end();
    assertThat(guest.read(0)).isEmpty();
  }

  @Test
  void aStreamThatTakesLittleIsWrittenUntilAllIsThere() {
    guest.out.room = 4;
    guest.write(1, "0123456789");
    assertThat(guest.out.writes).containsExactly("0123", "4567", "89");
  }

  @Test
  void aWriteThatFailsHalfwayIsAShortOne() {
    guest.out.room = 4;
    guest.out.writesUntilFailure = 2;
    guest.out.failure = Errno.EPIPE;
    int length = guest.memory.writeText(DATA, "0123456789");
    guest.ok("fd_write", 1, guest.iovecs(DATA, length), 1, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(8);
    assertThat(guest.call("fd_write", 1, guest.iovecs(DATA, length), 1, OUT))
        .isEqualTo(Errno.EPIPE);
  }

  @Test
  void positionalCallsLeaveTheOffsetAlone() throws Exception {
    guest.vfs.write("/f", "abcdef".getBytes(UTF_8));
    int fd = guest.open("f", 0);
    guest.ok("fd_pread", fd, guest.iovecs(DATA, 2), 1, 3L, OUT);
    assertThat(guest.memory.text(DATA, 2)).isEqualTo("de");
    guest.memory.writeText(DATA, "XY");
    guest.ok("fd_pwrite", fd, guest.iovecs(DATA, 2), 1, 1L, OUT);
    guest.ok("fd_tell", fd, OUT);
    assertThat(guest.u64(OUT)).isZero();
    assertThat(guest.vfs.read("/f")).asString().isEqualTo("aXYdef");
    assertThat(guest.call("fd_pread", fd, guest.iovecs(DATA, 2), 1, -1L, OUT))
        .isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_pread", 0, guest.iovecs(DATA, 2), 1, 0L, OUT))
        .isEqualTo(Errno.ESPIPE);
    assertThat(guest.call("fd_pwrite", 1, guest.iovecs(DATA, 2), 1, 0L, OUT))
        .isEqualTo(Errno.ESPIPE);
  }

  @Test
  void theAccessModeIsEnforced() {
    guest.ok("path_open", 3, 0, "f", CREAT, Rights.FD_WRITE, 0L, 0, OUT);
    int fd = guest.u32(OUT);
    assertThat(guest.call("fd_read", fd, guest.iovecs(DATA, 1), 1, OUT)).isEqualTo(Errno.EBADF);
    guest.ok("path_open", 3, 0, "f", 0, Rights.FD_READ, 0L, 0, OUT);
    fd = guest.u32(OUT);
    assertThat(guest.call("fd_write", fd, guest.iovecs(DATA, 1), 1, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_read", 3, guest.iovecs(DATA, 1), 1, OUT)).isEqualTo(Errno.EISDIR);
    assertThat(guest.call("fd_read", 99, guest.iovecs(DATA, 1), 1, OUT)).isEqualTo(Errno.EBADF);
  }

  @Test
  void aBufferOutsideTheMemoryChangesNothing() throws Exception {
    guest.vfs.write("/f", "abcdef".getBytes(UTF_8));
    int fd = guest.open("f", 0);
    int list = guest.iovecs(DATA, 2, -1, 4);
    assertThat(guest.call("fd_read", fd, list, 2, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.memory.readByte(DATA)).isZero();
    assertThat(guest.call("fd_write", fd, list, 2, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.call("fd_write", fd, -8, 2, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.call("fd_write", fd, guest.iovecs(DATA, 2), 1, -4)).isEqualTo(Errno.EFAULT);
    guest.ok("fd_tell", fd, OUT);
    assertThat(guest.u64(OUT)).isZero();
    assertThat(guest.vfs.read("/f")).asString().isEqualTo("abcdef");
  }

  @Test
  void moreThan1024BuffersAreInvalid() {
    assertThat(guest.call("fd_read", 0, DATA, 1025, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_write", 1, DATA, -1, OUT)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void noBuffersTransferNothingButTellErrors() {
    guest.ok("fd_write", 1, DATA, 0, OUT);
    assertThat(guest.u32(OUT)).isZero();
    assertThat(guest.call("fd_write", 0, DATA, 0, OUT)).isEqualTo(Errno.EBADF);
  }

  @Test
  void aNonBlockingReadOfNothingIsRefused() {
    guest.ok("fd_fdstat_set_flags", 0, 4);
    assertThat(guest.call("fd_read", 0, guest.iovecs(DATA, 1), 1, OUT)).isEqualTo(Errno.EAGAIN);
  }

  @Test
  void anInterruptEndsAReadThatWaits() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> guest.call("fd_read", 0, guest.iovecs(DATA, 1), 1, OUT))
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(GuestTrap.Kind.INTERRUPTED));
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
  }
}
