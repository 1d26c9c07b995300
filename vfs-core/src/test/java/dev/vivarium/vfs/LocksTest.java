package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.posix.LockType.NONE;
import static dev.vivarium.vfs.posix.LockType.READ;
import static dev.vivarium.vfs.posix.LockType.WRITE;
import static dev.vivarium.vfs.posix.OpenFlags.O_ACCMODE;
import static dev.vivarium.vfs.posix.OpenFlags.O_PATH;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDONLY;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDWR;
import static dev.vivarium.vfs.posix.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.RecordLock;
import dev.vivarium.vfs.posix.Whence;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks of processes, of open file descriptions, and of flock. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocksTest {
  private final Guest guest = Guest.inNewWorld();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Proc one = new Proc(1);
  private final Proc two = new Proc(2);

  /** A process: a table of descriptors. */
  private final class Proc {
    final int pid;
    DescriptorTable table = new DescriptorTable(100);

    Proc(int pid) {
      this.pid = pid;
    }

    int open(String path, int flags) throws Exception {
      return table.add(guest.open(path, flags), 0, false);
    }

    void lock(int fd, LockType type, long start, long length) throws Exception {
      table.setLock(fd, pid, LockRequest.of(type, start, length), false);
    }

    void lockWaiting(int fd, LockType type, long start, long length) throws Exception {
      table.setLock(fd, pid, LockRequest.of(type, start, length), true);
    }

    RecordLock get(int fd, LockType type, long start, long length) throws Exception {
      return table.getLock(fd, LockRequest.of(type, start, length));
    }
  }

  @AfterEach
  void theTreeIsConsistent() {
    threads.shutdownNow();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void readersShareAndWritersDoNot() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, READ, 0, 10);
    two.lock(b, READ, 5, 10);
    fails(Errno.EAGAIN, () -> two.lock(b, WRITE, 0, 1));
    fails(Errno.EAGAIN, () -> one.lock(a, WRITE, 0, 10));
    two.lock(b, WRITE, 10, 5);
    one.lock(a, NONE, 0, 0);
    two.lock(b, WRITE, 0, 0);
    fails(Errno.EAGAIN, () -> one.lock(a, READ, 1_000_000, 1));
  }

  @Test
  void whatIsInTheWayIsTold() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, READ, 20, 0);
    one.lock(a, WRITE, 5, 5);
    assertThat(two.get(b, READ, 0, 0)).isEqualTo(new RecordLock(WRITE, 5, 5, 1));
    assertThat(two.get(b, WRITE, 15, 100)).isEqualTo(new RecordLock(READ, 20, 0, 1));
    assertThat(two.get(b, READ, 10, 0).type()).isEqualTo(NONE);
    assertThat(one.get(a, WRITE, 0, 0).type()).isEqualTo(NONE);
    fails(Errno.EINVAL, () -> two.get(b, NONE, 0, 0));
  }

  @Test
  void rangesAreJoinedReplacedAndCut() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, WRITE, 0, 10);
    one.lock(a, WRITE, 10, 10);
    assertThat(two.get(b, READ, 0, 0)).isEqualTo(new RecordLock(WRITE, 0, 20, 1));
    one.lock(a, READ, 5, 5);
    assertThat(two.get(b, READ, 5, 5).type()).isEqualTo(NONE);
    assertThat(two.get(b, WRITE, 5, 5)).isEqualTo(new RecordLock(READ, 5, 5, 1));
    one.lock(a, NONE, 12, 3);
    assertThat(two.get(b, READ, 8, 100)).isEqualTo(new RecordLock(WRITE, 10, 2, 1));
    assertThat(two.get(b, READ, 12, 100)).isEqualTo(new RecordLock(WRITE, 15, 5, 1));
  }

  @Test
  void randomRangesAreThoseOfANaiveModel() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    var random = new Random(1);
    var mine = new LockType[40];
    var other = new LockType[40];
    Arrays.fill(mine, NONE);
    Arrays.fill(other, NONE);
    for (int i = 0; i < 3000; i++) {
      boolean first = random.nextBoolean();
      var own = first ? mine : other;
      var others = first ? other : mine;
      int from = random.nextInt(40);
      int length = 1 + random.nextInt(40 - from);
      var type = LockType.values()[random.nextInt(3)];
      boolean conflict = false;
      for (int at = from; at < from + length; at++) {
        conflict |= type == WRITE ? others[at] != NONE : type == READ && others[at] == WRITE;
      }
      var process = first ? one : two;
      int fd = first ? a : b;
      if (conflict) {
        fails(Errno.EAGAIN, () -> process.lock(fd, type, from, length));
      } else {
        process.lock(fd, type, from, length);
        Arrays.fill(own, from, from + length, type);
      }
      int at = random.nextInt(40);
      assertThat(process.get(fd, WRITE, at, 1).type()).as("step %d", i).isEqualTo(others[at]);
    }
  }

  @Test
  void anyCloseOfTheFileByItsProcessGivesItsLocksBack() throws Exception {
    guest.touch("/f");
    guest.link("/f", "/g");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, WRITE, 0, 0);
    one.table.close(one.open("/g", O_PATH));
    fails(Errno.EAGAIN, () -> two.lock(b, READ, 0, 1));
    one.table.close(one.open("/g", O_RDONLY));
    two.lock(b, WRITE, 0, 0);
    two.table.duplicateTo(two.open("/", O_RDONLY), b);
    one.lock(a, WRITE, 0, 0);
    one.table.closeAll();
    int again = two.open("/f", O_RDWR);
    two.lock(again, WRITE, 0, 0);
  }

  @Test
  void aForkDoesNotInheritLocksOfProcesses() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    one.lock(a, WRITE, 0, 0);
    var child = new Proc(3);
    child.table = one.table.fork();
    fails(Errno.EAGAIN, () -> child.lock(a, READ, 0, 1));
    child.table.closeAll();
    fails(Errno.EAGAIN, () -> two.lock(two.open("/f", O_RDWR), READ, 0, 1));
  }

  @Test
  void aRangeIsCountedFromWhereItSays() throws Exception {
    guest.write("/f", "x".repeat(100));
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.table.get(a).seek(30, Whence.SET);
    one.table.setLock(a, 1, new LockRequest(WRITE, Whence.CUR, -10, 5), false);
    one.table.setLock(a, 1, new LockRequest(WRITE, Whence.END, 0, -10), false);
    assertThat(two.get(b, READ, 0, 0)).isEqualTo(new RecordLock(WRITE, 20, 5, 1));
    assertThat(two.get(b, READ, 25, 0)).isEqualTo(new RecordLock(WRITE, 90, 10, 1));
    fails(Errno.EINVAL, () -> one.lock(a, WRITE, -1, 5));
    fails(Errno.EINVAL, () -> one.lock(a, WRITE, 5, -6));
    fails(Errno.EOVERFLOW, () -> one.lock(a, WRITE, Long.MAX_VALUE, 2));
    one.lock(a, WRITE, Long.MAX_VALUE, 1);
    fails(
        Errno.EOVERFLOW,
        () ->
            one.table.setLock(a, 1, new LockRequest(WRITE, Whence.END, Long.MAX_VALUE, 1), false));
    fails(
        Errno.EINVAL,
        () -> one.table.setLock(a, 1, new LockRequest(WRITE, Whence.DATA, 0, 1), false));
  }

  @Test
  void locksNeedTheAccessThatTheyAreFor() throws Exception {
    guest.touch("/f").mkdir("/d");
    int reader = one.open("/f", O_RDONLY);
    int writer = one.open("/f", O_WRONLY);
    int place = one.open("/f", O_PATH);
    fails(Errno.EBADF, () -> one.lock(reader, WRITE, 0, 1));
    fails(Errno.EBADF, () -> one.lock(writer, READ, 0, 1));
    fails(Errno.EINVAL, () -> one.lock(writer, READ, -1, 1));
    fails(Errno.EBADF, () -> one.lock(place, NONE, 0, 1));
    fails(Errno.EBADF, () -> one.lock(99, READ, 0, 1));
    one.lock(one.open("/d", O_RDONLY), READ, 0, 1);
    fails(Errno.EBADF, () -> one.table.get(place).lock(READ, false));
    var neither = guest.open("/f", O_ACCMODE);
    fails(Errno.EBADF, () -> neither.lock(READ, false));
    neither.lock(NONE, false);
    int pipe = one.table.add(guest.vfs.pipe(guest.context, 0).reader(), 0, false);
    fails(Errno.EBADF, () -> one.lock(pipe, WRITE, 0, 1));
    one.lock(pipe, READ, 0, 1);
  }

  @Test
  void aWaiterGetsTheLockOnceItIsFree() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, WRITE, 0, 10);
    var waiting =
        waiting(
            () -> {
              two.lockWaiting(b, READ, 5, 10);
              return null;
            });
    guest.touch("/others-go-on");
    one.lock(a, NONE, 0, 5);
    assertThat(waiting.isDone()).isFalse();
    one.lock(a, NONE, 5, 5);
    waiting.get();
    assertThat(one.get(a, WRITE, 0, 0)).isEqualTo(new RecordLock(READ, 5, 10, 2));
  }

  @Test
  void whoWaitsEndsWithAnInterrupt() throws Exception {
    guest.touch("/f");
    one.lock(one.open("/f", O_RDWR), WRITE, 0, 0);
    int b = two.open("/f", O_RDWR);
    var thread =
        new Thread(
            () ->
                assertThatThrownBy(() -> two.lockWaiting(b, WRITE, 0, 0))
                    .isInstanceOf(InterruptedException.class));
    thread.start();
    await(thread);
    thread.interrupt();
    thread.join();
    one.table.closeAll();
    two.lock(b, WRITE, 0, 0);
  }

  @Test
  void aCircleOfWaitersIsRefused() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    var three = new Proc(3);
    int c = three.open("/f", O_RDWR);
    one.lock(a, WRITE, 1, 1);
    two.lock(b, WRITE, 2, 1);
    three.lock(c, WRITE, 3, 1);
    var first =
        waiting(
            () -> {
              one.lockWaiting(a, WRITE, 2, 1);
              return null;
            });
    var second =
        waiting(
            () -> {
              two.lockWaiting(b, WRITE, 3, 1);
              return null;
            });
    fails(Errno.EDEADLK, () -> three.lockWaiting(c, READ, 1, 1));
    fails(Errno.EAGAIN, () -> three.lock(c, READ, 1, 1));
    three.lock(c, NONE, 3, 1);
    second.get();
    two.table.closeAll();
    first.get();
  }

  @Test
  void aDescriptorThatIsClosedMeanwhileGetsNoLock() throws Exception {
    guest.touch("/f");
    int a = one.open("/f", O_RDWR);
    int b = two.open("/f", O_RDWR);
    one.lock(a, WRITE, 0, 0);
    var waiting =
        waiting(
            () -> {
              fails(Errno.EBADF, () -> two.lockWaiting(b, WRITE, 0, 0));
              return null;
            });
    var kept = two.table.get(b);
    kept.retain();
    two.table.close(b);
    one.lock(a, NONE, 0, 0);
    waiting.get();
    one.lock(a, WRITE, 0, 0);
    kept.release();
  }

  @Test
  void descriptionsHaveLocksOfTheirOwn() throws Exception {
    guest.touch("/f");
    var first = guest.open("/f", O_RDWR);
    var second = guest.open("/f", O_RDWR);
    first.setRecordLock(LockRequest.of(WRITE, 0, 10), false);
    fails(Errno.EAGAIN, () -> second.setRecordLock(LockRequest.of(READ, 0, 1), false));
    assertThat(second.getRecordLock(LockRequest.of(READ, 0, 0)))
        .isEqualTo(new RecordLock(WRITE, 0, 10, -1));
    assertThat(first.getRecordLock(LockRequest.of(NONE, 0, 0)))
        .isEqualTo(new RecordLock(WRITE, 0, 10, -1));
    assertThat(second.getRecordLock(LockRequest.of(NONE, 0, 0)).type()).isEqualTo(NONE);
    int a = one.table.add(first, 0, false);
    fails(Errno.EAGAIN, () -> one.lock(a, READ, 0, 1));
    var child = one.table.fork();
    one.table.closeAll();
    fails(Errno.EAGAIN, () -> second.setRecordLock(LockRequest.of(READ, 0, 1), false));
    child.closeAll();
    second.setRecordLock(LockRequest.of(WRITE, 0, 0), false);
    second.release();
  }

  @Test
  void flockIsAWorldOfItsOwn() throws Exception {
    guest.touch("/f");
    var first = guest.open("/f", O_RDONLY);
    var second = guest.open("/f", O_RDONLY);
    one.lock(one.open("/f", O_RDWR), WRITE, 0, 0);
    first.lock(WRITE, false);
    first.lock(WRITE, false);
    fails(Errno.EAGAIN, () -> second.lock(READ, false));
    first.lock(READ, false);
    second.lock(READ, false);
    // A change that fails has given the old lock back, as on Linux.
    fails(Errno.EAGAIN, () -> second.lock(WRITE, false));
    first.lock(WRITE, false);
    var waiting =
        waiting(
            () -> {
              second.lock(WRITE, true);
              return null;
            });
    first.release();
    waiting.get();
    second.lock(NONE, false);
    second.release();
  }

  @Test
  void theNumberOfLocksIsLimited() throws Exception {
    var limited = new Guest(Vfs.builder().quota(Quota.DEFAULT.withLocks(3)).build()).touch("/f");
    var process = new DescriptorTable(10);
    int fd = process.add(limited.open("/f", O_RDWR), 0, false);
    process.setLock(fd, 1, LockRequest.of(WRITE, 0, 10), false);
    FileDescription other = limited.open("/f", O_RDWR);
    other.lock(WRITE, false);
    process.setLock(fd, 1, LockRequest.of(WRITE, 20, 10), false);
    fails(Errno.ENOLCK, () -> process.setLock(fd, 1, LockRequest.of(NONE, 3, 3), false));
    fails(Errno.ENOLCK, () -> process.setLock(fd, 1, LockRequest.of(READ, 90, 3), false));
    process.setLock(fd, 1, LockRequest.of(WRITE, 10, 10), false);
    process.setLock(fd, 1, LockRequest.of(NONE, 3, 3), false);
    var third = limited.open("/f", O_RDWR);
    fails(Errno.EAGAIN, () -> third.lock(READ, false));
    other.release();
    third.lock(READ, false);
    process.closeAll();
    other = limited.open("/f", O_RDWR);
    other.setRecordLock(LockRequest.of(WRITE, 0, 0), false);
    other.lock(READ, false);
  }

  private <T> Future<T> waiting(Callable<T> call) {
    var thread = new AtomicReference<Thread>();
    var future =
        threads.submit(
            () -> {
              thread.set(Thread.currentThread());
              return call.call();
            });
    while (thread.get() == null) {
      Thread.onSpinWait();
    }
    await(thread.get());
    return future;
  }

  private static void await(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
