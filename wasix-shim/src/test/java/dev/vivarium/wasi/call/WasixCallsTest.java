package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.OUT2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.sys.Signal;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WasixCallsTest {
  private final TestGuest guest = TestGuest.wasix();

  // ---- what every guest does before its main function ---------------------------------------

  @Test
  void aGuestGetsThroughTheStartOfItsLibc() {
    guest.memory.writeInt(OUT, -1);
    guest.ok("proc_signals_sizes_get", OUT).ok("proc_signals_get", DATA);
    assertThat(guest.u32(OUT)).isZero();
    guest.raw(TestGuest.WASIX, "callback_signal", "__wasm_signal");
  }

  @Test
  void theFunctionsOfPreview1AreThereUnderTheOtherNameToo() {
    assertThat(guest.callIn(TestGuest.WASIX, "fd_prestat_get", 3, OUT)).isNull();
    assertThat(guest.callIn(TestGuest.WASIX, "clock_time_get", 0, 0L, OUT)).isNull();
  }

  // ---- descriptors --------------------------------------------------------------------------

  @Test
  void duplicatesShareTheOffset() {
    int fd = guest.open("f", CREAT);
    guest.ok("fd_dup", fd, OUT);
    int copy = guest.u32(OUT);
    guest.write(fd, "abc");
    guest.ok("fd_tell", copy, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(3);
    guest.ok("fd_dup2", fd, 20, 1, OUT).ok("fd_fdflags_get", 20, OUT2);
    assertThat(guest.u32(OUT)).isEqualTo(20);
    assertThat(guest.memory.readShort(OUT2)).isEqualTo((short) 1);
    guest.ok("fd_fdflags_set", 20, 0).ok("fd_fdflags_get", 20, OUT2);
    assertThat(guest.memory.readShort(OUT2)).isZero();
    assertThat(guest.call("fd_dup", 99, OUT)).isEqualTo(Errno.EBADF);
    assertThat(guest.call("fd_dup2", fd, -1, 0, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("fd_fdflags_get", 99, OUT)).isEqualTo(Errno.EBADF);
  }

  @Test
  void openCanSetCloseOnExec() {
    guest.ok("path_open2", 3, 1, "/f", CREAT, Rights.ALL, 0L, 0, 1, OUT);
    int fd = guest.u32(OUT);
    guest.ok("fd_fdflags_get", fd, OUT);
    assertThat(guest.memory.readShort(OUT)).isEqualTo((short) 1);
    guest.ok("path_open2", 3, 1, "/f", 0, Rights.ALL, 0L, 0, 0, OUT);
    guest.ok("fd_fdflags_get", guest.u32(OUT), OUT);
    assertThat(guest.memory.readShort(OUT)).isZero();
  }

  @Test
  void aPipeCarriesBytesAndEndsWithItsWriter() {
    guest.ok("fd_pipe", OUT, OUT2);
    int reader = guest.u32(OUT);
    int writer = guest.u32(OUT2);
    guest.write(writer, "abc");
    assertThat(guest.read(reader)).isEqualTo("abc");
    guest.ok("fd_close", writer);
    assertThat(guest.read(reader)).isEmpty();
    guest.ok("fd_pipe", OUT, OUT2).ok("fd_close", guest.u32(OUT));
    int list = guest.iovecs(DATA, 1);
    assertThat(guest.call("fd_write", guest.u32(OUT2), list, 1, OUT)).isEqualTo(Errno.EPIPE);
  }

  @Test
  void aPipeThatFindsNoTwoDescriptorsLeavesNone() throws Exception {
    while (guest.process.descriptors().size() < Limits.DEFAULT.descriptors() - 1) {
      guest.ok("fd_dup", 0, OUT);
    }
    assertThat(guest.call("fd_pipe", OUT, OUT2)).isEqualTo(Errno.EMFILE);
    assertThat(guest.process.descriptors().size()).isEqualTo(Limits.DEFAULT.descriptors() - 1);
    guest.ok("fd_dup", 0, OUT);
    assertThat(guest.call("fd_pipe", OUT, OUT2)).isEqualTo(Errno.EMFILE);
    assertThat(guest.vfs.check()).isEmpty();
  }

  // ---- the working directory ----------------------------------------------------------------

  @Test
  void theWorkingDirectoryIsTold() {
    guest.ok("path_create_directory", 3, "/data").ok("chdir", "/data");
    guest.memory.writeInt(OUT, 100);
    guest.ok("getcwd", DATA, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(5);
    assertThat(guest.memory.text(DATA, 6)).isEqualTo("/data\0");
    guest.memory.writeInt(OUT, 4);
    assertThat(guest.call("getcwd", DATA, OUT)).isEqualTo(Errno.ERANGE);
    assertThat(guest.u32(OUT)).isEqualTo(5);
    assertThat(guest.call("getcwd", 0, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("chdir", "/no")).isEqualTo(Errno.ENOENT);
    guest.open("f", CREAT);
    assertThat(guest.call("chdir", "/f")).isEqualTo(Errno.ENOTDIR);
  }

  // ---- the terminal -------------------------------------------------------------------------

  @Test
  void aTerminalIsDescribedOnlyWhereThereIsOne() {
    assertThat(guest.call("tty_get", DATA)).isEqualTo(Errno.ENOTTY);
    guest.out.type = FileType.CHARACTER_DEVICE;
    guest.ok("tty_get", DATA);
    assertThat(guest.u32(DATA)).isEqualTo(80);
    assertThat(guest.u32(DATA + 4)).isEqualTo(25);
    assertThat(guest.memory.copy(DATA + 16, 3)).containsExactly(0, 1, 0);
    assertThat(guest.call("tty_set", DATA)).isEqualTo(Errno.EOPNOTSUPP);
  }

  // ---- threads ------------------------------------------------------------------------------

  @Test
  void thereIsOneThread() {
    guest.ok("thread_id", OUT).ok("thread_parallelism", OUT2);
    assertThat(guest.u32(OUT)).isEqualTo(7);
    assertThat(guest.u32(OUT2)).isEqualTo(1);
    assertThat(guest.call("thread_spawn_v2", DATA, OUT)).isEqualTo(Errno.EAGAIN);
    assertThat(guest.raw("wasi", "thread-spawn", DATA)).isEqualTo(-6);
    guest.ok("thread_join", 1234);
  }

  @Test
  void sleepLastsAsLongAsItSays() {
    guest.ok("thread_sleep", 12_345L);
    assertThat(guest.clock.monotonicNanos()).isEqualTo(12_345);
  }

  @Test
  void aFutexAnswersWithoutAnErrno() {
    guest.memory.writeInt(DATA, 5);
    guest.ok("futex_wait", DATA, 6, 0, OUT);
    assertThat(guest.memory.readByte(OUT)).as("another value").isEqualTo((byte) 1);
    guest.memory.writeByte(OUT2, (byte) 1);
    guest.memory.writeLong(OUT2 + 8, 1_000);
    guest.ok("futex_wait", DATA, 5, OUT2, OUT);
    assertThat(guest.memory.readByte(OUT)).as("timed out").isZero();
    guest.ok("futex_wake", DATA, OUT).ok("futex_wake_all", DATA, OUT);
    assertThat(guest.memory.readByte(OUT)).as("nobody waits").isZero();
  }

  // ---- processes and signals ----------------------------------------------------------------

  @Test
  void aProcessKnowsItselfAndItsParent() {
    guest.ok("proc_id", OUT).ok("proc_parent", 7, OUT2);
    assertThat(guest.u32(OUT)).isEqualTo(7);
    assertThat(guest.u32(OUT2)).isEqualTo(1);
    assertThat(guest.call("proc_parent", 8, OUT)).isEqualTo(Errno.ESRCH);
  }

  @Test
  void noProcessMakesAnother() {
    assertThat(guest.call("proc_fork", 1, OUT)).isEqualTo(Errno.ENOSYS);
    assertThat(guest.call("proc_fork_env", OUT)).isEqualTo(Errno.ENOSYS);
    assertThat(guest.call("proc_spawn2", "/bin/sh", "", "", "", "", 0, "", OUT))
        .isEqualTo(Errno.ENOEXEC);
    assertThat(guest.call("proc_exec3", "/bin/sh", "", "", 0, "")).isEqualTo(Errno.ENOEXEC);
    assertThat(guest.call("proc_join", DATA, 0, OUT)).isEqualTo(Errno.ECHILD);
    assertExit(45, "proc_exec", "/bin/sh", "");
    assertExit(45, "proc_exec2", "/bin/sh", "", "");
  }

  @Test
  void exitEndsTheProcess() {
    assertExit(3, "proc_exit2", 3);
    assertExit(4, "thread_exit", 4);
  }

  @Test
  void signalsHaveTheNumbersOfLinux() {
    assertThatThrownBy(() -> guest.call("thread_signal", 7, 31))
        .isInstanceOfSatisfying(
            ProcessExit.class, exit -> assertThat(exit.signal()).isEqualTo(Signal.SYS));
    guest.ok("proc_signal", 7, 17).ok("proc_signal", 7, 0);
    assertThat(guest.call("proc_signal", 8, 15)).isEqualTo(Errno.ESRCH);
    assertThat(guest.call("thread_signal", 8, 15)).isEqualTo(Errno.ESRCH);
    assertThat(guest.call("proc_raise_interval", 14, 1_000L, 1)).isEqualTo(Errno.ENOSYS);
    assertThat(guest.call("proc_raise_interval", 14, 0L, 0)).isNull();
    assertThat(guest.call("proc_raise_interval", 2, 0L, 0)).isEqualTo(Errno.EINVAL);
  }

  // ---- what is not there --------------------------------------------------------------------

  @Test
  void setjmpReturnsOnceAndLongjmpNamesItself() {
    guest.memory.writeLong(OUT, -1);
    guest.ok("stack_checkpoint", DATA, OUT);
    assertThat(guest.u64(OUT)).isZero();
    assertThatThrownBy(() -> guest.raw(TestGuest.WASIX, "stack_restore", DATA, 1L))
        .isInstanceOfSatisfying(
            GuestTrap.class,
            trap -> assertThat(trap.kind()).isEqualTo(GuestTrap.Kind.UNSUPPORTED_IMPORT))
        .hasMessageContaining("stack_restore");
  }

  @Test
  void dynamicLinkingFailsWithAText() {
    var errno = guest.call("dlopen", "lib.so", 0, DATA, 8, "", OUT);
    assertThat(errno).isEqualTo(Errno.EINVAL);
    assertThat(guest.memory.text(DATA, 9)).isEqualTo("dynamic \0");
    assertThat(guest.call("dlsym", 1, "f", DATA, 100, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.memory.text(DATA, 33)).isEqualTo("dynamic linking is not supported\0");
    assertThat(guest.call("dl_invalid_handle", 1)).isEqualTo(Errno.EINVAL);
  }

  @ParameterizedTest
  @CsvSource({
    "epoll_create, ENOSYS",
    "fd_event, ENOSYS",
    "closure_allocate, EOPNOTSUPP",
    "port_addr_clear, EOPNOTSUPP",
    "proc_snapshot, EOPNOTSUPP"
  })
  void whatIsMissingSaysSo(String name, Errno errno) {
    Object[] arguments =
        switch (name) {
          case "epoll_create", "closure_allocate" -> new Object[] {OUT};
          case "fd_event" -> new Object[] {0L, 0, OUT};
          default -> new Object[0];
        };
    assertThat(guest.call(name, arguments)).isEqualTo(errno);
  }

  @ParameterizedTest
  @ValueSource(ints = {131_073, -1})
  void aTextOfAnyLengthCostsNoMemory(int length) {
    assertThat(guest.call("resolve", DATA, length, 0, DATA, 1, OUT)).isEqualTo(Errno.E2BIG);
  }

  private void assertExit(int code, String name, Object... arguments) {
    assertThatThrownBy(() -> guest.raw(TestGuest.WASIX, name, arguments))
        .isInstanceOfSatisfying(ProcessExit.class, exit -> assertThat(exit.code()).isEqualTo(code));
  }
}
