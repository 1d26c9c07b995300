package dev.vivarium.vfs.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel's locks and a guest's POSIX locks are in each other's way. */
class GuestLocksTest {
  private static final int PID = 42;

  private final Vfs vfs = Vfs.builder().build();
  private final DescriptorTable guest = new DescriptorTable(16);
  private FileChannel channel;
  private int fd;

  @BeforeEach
  void open() throws Exception {
    vfs.write("/f", new byte[100]);
    fd = guestOpens();
    channel = hostOpens();
  }

  @AfterEach
  void close() throws Exception {
    channel.close();
    guest.closeAll();
  }

  private int guestOpens() throws ErrnoException {
    var description =
        vfs.open(vfs.superuser(), vfs.root(), new byte[] {'/', 'f'}, OpenFlags.O_RDWR, 0);
    return guest.add(description, 0, false);
  }

  private FileChannel hostOpens() throws Exception {
    var path = VfsFileSystem.of(vfs, vfs.superuser()).getPath("/f");
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void guestLocks(LockType type, long start, long length) throws Exception {
    guest.setLock(fd, PID, LockRequest.of(type, start, length), false);
  }

  private void guestIsRefused(LockType type, long start, long length) {
    assertThatThrownBy(() -> guestLocks(type, start, length))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
  }

  @Test
  void aGuestsLockKeepsTheHostOut() throws Exception {
    guestLocks(LockType.READ, 0, 10);
    guestLocks(LockType.WRITE, 10, 10);
    assertThat(channel.tryLock(0, 10, false)).isNull();
    assertThat(channel.tryLock(15, 1, true)).isNull();
    assertThat(channel.tryLock(0, 10, true)).isNotNull();
    assertThat(channel.tryLock(20, Long.MAX_VALUE - 20, false)).isNotNull();
    guestLocks(LockType.NONE, 10, 10);
    assertThat(channel.tryLock(10, 10, false)).isNotNull();
  }

  @Test
  void aHostsLockKeepsGuestsOutUntilItIsReleasedOrItsChannelClosed() throws Exception {
    var lock = channel.lock(0, 10, false);
    var shared = channel.lock(10, 10, true);
    guestIsRefused(LockType.READ, 9, 1);
    guestIsRefused(LockType.WRITE, 10, 1);
    guestLocks(LockType.READ, 10, 1);
    var told = guest.getLock(fd, LockRequest.of(LockType.WRITE, 0, 0));
    assertThat(told.type()).isEqualTo(LockType.WRITE);
    assertThat(told.pid()).isZero();
    lock.release();
    guestLocks(LockType.WRITE, 0, 10);
    guestIsRefused(LockType.WRITE, 11, 9);
    channel.close();
    assertThat(shared.isValid()).isFalse();
    guestLocks(LockType.WRITE, 0, 0);
  }

  @Test
  void closingAChannelLeavesTheLocksOfOthersAlone() throws Exception {
    try (var lock = channel.lock(0, 10, false)) {
      hostOpens().close();
      guestIsRefused(LockType.WRITE, 0, 1);
      assertThat(lock.isValid()).isTrue();
    }
    guestLocks(LockType.WRITE, 0, 1);
  }

  @Test
  void aRefusedLockLeavesNothingBehind() throws Exception {
    guestLocks(LockType.WRITE, 0, 10);
    assertThat(channel.tryLock(0, 10, false)).isNull();
    guestLocks(LockType.NONE, 0, 0);
    try (var other = hostOpens()) {
      assertThat(other.tryLock(0, 10, false)).isNotNull();
    }
  }

  @Test
  void theHostWaitsForAGuest() throws Exception {
    guestLocks(LockType.WRITE, 0, 10);
    var waiter = start(() -> channel.lock(0, 5, false));
    awaitWaiting(waiter.thread);
    assertThatThrownBy(() -> channel.tryLock(4, 1, true))
        .isInstanceOf(OverlappingFileLockException.class);
    guestLocks(LockType.NONE, 0, 0);
    assertThat(waiter.result.get().isValid()).isTrue();
    guestIsRefused(LockType.READ, 4, 1);
  }

  @Test
  void whoWaitsEndsWhenTheChannelIsClosedAndIsNotInterrupted() throws Exception {
    guestLocks(LockType.WRITE, 0, 10);
    var waiter =
        start(
            () -> {
              try {
                return channel.lock();
              } finally {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
              }
            });
    awaitWaiting(waiter.thread);
    channel.close();
    assertThatThrownBy(waiter.result::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(AsynchronousCloseException.class);
  }

  @Test
  void whoWaitsEndsWithAnInterruptAndTheChannelStaysOpen() throws Exception {
    guestLocks(LockType.WRITE, 0, 10);
    var waiter = start(() -> channel.lock());
    awaitWaiting(waiter.thread);
    waiter.thread.interrupt();
    assertThatThrownBy(waiter.result::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(FileLockInterruptionException.class);
    assertThat(channel.isOpen()).isTrue();
    guestLocks(LockType.NONE, 0, 0);
    assertThat(channel.tryLock()).isNotNull();
  }

  private record Waiter(Thread thread, FutureTask<FileLock> result) {}

  private static Waiter start(Callable<FileLock> call) {
    var result = new FutureTask<>(call);
    var thread = new Thread(result);
    thread.setDaemon(true);
    thread.start();
    return new Waiter(thread, result);
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.sleep(1);
    }
  }
}
