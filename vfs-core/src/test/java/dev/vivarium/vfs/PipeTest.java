package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeTest {
  private final Guest guest = Guest.inNewWorld();
  private FileDescription reader;
  private FileDescription writer;

  @BeforeEach
  void open() throws Exception {
    var pipe = guest.vfs.pipe(guest.context, 0);
    reader = pipe.reader();
    writer = pipe.writer();
  }

  private void nonBlocking() throws ErrnoException {
    reader.setFlags(Credentials.ROOT, OpenFlags.O_NONBLOCK);
    writer.setFlags(Credentials.ROOT, OpenFlags.O_NONBLOCK);
  }

  @Test
  void whatIsWrittenIsReadInOrderAndThenTheEnd() throws Exception {
    write(writer, "hello ");
    write(writer, "world");
    assertThat(reader.readiness().available()).isEqualTo(11);
    var buffer = new byte[8];
    assertThat(reader.read(buffer, 0, 8)).isEqualTo(8);
    assertThat(buffer).isEqualTo(bytes("hello wo"));
    assertThat(reader.read(buffer, 0, 8)).isEqualTo(3);
    writer.release();
    assertThat(reader.read(buffer, 0, 8)).isZero();
  }

  @Test
  void withoutWaitingAnEmptyOrFullPipeIsEagain() throws Exception {
    nonBlocking();
    fails(Errno.EAGAIN, () -> reader.read(new byte[1], 0, 1));
    assertThat(writer.write(new byte[100_000], 0, 100_000)).isEqualTo(Pipe.CAPACITY);
    fails(Errno.EAGAIN, () -> write(writer, "x"));
    // A page is free once all of it has been read.
    reader.read(new byte[Pipe.PIPE_BUF - 1], 0, Pipe.PIPE_BUF - 1);
    fails(Errno.EAGAIN, () -> write(writer, "x"));
    reader.read(new byte[1], 0, 1);
    assertThat(writer.write(new byte[5000], 0, 5000)).isEqualTo(Pipe.PIPE_BUF);
    assertThat(reader.readiness().available()).isEqualTo(Pipe.CAPACITY);
  }

  @Test
  void aShortWriteTakesAPageUnlessItFitsBehindTheLast() throws Exception {
    nonBlocking();
    for (int i = 0; i < Pipe.CAPACITY / Pipe.PIPE_BUF; i++) {
      assertThat(writer.write(new byte[2049], 0, 2049)).isEqualTo(2049);
    }
    assertThat(writer.readiness().events()).isZero();
    fails(Errno.EAGAIN, () -> writer.write(new byte[2048], 0, 2048));
    assertThat(writer.write(new byte[2047], 0, 2047)).isEqualTo(2047);
    fails(Errno.EAGAIN, () -> write(writer, "x"));
    assertThat(reader.readiness().available()).isEqualTo(16 * 2049 + 2047);
    fails(Errno.EBUSY, () -> writer.setPipeSize(Pipe.CAPACITY / 2));
    assertThat(reader.read(new byte[100_000], 0, 100_000)).isEqualTo(16 * 2049 + 2047);
  }

  @Test
  void piecesOfAllSizesComeOutInOrder() throws Exception {
    nonBlocking();
    var random = new Random(3);
    int in = 0;
    int out = 0;
    for (int i = 0; i < 20_000; i++) {
      var piece = new byte[1 + random.nextInt(random.nextBoolean() ? 100 : 9000)];
      if (random.nextBoolean()) {
        for (int at = 0; at < piece.length; at++) {
          piece[at] = (byte) ((in + at) % 251);
        }
        try {
          in += writer.write(piece, 0, piece.length);
        } catch (ErrnoException full) {
          assertThat(full.errno()).isEqualTo(Errno.EAGAIN);
        }
      } else if (in > out) {
        int count = reader.read(piece, 0, piece.length);
        assertThat(count).isEqualTo(Math.min(piece.length, in - out));
        for (int at = 0; at < count; at++) {
          assertThat(piece[at]).isEqualTo((byte) (out++ % 251));
        }
      }
      assertThat(reader.readiness().available()).isEqualTo(in - out);
    }
  }

  @Test
  void withoutReadersWritingIsEpipe() throws Exception {
    reader.release();
    fails(Errno.EPIPE, () -> write(writer, "x"));
    assertThat(writer.write(new byte[0], 0, 0)).isZero();
    assertThat(writer.readiness().events()).isEqualTo(Readiness.WRITABLE | Readiness.ERROR);
  }

  @Test
  void eachEndHasOneDirectionAndNoPlace() throws Exception {
    fails(Errno.EBADF, () -> write(reader, "x"));
    fails(Errno.EBADF, () -> writer.read(new byte[1], 0, 1));
    fails(Errno.ESPIPE, () -> reader.seek(0, Whence.CUR));
    fails(Errno.ESPIPE, () -> reader.pread(new byte[1], 0, 1, 0));
    fails(Errno.EINVAL, () -> reader.pread(new byte[1], 0, 1, -1));
    fails(Errno.EINVAL, () -> writer.pwrite(new byte[1], 0, 1, -1));
    fails(Errno.EINVAL, () -> writer.truncate(0));
    fails(Errno.EINVAL, () -> writer.sync(false));
    fails(Errno.ESPIPE, () -> writer.allocate(0, 1));
    assertThat(reader.type()).isEqualTo(FileType.FIFO);
    assertThat(reader.stat()).isEqualTo(writer.stat());
    var other = guest.vfs.pipe(guest.context, 0);
    assertThat(other.reader().stat().ino()).isNotEqualTo(reader.stat().ino());
  }

  @Test
  void readinessTellsWhatWouldNotBlockAndWakesAtChanges() throws Exception {
    var waker = new Waker();
    reader.readiness().watch(waker);
    assertThat(reader.readiness().events()).isZero();
    assertThat(writer.readiness().events()).isEqualTo(Readiness.WRITABLE);
    assertThat(waker.await(0)).isFalse();
    write(writer, "x".repeat(Pipe.PIPE_BUF));
    assertThat(waker.await(0)).isTrue();
    assertThat(reader.readiness().events()).isEqualTo(Readiness.READABLE);
    writer.setFlags(Credentials.ROOT, OpenFlags.O_NONBLOCK);
    writer.write(new byte[Pipe.CAPACITY], 0, Pipe.CAPACITY);
    assertThat(writer.readiness().events()).isZero();
    writer.release();
    assertThat(reader.readiness().events()).isEqualTo(Readiness.READABLE | Readiness.HANGUP);
    reader.readiness().unwatch(waker);
    assertThat(waker.await(0)).isTrue();
    reader.read(new byte[1], 0, 1);
    assertThat(waker.await(0)).isFalse();
  }

  @Test
  void aWriterThatWaitsGoesOnWhenThereIsRoom() throws Exception {
    var content = new byte[1_000_000];
    new Random(1).nextBytes(content);
    var threads = Executors.newSingleThreadExecutor();
    var written = threads.submit(() -> writer.write(content, 0, content.length));
    var got = new byte[content.length];
    int done = 0;
    var random = new Random(2);
    while (done < got.length) {
      done += reader.read(got, done, Math.min(1 + random.nextInt(9000), got.length - done));
    }
    assertThat(written.get()).isEqualTo(content.length);
    assertThat(Arrays.equals(got, content)).isTrue();
    threads.shutdown();
  }

  @Test
  void whoWaitsEndsWithTheOtherSide() throws Exception {
    var threads = Executors.newFixedThreadPool(1);
    var waiting = threads.submit(() -> reader.read(new byte[1], 0, 1));
    writer.release();
    assertThat(waiting.get()).isZero();
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoWaitsEndsWithAnInterruptAndHoldsNoLock() throws Exception {
    var waiting =
        new Thread(
            () ->
                assertThatThrownBy(() -> reader.read(new byte[1], 0, 1))
                    .isInstanceOf(InterruptedException.class));
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    guest.touch("/others-go-on");
    waiting.interrupt();
    waiting.join();
    write(writer, "x");
    assertThat(reader.read(new byte[2], 0, 2)).isEqualTo(1);
  }

  @Test
  void itsSizeIsRoundedUpToAPowerOfTwoOfPages() throws Exception {
    assertThat(writer.pipeSize()).isEqualTo(Pipe.CAPACITY);
    assertThat(reader.setPipeSize(0)).isEqualTo(4096);
    assertThat(reader.setPipeSize(4096)).isEqualTo(4096);
    assertThat(reader.setPipeSize(4097)).isEqualTo(8192);
    assertThat(reader.setPipeSize(20_000)).isEqualTo(32_768);
    assertThat(writer.setPipeSize(1 << 20)).isEqualTo(1 << 20);
    assertThat(reader.pipeSize()).isEqualTo(1 << 20);
    fails(Errno.EINVAL, () -> reader.setPipeSize(-1));
    fails(Errno.EINVAL, () -> reader.setPipeSize((1L << 31) + 1));
    fails(Errno.EPERM, () -> reader.setPipeSize((1 << 20) + 1));
    fails(Errno.EPERM, () -> reader.setPipeSize(1L << 31));
    var file = guest.create("/f");
    fails(Errno.EBADF, file::pipeSize);
    fails(Errno.EBADF, () -> file.setPipeSize(4096));
    file.release();
  }

  @Test
  void asMuchFitsInAsItsSizeSaysAndWhatIsInItStays() throws Exception {
    nonBlocking();
    writer.setPipeSize(1 << 20);
    var much = new byte[2 << 20];
    new Random(1).nextBytes(much);
    assertThat(writer.write(much, 0, much.length)).isEqualTo(1 << 20);
    fails(Errno.EBUSY, () -> reader.setPipeSize(1 << 19));
    assertThat(reader.pipeSize()).isEqualTo(1 << 20);
    var read = new byte[(1 << 20) - 8192];
    assertThat(reader.read(read, 0, read.length)).isEqualTo(read.length);
    assertThat(read).isEqualTo(Arrays.copyOf(much, read.length));
    fails(Errno.EBUSY, () -> reader.setPipeSize(4096));
    assertThat(reader.setPipeSize(8192)).isEqualTo(8192);
    fails(Errno.EAGAIN, () -> write(writer, "x"));
    var rest = new byte[8192];
    assertThat(reader.read(rest, 0, 8192)).isEqualTo(8192);
    assertThat(rest).isEqualTo(Arrays.copyOfRange(much, read.length, 1 << 20));
    assertThat(writer.write(much, 0, 10_000)).isEqualTo(8192);
  }

  @Test
  void aLargePipeCountsForAsManyAsItIsWorth() throws Exception {
    var few = new Guest(Vfs.builder().quota(Quota.DEFAULT.withPipes(3)).build());
    var pipe = few.vfs.pipe(few.context, 0);
    fails(Errno.EPERM, () -> pipe.reader().setPipeSize(4 * Pipe.CAPACITY));
    assertThat(pipe.reader().setPipeSize(2 * Pipe.CAPACITY)).isEqualTo(2 * Pipe.CAPACITY);
    var other = few.vfs.pipe(few.context, 0);
    fails(Errno.ENFILE, () -> few.vfs.pipe(few.context, 0));
    pipe.reader().setPipeSize(4096);
    var third = few.vfs.pipe(few.context, 0);
    fails(Errno.EPERM, () -> third.reader().setPipeSize(2 * Pipe.CAPACITY));
    for (var each : new Pipe[] {pipe, other, third}) {
      each.reader().release();
      each.writer().release();
    }
    var again = few.vfs.pipe(few.context, 0);
    assertThat(again.reader().setPipeSize(2 * Pipe.CAPACITY)).isEqualTo(2 * Pipe.CAPACITY);
  }
}
