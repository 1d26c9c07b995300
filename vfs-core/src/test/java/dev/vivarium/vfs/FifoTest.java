package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static dev.vivarium.vfs.posix.OpenFlags.O_NONBLOCK;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDONLY;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDWR;
import static dev.vivarium.vfs.posix.OpenFlags.O_TRUNC;
import static dev.vivarium.vfs.posix.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Whence;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private long seconds = 1;
  private final Guest guest =
      new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(seconds)).build());

  @BeforeEach
  void make() throws Exception {
    guest.mkfifo("/fifo");
  }

  @AfterEach
  void theTreeIsConsistent() {
    threads.shutdownNow();
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(guest.vfs.openFiles()).isZero();
  }

  @Test
  void whoOpensWaitsForTheOtherSide() throws Exception {
    for (int mode : new int[] {O_RDONLY, O_WRONLY}) {
      var waiting = opening(mode);
      assertThat(waiting.isDone()).isFalse();
      var other = guest.open("/fifo", mode == O_RDONLY ? O_WRONLY : O_RDONLY);
      var opened = waiting.get();
      var reader = mode == O_RDONLY ? opened : other;
      var writer = mode == O_RDONLY ? other : opened;
      write(writer, "through");
      assertThat(reader.read(new byte[10], 0, 10)).isEqualTo(7);
      reader.release();
      writer.release();
    }
  }

  @Test
  void aVisitOfTheOtherSideIsEnoughToGoOn() throws Exception {
    var waiting = opening(O_RDONLY);
    guest.open("/fifo", O_WRONLY | O_NONBLOCK).release();
    var reader = waiting.get();
    assertThat(reader.read(new byte[1], 0, 1)).isZero();
    reader.release();
  }

  @Test
  void withoutWaitingAReaderOpensAndAWriterIsEnxio() throws Exception {
    fails(Errno.ENXIO, () -> guest.open("/fifo", O_WRONLY | O_NONBLOCK));
    var reader = guest.open("/fifo", O_RDONLY | O_NONBLOCK);
    assertThat(reader.read(new byte[1], 0, 1)).isZero();
    var writer = guest.open("/fifo", O_WRONLY | O_NONBLOCK);
    fails(Errno.EAGAIN, () -> reader.read(new byte[1], 0, 1));
    writer.release();
    assertThat(reader.read(new byte[1], 0, 1)).isZero();
    reader.release();
    fails(Errno.ENXIO, () -> guest.open("/fifo", O_WRONLY | O_NONBLOCK));
  }

  @Test
  void openForBothNobodyWaitsAndNothingEnds() throws Exception {
    var both = guest.open("/fifo", O_RDWR | O_TRUNC);
    write(both, "echo");
    assertThat(both.readiness().events()).isEqualTo(Readiness.READABLE | Readiness.WRITABLE);
    assertThat(both.readiness().available()).isEqualTo(4);
    var buffer = new byte[4];
    assertThat(both.read(buffer, 0, 4)).isEqualTo(4);
    assertThat(buffer).isEqualTo(bytes("echo"));
    both.setFlags(O_NONBLOCK);
    fails(Errno.EAGAIN, () -> both.read(new byte[1], 0, 1));
    var writer = guest.open("/fifo", O_WRONLY);
    both.release();
    fails(Errno.EPIPE, () -> write(writer, "x"));
    writer.release();
  }

  @Test
  void whatNobodyReadStaysForTheNextReaderButNotBeyondTheLastClose() throws Exception {
    var both = guest.open("/fifo", O_RDWR);
    write(both, "left");
    var next = guest.open("/fifo", O_RDONLY);
    both.release();
    assertThat(Guest.read(next)).isEqualTo("left");
    next.release();
    var again = guest.open("/fifo", O_RDWR);
    write(again, "lost");
    again.release();
    var reader = guest.open("/fifo", O_RDONLY | O_NONBLOCK);
    assertThat(Guest.read(reader)).isEmpty();
    reader.release();
  }

  @Test
  void aReaderIsHungUpOnlyOnceThereWasAWriter() throws Exception {
    var reader = guest.open("/fifo", O_RDONLY | O_NONBLOCK);
    assertThat(reader.readiness().events()).isZero();
    var writer = guest.open("/fifo", O_WRONLY);
    assertThat(reader.readiness().events()).isZero();
    assertThat(writer.readiness().events()).isEqualTo(Readiness.WRITABLE);
    writer.release();
    assertThat(reader.readiness().events()).isEqualTo(Readiness.READABLE | Readiness.HANGUP);
    reader.release();
  }

  @Test
  void whoWaitsEndsWithAnInterruptAndHoldsNoLock() throws Exception {
    for (int mode : new int[] {O_RDONLY, O_WRONLY}) {
      var stillInterrupted = new AtomicReference<Boolean>();
      var waiting =
          new Thread(
              () -> {
                fails(Errno.EINTR, () -> guest.open("/fifo", mode));
                stillInterrupted.set(Thread.interrupted());
              });
      waiting.start();
      await(waiting);
      guest.touch("/others-go-on");
      waiting.interrupt();
      waiting.join();
      assertThat(stillInterrupted.get()).isTrue();
      fails(Errno.ENXIO, () -> guest.open("/fifo", O_WRONLY | O_NONBLOCK));
    }
  }

  @Test
  void permissionsComeBeforeTheOtherSide() throws Exception {
    guest.chmod("/fifo", 0400);
    fails(Errno.EACCES, () -> guest.as(7, 7).open("/fifo", O_WRONLY | O_NONBLOCK));
    fails(Errno.EACCES, () -> guest.as(7, 7).open("/fifo", O_RDONLY));
  }

  @Test
  void theNodeHasTheTimesAndTheDescriptionNoPlace() throws Exception {
    var both = guest.open("/fifo", O_RDWR);
    seconds = 5;
    write(both, "x");
    assertThat(guest.stat("/fifo").mtime()).isEqualTo(5_000_000_000L);
    assertThat(guest.stat("/fifo").atime()).isEqualTo(1_000_000_000L);
    seconds = 6;
    both.read(new byte[1], 0, 1);
    assertThat(both.stat().atime()).isEqualTo(6_000_000_000L);
    assertThat(both.stat()).isEqualTo(guest.stat("/fifo"));
    assertThat(both.type()).isEqualTo(FileType.FIFO);
    fails(Errno.ESPIPE, () -> both.seek(0, Whence.SET));
    fails(Errno.ESPIPE, () -> both.pread(new byte[1], 0, 1, 0));
    fails(Errno.EINVAL, () -> both.sync(false));
    fails(Errno.EINVAL, () -> both.truncate(0));
    fails(Errno.ESPIPE, () -> both.allocate(0, 1));
    both.release();
  }

  @Test
  void aFifoWithoutANameGoesOn() throws Exception {
    var both = guest.open("/fifo", O_RDWR);
    guest.unlink("/fifo");
    guest.mkfifo("/fifo");
    write(both, "old");
    var reader = guest.open("/fifo", O_RDONLY | O_NONBLOCK);
    assertThat(Guest.read(reader)).isEmpty();
    assertThat(both.read(new byte[9], 0, 9)).isEqualTo(3);
    assertThat(both.stat().nlink()).isZero();
    both.release();
    reader.release();
  }

  @Test
  void theHostNeverWaitsForWhatAGuestHasMade() throws Exception {
    fails(Errno.ENXIO, () -> guest.vfs.write("/fifo", bytes("x")));
    assertThat(guest.vfs.read("/fifo")).isEmpty();
  }

  /** Opens in a thread of its own, which is waiting when this returns. */
  private Future<FileDescription> opening(int mode) {
    var thread = new AtomicReference<Thread>();
    var opened =
        threads.submit(
            () -> {
              thread.set(Thread.currentThread());
              return guest.open("/fifo", mode);
            });
    while (thread.get() == null) {
      Thread.onSpinWait();
    }
    await(thread.get());
    return opened;
  }

  private static void await(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
