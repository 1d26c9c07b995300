package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.DIRECTORY;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.table.TestGuest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadDirectoryTest {
  private static final int HEADER = 24;

  private final TestGuest guest = new TestGuest();
  private int directory;

  record Entry(String name, int type, long ino, long next) {}

  @BeforeEach
  void aDirectoryWithThreeEntries() {
    guest.ok("path_create_directory", 3, "d");
    guest.ok("path_create_directory", 3, "d/sub");
    guest.ok("fd_close", guest.open("d/file", CREAT));
    guest.ok("path_symlink", "file", 3, "d/link");
    directory = guest.open("d", DIRECTORY);
  }

  @Test
  void dotAndDotDotComeFirst() {
    var entries = list(4096);
    assertThat(entries).extracting(Entry::name).startsWith(".", "..");
    assertThat(entries).extracting(Entry::name).contains("sub", "file", "link").hasSize(5);
    assertThat(entries).extracting(Entry::type).containsExactlyInAnyOrder(3, 3, 3, 4, 7);
  }

  @Test
  void theInodeNumbersAreThoseOfStat() {
    for (var entry : list(4096)) {
      guest.ok("path_filestat_get", directory, 0, entry.name(), OUT);
      assertThat(entry.ino()).as(entry.name()).isEqualTo(guest.u64(OUT + 8));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {HEADER + 4, 40, 64, 100})
  void aSmallBufferIsFilledToItsEndAndTheListingGoesOn(int size) {
    assertThat(list(size)).isEqualTo(list(4096));
  }

  @Test
  void whatDoesNotFitIsCutOff() {
    guest.ok("fd_readdir", directory, DATA, 30, 0L, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(30);
    assertThat(guest.memory.readByte(DATA + HEADER)).isEqualTo((byte) '.');
    guest.ok("fd_readdir", directory, DATA, 0, 0L, OUT);
    assertThat(guest.u32(OUT)).isZero();
  }

  @Test
  void theEndIsAnEmptyBuffer() {
    var entries = list(4096);
    guest.ok("fd_readdir", directory, DATA, 4096, entries.get(4).next(), OUT);
    assertThat(guest.u32(OUT)).isZero();
  }

  @Test
  void onlyADirectoryHasEntries() {
    int file = guest.open("d/file", 0);
    assertThat(guest.call("fd_readdir", file, DATA, 64, 0L, OUT)).isEqualTo(Errno.ENOTDIR);
    assertThat(guest.call("fd_readdir", 99, DATA, 64, 0L, OUT)).isEqualTo(Errno.EBADF);
    int end = (int) guest.memory.size();
    assertThat(guest.call("fd_readdir", directory, end - 8, 64, 0L, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.u64(end - 8)).isZero();
  }

  /** Lists as wasi-libc does: an entry that is cut off is asked for again. */
  private List<Entry> list(int size) {
    var entries = new ArrayList<Entry>();
    long cookie = 0;
    while (true) {
      guest.ok("fd_readdir", directory, DATA, size, cookie, OUT);
      int used = guest.u32(OUT);
      int at = 0;
      while (at + HEADER <= used) {
        int length = guest.u32(DATA + at + 16);
        if (at + HEADER + length > used) {
          break;
        }
        String name = guest.memory.text(DATA + at + HEADER, length);
        cookie = guest.u64(DATA + at);
        long ino = guest.u64(DATA + at + 8);
        entries.add(new Entry(name, guest.u32(DATA + at + 20), ino, cookie));
        at += HEADER + length;
      }
      if (used < size) {
        return entries;
      }
    }
  }
}
