package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileContentTest {
  private static final int PAGE = 4096;

  private final Guest guest = Guest.inNewWorld();
  private FileDescription file;

  @BeforeEach
  void open() throws Exception {
    file = guest.create("/f");
  }

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
    file.release();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void readingAndWritingMoveOneOffset() throws Exception {
    write(file, "hello world");
    assertThat(file.seek(-5, Whence.CUR)).isEqualTo(6);
    assertThat(read(file)).isEqualTo("world");
    assertThat(read(file)).isEmpty();
    assertThat(file.seek(-11, Whence.END)).isZero();
    write(file, "J");
    assertThat(guest.read("/f")).isEqualTo("Jello world");
  }

  @Test
  void theHostReadsNoMoreThanItAskedFor() throws Exception {
    write(file, "four");
    assertThat(guest.vfs.read("/f", 4)).isEqualTo(bytes("four"));
    fails(Errno.EFBIG, () -> guest.vfs.read("/f", 3));
    guest.vfs.truncate(guest.vfs.superuser(), guest.vfs.root(), bytes("/f"), 1L << 40);
    fails(Errno.EFBIG, () -> guest.vfs.read("/f", Integer.MAX_VALUE));
  }

  @Test
  void positionedReadsAndWritesLeaveTheOffsetAlone() throws Exception {
    write(file, "abc");
    file.pwrite(bytes("X"), 0, 1, 1);
    var buffer = new byte[4];
    assertThat(file.pread(buffer, 1, 3, 1)).isEqualTo(2);
    assertThat(buffer).containsExactly(0, 'X', 'c', 0);
    assertThat(file.seek(0, Whence.CUR)).isEqualTo(3);
    assertThat(file.pread(buffer, 0, 1, 100)).isZero();
    fails(Errno.EINVAL, () -> file.pread(buffer, 0, 1, -1));
    fails(Errno.EINVAL, () -> file.pwrite(buffer, 0, 1, -1));
  }

  @Test
  void seekingBeyondTheEndMakesAHoleOnceSomethingIsWritten() throws Exception {
    file.seek(10_000, Whence.SET);
    assertThat(file.stat().size()).isZero();
    write(file, "x");
    assertThat(file.stat().size()).isEqualTo(10_001);
    assertThat(file.stat().blocks()).isEqualTo(8);
    assertThat(guest.read("/f")).isEqualTo("\0".repeat(10_000) + "x");
    fails(Errno.EINVAL, () -> file.seek(-1, Whence.SET));
    fails(Errno.EINVAL, () -> file.seek(-10_002, Whence.END));
    fails(Errno.EINVAL, () -> file.seek(Long.MAX_VALUE, Whence.CUR));
  }

  @Test
  void dataAndHolesAreFoundInPages() throws Exception {
    file.pwrite(bytes("x"), 0, 1, 2 * PAGE + 5);
    file.truncate(5 * PAGE);
    assertThat(file.seek(0, Whence.DATA)).isEqualTo(2 * PAGE);
    assertThat(file.seek(2 * PAGE + 7, Whence.DATA)).isEqualTo(2 * PAGE + 7);
    assertThat(file.seek(0, Whence.HOLE)).isZero();
    assertThat(file.seek(2 * PAGE, Whence.HOLE)).isEqualTo(3 * PAGE);
    fails(Errno.ENXIO, () -> file.seek(3 * PAGE, Whence.DATA));
    fails(Errno.ENXIO, () -> file.seek(5 * PAGE, Whence.HOLE));
    file.pwrite(bytes("x"), 0, 1, 5 * PAGE - 1);
    assertThat(file.seek(4 * PAGE, Whence.HOLE)).isEqualTo(5 * PAGE);
  }

  @Test
  void theHoleBehindTheLastPageOfAllIsTheEnd() throws Exception {
    long last = Long.MAX_VALUE / PAGE * PAGE;
    file.pwrite(bytes("x"), 0, 1, last);
    assertThat(file.seek(0, Whence.DATA)).isEqualTo(last);
    assertThat(file.seek(last, Whence.HOLE)).isEqualTo(last + 1);
  }

  @Test
  void whatWasCutOffDoesNotComeBack() throws Exception {
    write(file, "y".repeat(3 * PAGE));
    file.truncate(PAGE + 10);
    file.truncate(3 * PAGE);
    assertThat(guest.read("/f")).isEqualTo("y".repeat(PAGE + 10) + "\0".repeat(2 * PAGE - 10));
    assertThat(file.stat().blocks()).isEqualTo(16);
    guest.truncate("/f", 0);
    assertThat(file.stat().blocks()).isZero();
    fails(Errno.EINVAL, () -> file.truncate(-1));
    fails(Errno.EINVAL, () -> guest.truncate("/f", -1));
    fails(Errno.EISDIR, () -> guest.truncate("/", 0));
  }

  @Test
  void theGreatestFileEndsAtTheGreatestOffset() throws Exception {
    file.truncate(Long.MAX_VALUE);
    assertThat(file.stat().size()).isEqualTo(Long.MAX_VALUE);
    assertThat(file.pwrite(bytes("x"), 0, 1, Long.MAX_VALUE - 1)).isEqualTo(1);
    fails(Errno.EINVAL, () -> file.pwrite(bytes("xy"), 0, 2, Long.MAX_VALUE - 1));
    var buffer = new byte[1];
    assertThat(file.pread(buffer, 0, 1, Long.MAX_VALUE - 1)).isEqualTo(1);
    assertThat(buffer).containsExactly('x');
    file.setFlags(Credentials.ROOT, OpenFlags.O_APPEND);
    fails(Errno.EFBIG, () -> write(file, "x"));
    assertThat(file.stat().blocks()).isEqualTo(8);
  }

  @Test
  void allocatedSpaceIsCountedReadsAsZerosAndIsAHoleUntilWritten() throws Exception {
    write(file, "abc");
    file.allocate(PAGE - 1, PAGE + 1);
    assertThat(file.stat().size()).isEqualTo(2 * PAGE);
    assertThat(file.stat().blocks()).isEqualTo(16);
    assertThat(guest.read("/f")).isEqualTo("abc" + "\0".repeat(2 * PAGE - 3));
    assertThat(file.seek(0, Whence.HOLE)).isEqualTo(PAGE);
    fails(Errno.EINVAL, () -> file.allocate(0, 0));
    fails(Errno.EINVAL, () -> file.allocate(-1, 1));
    fails(Errno.EFBIG, () -> file.allocate(1, Long.MAX_VALUE));
    fails(Errno.ENOSPC, () -> file.allocate(0, Long.MAX_VALUE));
    assertThat(file.stat().size()).isEqualTo(2 * PAGE);
    assertThat(file.stat().blocks()).isEqualTo(16);
  }

  @Test
  void anyMixOfChangesHasTheContentOfAnArray() throws Exception {
    var random = new Random(42);
    byte[] expected = new byte[0];
    Snapshot held = guest.vfs.snapshot();
    for (int i = 0; i < 2000; i++) {
      int at = random.nextInt(6 * PAGE);
      int length = random.nextInt(random.nextInt(5) == 0 ? 3 * PAGE : 100);
      switch (random.nextInt(8)) {
        case 0 -> {
          file.truncate(at);
          expected = Arrays.copyOf(expected, at);
        }
        case 1 -> held = guest.vfs.snapshot();
        case 2 -> {
          file.allocate(at, length + 1);
          expected = Arrays.copyOf(expected, Math.max(expected.length, at + length + 1));
        }
        default -> {
          var part = new byte[length];
          random.nextBytes(part);
          assertThat(file.pwrite(part, 0, length, at)).isEqualTo(length);
          if (length > 0) {
            expected = Arrays.copyOf(expected, Math.max(expected.length, at + length));
            System.arraycopy(part, 0, expected, at, length);
          }
        }
      }
      assertThat(guest.vfs.read("/f")).isEqualTo(expected);
      assertThat(guest.vfs.check()).isEmpty();
    }
    assertThat(held).isNotNull();
  }

  @Test
  void aSparseTerabyteCostsNothing() throws Exception {
    var fork = Vfs.builder().quota(Quota.DEFAULT.withBytes(PAGE)).build();
    var small = new Guest(fork).touch("/f");
    small.truncate("/f", 1L << 40);
    assertThat(small.stat("/f").size()).isEqualTo(1L << 40);
    assertThat(small.stat("/f").blocks()).isZero();
  }
}
