package dev.vivarium.wasi.table;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.SNAPSHOT0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import org.junit.jupiter.api.Test;

/** What differs from preview1; the polling is in {@code PollCallsTest}. */
class Snapshot0Test {
  private final TestGuest guest = new TestGuest();

  @Test
  void whencesAreNumberedDifferently() {
    int fd = guest.open("f", CREAT);
    guest.write(fd, "0123456789");
    assertThat(seek(fd, -2, 0)).as("from the offset").isEqualTo(8);
    assertThat(seek(fd, -3, 1)).as("from the end").isEqualTo(7);
    assertThat(seek(fd, 4, 2)).as("from the start").isEqualTo(4);
    assertThat(guest.callIn(SNAPSHOT0, "fd_seek", fd, 0L, 3, OUT)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void linksAreCountedIn32BitsAndTheStructIsShorter() {
    int fd = guest.open("f", CREAT);
    guest.write(fd, "12345");
    guest.memory.fill(OUT, 64, (byte) -1);
    assertThat(guest.callIn(SNAPSHOT0, "fd_filestat_get", fd, OUT)).isNull();
    assertThat(guest.u32(OUT + 16)).as("filetype and its padding").isEqualTo(4);
    assertThat(guest.u32(OUT + 20)).isEqualTo(1);
    assertThat(guest.u64(OUT + 24)).isEqualTo(5);
    assertThat(guest.u64(OUT + 56)).as("behind the struct").isEqualTo(-1);
    assertThat(guest.callIn(SNAPSHOT0, "path_filestat_get", 3, 0, "f", OUT)).isNull();
    assertThat(guest.u64(OUT + 24)).isEqualTo(5);
  }

  private long seek(int fd, long offset, int whence) {
    assertThat(guest.callIn(SNAPSHOT0, "fd_seek", fd, offset, whence, OUT)).isNull();
    return guest.u64(OUT);
  }
}
