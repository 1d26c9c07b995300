package dev.vivarium.wasi.trace;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.DIRECTORY;
import static dev.vivarium.wasi.table.TestGuest.EXCL;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.OUT2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StraceTextTest {
  private final List<String> lines = new ArrayList<>();
  private final TestGuest guest = new TestGuest(new StraceText(lines::add), true);

  @Test
  void argumentsAreNamedByTheirKind() {
    guest.open("tmp.txt", CREAT | EXCL);
    guest.call("path_open", 3, 0, "no", 0, Rights.FD_READ | Rights.FD_SEEK, 0L, 5, OUT);
    guest.call("fd_seek", 4, -5L, 2, OUT);
    guest.call("fd_seek", 4, 7L, 0, OUT);
    assertThat(lines)
        .containsExactly(
            "path_open(3, SYMLINK_FOLLOW, \"tmp.txt\", O_CREAT|O_EXCL, ALL, ALL, 0) = 0 (fd 4)",
            "path_open(3, 0, \"no\", 0, FD_READ|FD_SEEK, 0, APPEND|NONBLOCK) = ENOENT",
            "fd_seek(4, -5, SEEK_END) = EINVAL",
            "fd_seek(4, 7, SEEK_SET) = 0 (7)");
  }

  @Test
  void ofManyRightsTheLackingOnesAreShown() {
    long most = Rights.ALL & ~(Rights.FD_WRITE | Rights.FD_DATASYNC);
    guest.call("path_open", 3, 0, "no", 0, most, -1L, 0, OUT);
    assertThat(lines)
        .containsExactly("path_open(3, 0, \"no\", 0, ALL-(FD_DATASYNC|FD_WRITE), ALL, 0) = ENOENT");
  }

  @Test
  void theOldSnapshotsWhencesAreItsOwn() {
    guest.open("f", CREAT);
    guest.callIn(TestGuest.SNAPSHOT0, "fd_seek", 4, 0L, 0, OUT);
    assertThat(lines).last().isEqualTo("fd_seek(4, 0, SEEK_CUR) = 0 (0)");
  }

  @Test
  void contentsAreShownAsFarAsTheyWent() {
    guest.memory.writeText(DATA, "hello\n\u00e9\"");
    guest.ok("fd_write", 1, guest.iovecs(DATA, 5, DATA + 5, 4), 2, OUT);
    guest.in.offer("in");
    guest.ok("fd_read", 0, guest.iovecs(DATA, 1, DATA + 100, 50), 2, OUT);
    assertThat(lines)
        .containsExactly(
            "fd_write(1, [\"hello\", \"\\n\\xc3\\xa9\\\"\"]) = 0 (9)",
            "fd_read(0, [\"i\", \"n\"]) = 0 (2)");
  }

  @Test
  void longTextsAreCutOff() {
    guest.call("path_unlink_file", 3, "x".repeat(100));
    assertThat(lines)
        .containsExactly("path_unlink_file(3, \"" + "x".repeat(64) + "\"...) = ENOENT");
  }

  @Test
  void buffersAreShownAsFarAsTheyAreFilled() {
    guest.ok("path_symlink", "target", 3, "link");
    guest.ok("path_readlink", 3, "link", DATA, 100, OUT);
    guest.ok("random_get", DATA, 16);
    assertThat(lines)
        .containsExactly(
            "path_symlink(\"target\", 3, \"link\") = 0",
            "path_readlink(3, \"link\", \"target\", 100) = 0 (6)",
            "random_get(16) = 0");
  }

  @Test
  void structsHaveTheirFields() {
    guest.ok("fd_prestat_get", 3, OUT);
    guest.ok("args_sizes_get", OUT, OUT2);
    guest.ok("fd_filestat_get", guest.open("f", CREAT), OUT);
    assertThat(lines)
        .contains("fd_prestat_get(3) = 0 ({tag=0, name_len=1})", "args_sizes_get() = 0 (3, 9)");
    assertThat(lines).last().asString().contains("filetype=REGULAR_FILE, nlink=1, size=0");
  }

  @Test
  void badAddressesAreShownAndHarmNothing() {
    guest.call("path_unlink_file", 3, -16, 32);
    guest.call("fd_write", 1, -8, 2, OUT);
    guest.call("fd_read", 0, -8, 2, OUT);
    guest.call("fd_tell", 0, -1);
    assertThat(lines)
        .containsExactly(
            "path_unlink_file(3, 0xfffffff0) = EFAULT",
            "fd_write(1, 0xfffffff8) = EFAULT",
            "fd_read(0, 0xfffffff8) = EFAULT",
            "fd_tell(0) = EFAULT");
  }

  @Test
  void aCallThatDoesNotReturnIsShownToo() {
    assertThatThrownBy(() -> guest.call("proc_exit", 3));
    assertThatThrownBy(() -> guest.call("proc_raise", 15));
    assertThatThrownBy(() -> guest.call("stack_restore", DATA, 1L));
    assertThat(lines.get(0)).isEqualTo("proc_exit(3) = ? (exit 3)");
    assertThat(lines.get(1)).isEqualTo("proc_raise(15) = ? (SIGTERM)");
    assertThat(lines.get(2)).startsWith("stack_restore(0x20000, 1) = ? (").contains("longjmp");
  }

  @Test
  void functionsWithoutAnErrnoShowWhatTheyReturn() {
    guest.raw("wasi", "thread-spawn", DATA);
    guest.raw(TestGuest.WASIX, "callback_signal", "h");
    assertThat(lines).containsExactly("thread-spawn(0x20000) = -6", "callback_signal(\"h\")");
  }

  @Test
  void aDirectoryListingIsReadable() {
    int fd = guest.open(".", DIRECTORY);
    guest.ok("fd_readdir", fd, DATA, 25, 0L, OUT);
    assertThat(lines)
        .last()
        .asString()
        .startsWith("fd_readdir(4, \"")
        .endsWith(", 25, 0) = 0 (25)");
  }
}
