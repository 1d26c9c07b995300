package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static dev.vivarium.vfs.open.Transfer.OFFSET;
import static dev.vivarium.vfs.open.Transfer.cloneFile;
import static dev.vivarium.vfs.open.Transfer.copyRange;
import static dev.vivarium.vfs.open.Transfer.sendFile;
import static dev.vivarium.vfs.open.Transfer.splice;
import static dev.vivarium.vfs.posix.OpenFlags.O_APPEND;
import static dev.vivarium.vfs.posix.OpenFlags.O_CREAT;
import static dev.vivarium.vfs.posix.OpenFlags.O_NONBLOCK;
import static dev.vivarium.vfs.posix.OpenFlags.O_PATH;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDONLY;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDWR;
import static dev.vivarium.vfs.posix.OpenFlags.O_WRONLY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransferTest {
  private final Guest guest = Guest.inNewWorld();
  private FileDescription f;
  private FileDescription g;
  private FileDescription reader;
  private FileDescription appender;
  private FileDescription directory;
  private FileDescription place;
  private FileDescription zero;
  private Pipe pipe;
  private Pipe other;

  @BeforeEach
  void open() throws Exception {
    guest.write("/f", "0123456789").touch("/g").mkdir("/d").mkdir("/dev");
    guest.vfs.mounts().devices("/dev", Map.of("zero", Devices.zero()));
    f = guest.open("/f", O_RDWR);
    g = guest.open("/g", O_RDWR);
    reader = guest.open("/g", O_RDONLY);
    appender = guest.open("/g", O_WRONLY | O_APPEND);
    directory = guest.open("/d", O_RDONLY);
    place = guest.open("/f", O_PATH);
    zero = guest.open("/dev/zero", O_RDWR);
    pipe = guest.vfs.pipe(guest.context, 0);
    other = guest.vfs.pipe(guest.context, 0);
  }

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aRangeIsCopiedFromAndToWhatTheCallerSays() throws Exception {
    assertThat(copyRange(f, OFFSET, g, OFFSET, 100)).isEqualTo(10);
    assertThat(f.seek(0, Whence.CUR)).isEqualTo(10);
    assertThat(g.seek(0, Whence.CUR)).isEqualTo(10);
    assertThat(copyRange(f, OFFSET, g, OFFSET, 100)).isZero();
    assertThat(copyRange(f, 3, g, 8, 4)).isEqualTo(4);
    assertThat(guest.read("/g")).isEqualTo("012345673456");
    assertThat(f.seek(0, Whence.CUR)).isEqualTo(10);
    // As unsigned numbers these are large.
    assertThat(copyRange(f, 0, g, 0, -1)).isEqualTo(10);
    assertThat(copyRange(f, 5, g, Long.MAX_VALUE - 3, 100)).isEqualTo(3);
    fails(Errno.EFBIG, () -> copyRange(f, 5, g, Long.MAX_VALUE, 100));
    assertThat(copyRange(f, 100, g, 0, 1)).isZero();
  }

  @Test
  void aCopyWithinAFileMustNotOverlap() throws Exception {
    fails(Errno.EINVAL, () -> copyRange(f, 0, f, 4, 5));
    fails(Errno.EINVAL, () -> copyRange(f, 4, f, 0, 5));
    assertThat(copyRange(f, 0, f, 4, 0)).isZero();
    assertThat(copyRange(f, 0, f, 5, 5)).isEqualTo(5);
    assertThat(guest.read("/f")).isEqualTo("0123401234");
  }

  @Test
  void onlyRegularFilesHaveRangesToCopy() {
    fails(Errno.EISDIR, () -> copyRange(directory, OFFSET, reader, OFFSET, 1));
    fails(Errno.EISDIR, () -> copyRange(f, OFFSET, directory, OFFSET, 1));
    fails(Errno.EINVAL, () -> copyRange(pipe.reader(), OFFSET, reader, OFFSET, 1));
    fails(Errno.EINVAL, () -> copyRange(f, OFFSET, pipe.writer(), OFFSET, 1));
    fails(Errno.EINVAL, () -> copyRange(zero, OFFSET, g, OFFSET, 1));
    fails(Errno.EBADF, () -> copyRange(place, OFFSET, g, OFFSET, 1));
    fails(Errno.EBADF, () -> copyRange(appender, OFFSET, g, OFFSET, 1));
    fails(Errno.EBADF, () -> copyRange(f, OFFSET, reader, OFFSET, 1));
    fails(Errno.EBADF, () -> copyRange(f, 0, appender, 0, 1));
    fails(Errno.EOVERFLOW, () -> copyRange(f, -1, g, 0, 2));
    fails(Errno.EOVERFLOW, () -> copyRange(f, 0, g, -1, 2));
    fails(Errno.EINVAL, () -> copyRange(f, -5, g, 0, 2));
  }

  @Test
  void whatDoesNotFitIsCopiedAsFarAsItFits() throws Exception {
    var full = new Guest(Vfs.builder().quota(Quota.DEFAULT.withBytes(5 * 4096)).build());
    full.write("/f", "x".repeat(3 * 4096));
    var from = full.open("/f", O_RDONLY);
    var to = full.create("/g");
    assertThat(copyRange(from, 0, to, 0, 3 * 4096)).isEqualTo(2 * 4096);
    fails(Errno.ENOSPC, () -> copyRange(from, 0, to, 2 * 4096, 1));
    assertThat(full.vfs.check()).isEmpty();
  }

  @Test
  void aCloneIsTheWholeFileUntilEitherIsWritten() throws Exception {
    var other = Guest.inNewWorld();
    f.truncate(3 * 4096);
    f.pwrite(bytes("end"), 0, 3, 3 * 4096);
    var clone = other.create("/clone");
    write(clone, "longer".repeat(4096));
    cloneFile(f, clone);
    assertThat(other.vfs.read("/clone")).isEqualTo(guest.vfs.read("/f"));
    assertThat(clone.seek(4096, Whence.DATA)).isEqualTo(3 * 4096);
    assertThat(other.vfs.usedBytes()).isEqualTo(2 * 4096);
    var cloned = other.vfs.snapshot();
    f.pwrite(bytes("f"), 0, 1, 0);
    clone.pwrite(bytes("c"), 0, 1, 1);
    clone.truncate(3 * 4096 + 1);
    assertThat(guest.read("/f")).startsWith("f123").endsWith("end");
    assertThat(other.read("/clone")).startsWith("0c23").endsWith("e");
    assertThat(other.vfs.usedBytes()).isEqualTo(2 * 4096);
    assertThat(other.vfs.check()).isEmpty();
    other.vfs.rollback(cloned);
    assertThat(other.read("/clone")).startsWith("0123").endsWith("end");
    assertThat(other.vfs.usedBytes()).isEqualTo(2 * 4096);
    assertThat(other.vfs.check()).isEmpty();
  }

  @Test
  void aCloneOfTheFileItselfOrOfAnotherOfItsTreeIsOne() throws Exception {
    cloneFile(f, f);
    g.setTimes(Credentials.ROOT, TimeChange.at(3), TimeChange.at(4));
    cloneFile(f, g);
    assertThat(g.stat().mtime()).isGreaterThan(4);
    g.pwrite(bytes("g"), 0, 1, 1);
    f.pwrite(bytes("f"), 0, 1, 0);
    assertThat(guest.read("/f")).isEqualTo("f123456789");
    assertThat(guest.read("/g")).isEqualTo("0g23456789");
    f.truncate(0);
    cloneFile(f, g);
    assertThat(guest.stat("/g").size()).isZero();
  }

  @Test
  void aCloneThatDoesNotFitChangesNothing() throws Exception {
    var full = new Guest(Vfs.builder().quota(Quota.DEFAULT.withBytes(4096)).build());
    full.write("/g", "g");
    fails(Errno.ENOSPC, () -> cloneFile(f, full.open("/g", O_RDWR)));
    assertThat(full.read("/g")).isEqualTo("g");
    assertThat(full.vfs.usedBytes()).isEqualTo(4096);
    assertThat(full.vfs.check()).isEmpty();
  }

  @Test
  void onlyFilesInMemoryAreCloned(@TempDir Path host) throws Exception {
    Files.writeString(host.resolve("h"), "h");
    guest.vfs.mounts().hostDirectory("/d", host, MountOptions.DEFAULT);
    var file = guest.open("/d/h", O_RDWR);
    fails(Errno.EOPNOTSUPP, () -> cloneFile(file, g));
    fails(Errno.EOPNOTSUPP, () -> cloneFile(g, file));
    fails(Errno.EISDIR, () -> cloneFile(directory, g));
    fails(Errno.EINVAL, () -> cloneFile(zero, g));
    fails(Errno.EBADF, () -> cloneFile(place, g));
    fails(Errno.EBADF, () -> cloneFile(f, reader));
    fails(Errno.EBADF, () -> cloneFile(f, appender));
    file.release();
  }

  @Test
  void largeCopiesAreWholeAndEndShortWithAnInterrupt() throws Exception {
    var content = new byte[1_000_000];
    new Random(1).nextBytes(content);
    f.pwrite(content, 0, content.length, 0);
    assertThat(copyRange(f, 0, g, 0, content.length)).isEqualTo(content.length);
    assertThat(guest.vfs.read("/g")).isEqualTo(content);
    Thread.currentThread().interrupt();
    assertThat(copyRange(f, 0, g, 0, content.length)).isEqualTo(65536);
    assertThat(sendFile(g, f, 0, content.length)).isEqualTo(65536);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void sendfileMovesTheOffsetsThatItUses() throws Exception {
    assertThat(sendFile(g, f, OFFSET, 4)).isEqualTo(4);
    assertThat(f.seek(0, Whence.CUR)).isEqualTo(4);
    assertThat(sendFile(g, f, 8, 100)).isEqualTo(2);
    assertThat(f.seek(0, Whence.CUR)).isEqualTo(4);
    assertThat(guest.read("/g")).isEqualTo("012389");
    assertThat(sendFile(pipe.writer(), f, OFFSET, 3)).isEqualTo(3);
    assertThat(sendFile(g, zero, OFFSET, 5)).isEqualTo(5);
    assertThat(sendFile(zero, f, 0, 5)).isEqualTo(5);
    assertThat(sendFile(g, f, 0, 0)).isZero();
    assertThat(pipe.reader().readiness().available()).isEqualTo(3);
  }

  @Test
  void sendfileRefusesWhatLinuxRefuses() {
    fails(Errno.EBADF, () -> sendFile(g, appender, OFFSET, 4));
    fails(Errno.EBADF, () -> sendFile(g, place, OFFSET, 4));
    fails(Errno.ESPIPE, () -> sendFile(g, pipe.reader(), 1, 4));
    fails(Errno.EINVAL, () -> sendFile(reader, f, -1, 4));
    fails(Errno.EINVAL, () -> sendFile(reader, f, OFFSET, -1));
    fails(Errno.EINVAL, () -> sendFile(reader, f, Long.MAX_VALUE - 1, 5));
    fails(Errno.EBADF, () -> sendFile(reader, f, OFFSET, 4));
    fails(Errno.EBADF, () -> sendFile(directory, f, OFFSET, 4));
    fails(Errno.EBADF, () -> sendFile(pipe.reader(), f, OFFSET, 4));
    fails(Errno.EINVAL, () -> sendFile(appender, f, OFFSET, 4));
    fails(Errno.EINVAL, () -> sendFile(g, directory, OFFSET, 4));
    fails(Errno.EINVAL, () -> sendFile(g, pipe.reader(), OFFSET, 4));
    fails(Errno.EINVAL, () -> sendFile(other.writer(), pipe.reader(), OFFSET, 4));
  }

  @Test
  void spliceMovesBetweenPipesAndFiles() throws Exception {
    assertThat(splice(f, 2, pipe.writer(), OFFSET, 3, false)).isEqualTo(3);
    assertThat(splice(f, OFFSET, pipe.writer(), OFFSET, 100, false)).isEqualTo(10);
    assertThat(f.seek(0, Whence.CUR)).isEqualTo(10);
    assertThat(splice(f, OFFSET, pipe.writer(), OFFSET, 100, false)).isZero();
    assertThat(splice(pipe.reader(), OFFSET, g, 4, 3, false)).isEqualTo(3);
    assertThat(splice(pipe.reader(), OFFSET, other.writer(), OFFSET, 4, false)).isEqualTo(4);
    assertThat(splice(pipe.reader(), OFFSET, zero, OFFSET, 1, false)).isEqualTo(1);
    assertThat(splice(pipe.reader(), OFFSET, g, OFFSET, 100, false)).isEqualTo(5);
    assertThat(guest.read("/g")).isEqualTo("5678934");
    assertThat(splice(zero, 0, pipe.writer(), OFFSET, 5, false)).isEqualTo(5);
    assertThat(pipe.reader().readiness().available()).isEqualTo(5);
  }

  @Test
  void spliceRefusesWhatLinuxRefuses() throws Exception {
    write(pipe.writer(), "stays");
    fails(Errno.ESPIPE, () -> splice(pipe.reader(), 0, g, OFFSET, 3, false));
    fails(Errno.ESPIPE, () -> splice(f, OFFSET, pipe.writer(), 0, 3, false));
    fails(Errno.EBADF, () -> splice(pipe.reader(), OFFSET, reader, OFFSET, 4, false));
    fails(Errno.EBADF, () -> splice(pipe.writer(), OFFSET, g, OFFSET, 4, false));
    fails(Errno.EBADF, () -> splice(f, OFFSET, pipe.reader(), OFFSET, 4, false));
    fails(Errno.EBADF, () -> splice(place, OFFSET, pipe.writer(), OFFSET, 4, false));
    fails(Errno.EINVAL, () -> splice(f, OFFSET, g, OFFSET, 4, false));
    fails(Errno.EINVAL, () -> splice(pipe.reader(), OFFSET, pipe.writer(), OFFSET, 4, false));
    fails(Errno.EINVAL, () -> splice(pipe.reader(), OFFSET, appender, OFFSET, 4, false));
    fails(Errno.EINVAL, () -> splice(directory, OFFSET, pipe.writer(), OFFSET, 4, false));
    fails(Errno.EINVAL, () -> splice(pipe.reader(), OFFSET, g, -1, 3, false));
    fails(Errno.EINVAL, () -> splice(pipe.reader(), OFFSET, g, Long.MAX_VALUE - 1, 3, false));
    fails(Errno.EINVAL, () -> splice(pipe.reader(), OFFSET, g, OFFSET, -1, false));
    assertThat(pipe.reader().readiness().available()).isEqualTo(5);
  }

  @Test
  void whatCannotBeWrittenStaysInThePipe() throws Exception {
    var full = new Guest(Vfs.builder().quota(Quota.DEFAULT.withBytes(4096)).build());
    var file = full.create("/f");
    write(pipe.writer(), "a".repeat(4096) + "b");
    assertThat(splice(pipe.reader(), OFFSET, file, OFFSET, 10_000, false)).isEqualTo(4096);
    fails(Errno.ENOSPC, () -> splice(pipe.reader(), OFFSET, file, OFFSET, 10_000, false));
    write(pipe.writer(), "c");
    var rest = new byte[2];
    assertThat(pipe.reader().read(rest, 0, 2)).isEqualTo(2);
    assertThat(rest).isEqualTo(bytes("bc"));
  }

  @Test
  void emptyAndFullPipesAreWaitedForUnlessAskedNotTo() throws Exception {
    fails(Errno.EAGAIN, () -> splice(pipe.reader(), OFFSET, g, OFFSET, 1, true));
    fails(Errno.EAGAIN, () -> splice(pipe.reader(), OFFSET, other.writer(), OFFSET, 1, true));
    pipe.writer().setFlags(Credentials.ROOT, O_NONBLOCK);
    assertThat(pipe.writer().write(new byte[70_000], 0, 70_000)).isEqualTo(Pipe.CAPACITY);
    fails(Errno.EAGAIN, () -> splice(f, 0, pipe.writer(), OFFSET, 1, false));
    pipe.reader().read(new byte[Pipe.PIPE_BUF], 0, Pipe.PIPE_BUF);
    assertThat(splice(f, 0, pipe.writer(), OFFSET, 7, false)).isEqualTo(7);
    write(other.writer(), "x");
    fails(Errno.EAGAIN, () -> splice(other.reader(), OFFSET, pipe.writer(), OFFSET, 1, true));
    assertThat(other.reader().readiness().available()).isEqualTo(1);
    other.writer().release();
    assertThat(splice(other.reader(), OFFSET, g, OFFSET, 5, false)).isEqualTo(1);
    assertThat(splice(other.reader(), OFFSET, g, OFFSET, 5, false)).isZero();
    pipe.reader().release();
    fails(Errno.EPIPE, () -> splice(f, 0, pipe.writer(), OFFSET, 1, false));
  }

  @Test
  void pagesMoveAsTheyAreAndNothingIsWrittenBehindThem() throws Exception {
    pipe.writer().setFlags(Credentials.ROOT, O_NONBLOCK);
    other.writer().setFlags(Credentials.ROOT, O_NONBLOCK);
    f.pwrite(new byte[100], 0, 100, 4000);
    for (int i = 0; i < 3; i++) {
      // Each lies on two pages of the file.
      assertThat(splice(f, 4050, pipe.writer(), OFFSET, 50, true)).isEqualTo(50);
    }
    write(pipe.writer(), "x");
    write(pipe.writer(), "y");
    assertThat(pipe.writer().setPipeSize(8 * 4096)).isEqualTo(8 * 4096);
    fails(Errno.EBUSY, () -> pipe.writer().setPipeSize(4 * 4096));
    assertThat(splice(pipe.reader(), OFFSET, other.writer(), OFFSET, 152, true)).isEqualTo(152);
    write(other.writer(), "z");
    fails(Errno.EBUSY, () -> other.writer().setPipeSize(4 * 4096));
    assertThat(other.writer().setPipeSize(8 * 4096)).isEqualTo(8 * 4096);
    assertThat(other.writer().write(new byte[4093], 0, 4093)).isEqualTo(4093);
    write(other.writer(), "w");
    fails(Errno.EAGAIN, () -> other.writer().write(new byte[4096], 0, 4096));
    var all = new byte[5000];
    assertThat(other.reader().read(all, 0, 5000)).isEqualTo(150 + 3 + 4093 + 1);
    assertThat(new String(all, 150, 3, US_ASCII)).isEqualTo("xyz");
  }

  @Test
  void whatAFileHasNoRoomForStaysInThePipeAsItWas() throws Exception {
    var small = new Guest(Vfs.builder().quota(Quota.DEFAULT.withBytes(4096)).build());
    var file = small.open("/f", O_RDWR | O_CREAT);
    write(pipe.writer(), "0123456789");
    assertThat(splice(pipe.reader(), OFFSET, file, 4090, 10, true)).isEqualTo(6);
    fails(Errno.ENOSPC, () -> splice(pipe.reader(), OFFSET, file, 8192, 3, true));
    write(pipe.writer(), "ab");
    pipe.writer().setPipeSize(4096);
    var rest = new byte[10];
    assertThat(pipe.reader().read(rest, 0, 10)).isEqualTo(6);
    assertThat(new String(rest, 0, 6, US_ASCII)).isEqualTo("6789ab");
  }

  @Test
  void toSendNothingIsAnAccess() throws Exception {
    f.setTimes(Credentials.ROOT, TimeChange.at(3), TimeChange.at(4));
    assertThat(sendFile(g, f, OFFSET, 0)).isZero();
    assertThat(f.stat().atime()).isGreaterThan(4);
  }

  @Test
  void whoSendsToAPipeThatNobodyReadsIsTold() {
    pipe.reader().release();
    fails(Errno.EPIPE, () -> sendFile(pipe.writer(), f, 0, 0));
    fails(Errno.EPIPE, () -> splice(directory, OFFSET, pipe.writer(), OFFSET, 1, true));
  }

  @Test
  void aPlaceIsNoPartOfASplice() {
    fails(Errno.EBADF, () -> splice(place, OFFSET, pipe.writer(), 0, 1, true));
    fails(Errno.EBADF, () -> splice(pipe.reader(), 0, place, OFFSET, 1, true));
  }

  @Test
  void whoWaitsInASpliceEndsWithAnInterrupt() throws Exception {
    var waiting =
        new Thread(
            () ->
                assertThatThrownBy(() -> splice(pipe.reader(), OFFSET, g, OFFSET, 1, false))
                    .isInstanceOf(InterruptedException.class));
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    guest.touch("/others-go-on");
    waiting.interrupt();
    waiting.join();
  }
}
