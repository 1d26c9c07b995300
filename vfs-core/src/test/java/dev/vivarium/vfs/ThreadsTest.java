package dev.vivarium.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real threads on one filesystem: whatever they meet, it is whole in the end. */
class ThreadsTest {
  private static final int THREADS = 4;
  private static final int CALLS = 10_000;
  private static final List<String> PATHS =
      List.of("/a", "/b", "/d", "/d/a", "/d/b", "/d/e", "/d/e/a", "/link/b");

  private static void inThreads(int count, IntFunction<Callable<?>> work) throws Exception {
    var pool = Executors.newFixedThreadPool(count);
    try {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < count; i++) {
        running.add(pool.submit(work.apply(i)));
      }
      for (var each : running) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFilesystemThatManyChangeAtOnceIsWhole(int seed) throws Exception {
    var quota = Quota.DEFAULT.withBytes(40 * 4096).withInodes(12).withDirectoryEntries(4);
    var vfs = Vfs.builder().quota(quota).build();
    var snapshots = new ArrayList<Snapshot>();
    inThreads(
        THREADS,
        number ->
            () -> {
              var guest = new Guest(vfs);
              var random = new Random(seed * 31L + number);
              var table = new DescriptorTable(8);
              for (int i = 0; i < CALLS; i++) {
                try {
                  call(guest, table, random);
                } catch (ErrnoException e) {
                  // Whatever is in the way of a call is fine.
                }
                if (i % 1000 == number) {
                  synchronized (snapshots) {
                    snapshots.add(vfs.snapshot());
                  }
                }
              }
              table.closeAll();
              return null;
            });
    assertThat(vfs.openFiles()).isZero();
    assertThat(vfs.check()).isEmpty();
    assertThat(snapshots).isNotEmpty();
    for (var snapshot : snapshots) {
      assertThat(Vfs.fork(snapshot).check()).isEmpty();
    }
  }

  private static void call(Guest guest, DescriptorTable table, Random random)
      throws ErrnoException, InterruptedException {
    String path = PATHS.get(random.nextInt(PATHS.size()));
    String other = PATHS.get(random.nextInt(PATHS.size()));
    int fd = random.nextInt(8);
    switch (random.nextInt(13)) {
      case 0 -> guest.mkdir(path);
      case 1 -> guest.rmdir(path);
      case 2 -> guest.unlink(path);
      case 3 -> guest.rename(path, other);
      case 4 -> guest.link(path, other);
      case 5 -> guest.symlink("/d", "/link");
      case 6 -> guest.list(path);
      case 7 -> guest.truncate(path, random.nextInt(20_000));
      case 8 -> table.close(fd);
      case 9 -> table.duplicateTo(fd, random.nextInt(8));
      case 10 -> table.get(fd).read(new byte[5000], 0, 5000);
      case 11 -> table.get(fd).write(new byte[5000], 0, random.nextInt(5000));
      default -> {
        int flags =
            OpenFlags.O_RDWR | OpenFlags.O_CREAT | (random.nextBoolean() ? OpenFlags.O_APPEND : 0);
        table.add(guest.open(path, flags), 0, false);
      }
    }
  }

  @Test
  void threadsThatShareATableLeaveNothingOpen() throws Exception {
    var guest = Guest.inNewWorld();
    var table = new DescriptorTable(16);
    inThreads(
        THREADS,
        number ->
            () -> {
              var random = new Random(number);
              for (int i = 0; i < CALLS; i++) {
                try {
                  int fd = random.nextInt(16);
                  switch (random.nextInt(6)) {
                    case 0 -> table.close(fd);
                    case 1 -> table.duplicate(fd, random.nextInt(16), false);
                    case 2 -> table.duplicateTo(fd, random.nextInt(16));
                    case 3 -> table.renumber(fd, random.nextInt(16));
                    case 4 -> table.get(fd).write(new byte[100], 0, 100);
                    default ->
                        table.add(guest.open("/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT), 0, false);
                  }
                } catch (ErrnoException e) {
                  // Whatever is in the way of a call is fine.
                }
              }
              return null;
            });
    table.closeAll();
    assertThat(guest.vfs.openFiles()).isZero();
    assertThat(guest.vfs.check()).isEmpty();
  }
}
