package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_COLLAPSE_RANGE;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_INSERT_RANGE;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_KEEP_SIZE;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_PUNCH_HOLE;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_UNSHARE_RANGE;
import static dev.vivarium.vfs.posix.AllocateFlags.FALLOC_FL_ZERO_RANGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The modes of fallocate. */
class AllocateTest {
  private static final int PAGE = 4096;
  private static final int PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aPunchedRangeIsAHoleAndReadsAsZeros() throws Exception {
    var file = guest.create("/f");
    write(file, "x".repeat(10_000));
    file.allocate(PUNCH, 0, PAGE);
    assertThat(file.stat().blocks()).isEqualTo(16);
    assertThat(file.seek(0, Whence.DATA)).isEqualTo(PAGE);
    file.allocate(PUNCH, 4000, 200);
    assertThat(at(file, 4199)).isZero();
    assertThat(at(file, 4200)).isEqualTo((byte) 'x');
    file.allocate(PUNCH, 5000, 10);
    assertThat(at(file, 4999)).isEqualTo((byte) 'x');
    assertThat(at(file, 5000)).isZero();
    assertThat(at(file, 5009)).isZero();
    assertThat(at(file, 5010)).isEqualTo((byte) 'x');
    file.allocate(PUNCH, 2 * PAGE, 100_000);
    assertThat(file.stat().size()).isEqualTo(10_000);
    assertThat(file.stat().blocks()).isEqualTo(8);
    fails(Errno.ENXIO, () -> file.seek(9000, Whence.DATA));
    file.allocate(PUNCH, Long.MAX_VALUE - 5, 5);
    file.allocate(PUNCH, 0, Long.MAX_VALUE);
    assertThat(file.stat().blocks()).isZero();
    file.release();
  }

  @Test
  void storageBehindTheEndIsKeptUntilATruncation() throws Exception {
    var file = guest.create("/f");
    write(file, "x");
    file.allocate(FALLOC_FL_KEEP_SIZE, 0, 10 * PAGE);
    assertThat(file.stat().size()).isEqualTo(1);
    assertThat(file.stat().blocks()).isEqualTo(80);
    file.pwrite(Guest.bytes("y"), 0, 1, 3 * PAGE);
    assertThat(file.stat().blocks()).isEqualTo(80);
    assertThat(file.seek(1, Whence.HOLE)).isEqualTo(PAGE);
    file.truncate(3 * PAGE + 1);
    assertThat(file.stat().blocks()).isEqualTo(32);
    file.release();
  }

  @Test
  void whatIsWrongIsToldInTheOrderOfLinux() throws Exception {
    guest.write("/f", "x").mkdir("/d");
    var file = guest.open("/f", OpenFlags.O_RDWR);
    var reader = guest.open("/f", OpenFlags.O_RDONLY);
    int[] unknown = {
      FALLOC_FL_PUNCH_HOLE,
      0x1000,
      PUNCH | FALLOC_FL_ZERO_RANGE,
      FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE
    };
    for (int mode : unknown) {
      fails(Errno.EINVAL, () -> reader.allocate(mode, -1, 1));
      fails(Errno.EINVAL, () -> reader.allocate(mode, 0, 0));
      fails(Errno.EOPNOTSUPP, () -> reader.allocate(mode, 0, 1));
    }
    int[] unsupported = {
      FALLOC_FL_ZERO_RANGE,
      FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
      FALLOC_FL_COLLAPSE_RANGE,
      FALLOC_FL_INSERT_RANGE,
      FALLOC_FL_UNSHARE_RANGE
    };
    for (int mode : unsupported) {
      fails(Errno.EBADF, () -> reader.allocate(mode, 0, 1));
      fails(Errno.EFBIG, () -> file.allocate(mode, Long.MAX_VALUE, 1));
      fails(Errno.EOPNOTSUPP, () -> file.allocate(mode, 0, PAGE));
    }
    var directory = guest.open("/d", OpenFlags.O_RDONLY);
    fails(Errno.EBADF, () -> directory.allocate(PUNCH, 0, 1));
    var place = guest.open("/f", OpenFlags.O_PATH);
    fails(Errno.EBADF, () -> place.allocate(0, -1, 1));
    var pipe = guest.vfs.pipe(guest.context, 0);
    fails(Errno.EOPNOTSUPP, () -> pipe.writer().allocate(FALLOC_FL_PUNCH_HOLE, 0, 1));
    fails(Errno.ESPIPE, () -> pipe.writer().allocate(PUNCH, 0, 1));
    fails(Errno.EBADF, () -> pipe.reader().allocate(0, 0, 1));
  }

  @Test
  void punchingIsPaidLikeWritingAndGivesBackWhatWasPaid() throws Exception {
    guest.write("/f", "x".repeat(3 * PAGE));
    var fork =
        new Guest(
            Vfs.builder()
                .base(guest.vfs.snapshot())
                .quota(Quota.DEFAULT.withBytes(2 * PAGE))
                .build());
    var file = fork.open("/f", OpenFlags.O_RDWR);
    file.allocate(PUNCH, PAGE, PAGE);
    assertThat(free(fork)).isEqualTo(2);
    file.allocate(PUNCH, 1, 1);
    file.allocate(PUNCH, 2 * PAGE, 1);
    assertThat(free(fork)).isZero();
    file.allocate(PUNCH, 0, 3 * PAGE);
    assertThat(free(fork)).isEqualTo(2);
    file.release();
    assertThat(fork.vfs.check()).isEmpty();
    assertThat(guest.read("/f")).isEqualTo("x".repeat(3 * PAGE));
    var full =
        new Guest(
            Vfs.builder().base(guest.vfs.snapshot()).quota(Quota.DEFAULT.withBytes(0)).build());
    var same = full.open("/f", OpenFlags.O_RDWR);
    fails(Errno.ENOSPC, () -> same.allocate(PUNCH, 1, 2 * PAGE));
    assertThat(full.read("/f")).isEqualTo("x".repeat(3 * PAGE));
    same.release();
    assertThat(full.vfs.check()).isEmpty();
  }

  @Test
  void randomPunchesLeaveWhatANaiveModelSays() throws Exception {
    for (int seed = 1; seed <= 20; seed++) {
      var random = new Random(seed);
      var world = Guest.inNewWorld();
      var model = new byte[20 * PAGE];
      var file = world.create("/f");
      for (int i = 0; i < 60; i++) {
        int from = random.nextInt(model.length);
        int length = 1 + random.nextInt(random.nextBoolean() ? 100 : model.length);
        if (random.nextBoolean()) {
          int written = Math.min(length, model.length - from);
          var bytes = new byte[written];
          Arrays.fill(bytes, (byte) (i + 1));
          file.pwrite(bytes, 0, written, from);
          System.arraycopy(bytes, 0, model, from, written);
        } else {
          file.allocate(PUNCH, from, length);
          Arrays.fill(model, from, Math.min(model.length, from + length), (byte) 0);
        }
        if (i % 20 == 19) {
          world.vfs.snapshot();
        }
        var content = new byte[model.length];
        file.pread(content, 0, content.length, 0);
        assertThat(content).as("seed %d, step %d", seed, i).isEqualTo(model);
        assertThat(world.vfs.check()).isEmpty();
      }
      file.release();
    }
  }

  private static byte at(FileDescription file, long position) throws Exception {
    var buffer = new byte[1];
    assertThat(file.pread(buffer, 0, 1, position)).isEqualTo(1);
    return buffer[0];
  }

  private static long free(Guest guest) throws Exception {
    return guest.vfs.statFileSystem(guest.context, guest.vfs.root(), Guest.bytes("/")).freeBlocks();
  }
}
