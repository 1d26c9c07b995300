package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private long now = 1;
  private final Guest guest =
      new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(0, ++now)).build());

  private Guest fork(Snapshot snapshot) {
    return new Guest(
        Vfs.builder().base(snapshot).clock(() -> Instant.ofEpochSecond(0, ++now)).build());
  }

  @Test
  void aSnapshotStaysAndForksGoTheirOwnWays() throws Exception {
    guest.mkdir("/d").write("/d/f", "base");
    var snapshot = guest.vfs.snapshot();
    var left = fork(snapshot);
    var right = fork(snapshot);
    guest.write("/d/f", "original");
    left.write("/d/f", "left").touch("/d/left");
    right.rename("/d", "/e");
    right.open("/e/f", OpenFlags.O_WRONLY).pwrite(bytes("B"), 0, 1, 0);
    assertThat(guest.read("/d/f")).isEqualTo("original");
    assertThat(left.read("/d/f")).isEqualTo("left");
    assertThat(right.read("/e/f")).isEqualTo("Base");
    assertThat(right.list("/e")).containsExactly("f");
    assertThat(fork(snapshot).read("/d/f")).isEqualTo("base");
    for (var each : List.of(guest, left, right)) {
      assertThat(each.vfs.check()).isEmpty();
    }
  }

  @Test
  void forksOfForksShareAndDiffer() throws Exception {
    var snapshots = new ArrayList<Snapshot>();
    var current = guest.touch("/f");
    for (int i = 0; i < 50; i++) {
      current.write("/f" + i, "" + i).write("/f", "now " + i);
      snapshots.add(current.vfs.snapshot());
      current = fork(snapshots.get(i));
    }
    for (int i = 0; i < 50; i++) {
      var world = fork(snapshots.get(i));
      assertThat(world.read("/f")).isEqualTo("now " + i);
      assertThat(world.list("/")).hasSize(i + 2);
      assertThat(world.vfs.check()).isEmpty();
    }
  }

  @Test
  void anOpenDescriptionDoesNotNoticeSnapshots() throws Exception {
    var file = guest.create("/f");
    write(file, "one");
    var first = guest.vfs.snapshot();
    write(file, "two");
    var second = guest.vfs.snapshot();
    write(file, "three");
    assertThat(guest.read("/f")).isEqualTo("onetwothree");
    assertThat(fork(first).read("/f")).isEqualTo("one");
    assertThat(fork(second).read("/f")).isEqualTo("onetwo");
    file.release();
  }

  @Test
  void aSnapshotHasNoFilesWithoutNames() throws Exception {
    guest.write("/f", "x");
    var file = guest.open("/f", OpenFlags.O_RDWR);
    guest.unlink("/f");
    var fork = fork(guest.vfs.snapshot());
    assertThat(fork.vfs.check()).isEmpty();
    assertThat(fork.list("/")).isEmpty();
    write(file, "still");
    file.seek(0, Whence.SET);
    assertThat(read(file)).isEqualTo("still");
    file.release();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void inodeNumbersAreNotGivenTwiceWithinAFork() throws Exception {
    guest.touch("/a");
    long last = guest.stat("/a").ino();
    guest.unlink("/a");
    var fork = fork(guest.vfs.snapshot()).touch("/b");
    assertThat(fork.stat("/b").ino()).isGreaterThan(last);
  }

  // ---- differences --------------------------------------------------------------------------

  @Test
  void theSameSnapshotDoesNotDiffer() throws Exception {
    guest.write("/f", "x");
    assertThat(guest.vfs.snapshot().diff(guest.vfs.snapshot())).isEmpty();
    var before = guest.vfs.snapshot();
    guest.read("/f");
    assertThat(guest.vfs.snapshot().diff(before)).isEmpty();
  }

  @Test
  void differencesAreToldByPathWithADirectoryBeforeWhatIsInIt() throws Exception {
    guest.mkdir("/d").write("/d/gone", "").write("/d/kept", "").write("/d/changed", "a");
    var before = guest.vfs.snapshot();
    guest.write("/d/changed", "b").mkdir("/d/new").write("/d/new/x", "").write("/d.x", "");
    guest.unlink("/d/gone");
    assertThat(changes(before))
        .containsExactly(
            "CHANGED /",
            "CHANGED /d",
            "CHANGED /d/changed",
            "REMOVED /d/gone",
            "ADDED /d/new",
            "ADDED /d/new/x",
            "ADDED /d.x");
  }

  @Test
  void aMovedDirectoryIsOneChangeAndWhatIsInItIsComparedWhereItIs() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").write("/a/b/f", "x").touch("/a/b/g").touch("/a/b/h");
    guest.mkdir("/c").touch("/a/b/i");
    var before = guest.vfs.snapshot();
    guest.rename("/a/b", "/c/b");
    assertThat(changes(before)).containsExactly("CHANGED /a", "CHANGED /c", "RENAMED /a/b -> /c/b");
    guest.write("/c/b/f", "y").touch("/c/b/new");
    guest.unlink("/c/b/g");
    guest.rename("/c/b/h", "/h");
    guest.unlink("/c/b/i");
    guest.touch("/c/b/i").mkdir("/a/b").touch("/a/b/f");
    assertThat(changes(before))
        .containsExactly(
            "CHANGED /",
            "CHANGED /a",
            "ADDED /a/b",
            "ADDED /a/b/f",
            "REMOVED /a/b/g",
            "CHANGED /c",
            "RENAMED /a/b -> /c/b",
            "CHANGED /c/b/f",
            "CHANGED /c/b/i",
            "ADDED /c/b/new",
            "RENAMED /a/b/h -> /h");
  }

  @Test
  void changesTellTheInodesAndWhetherMoreThanThePathDiffers() throws Exception {
    guest.touch("/a").touch("/b").touch("/gone").touch("/replaced");
    var before = guest.vfs.snapshot();
    long gone = guest.stat("/gone").ino();
    long replaced = guest.stat("/replaced").ino();
    guest.rename("/a", "/a2");
    guest.rename("/b", "/b2");
    guest.write("/b2", "x");
    guest.unlink("/gone");
    guest.write("/new", "x");
    guest.rename("/new", "/replaced");
    var changes = guest.vfs.snapshot().diff(before);
    assertThat(
            changes.stream()
                .map(c -> c + " " + c.oldInode() + " " + c.newInode() + " " + c.differs()))
        .containsExactly(
            "CHANGED / 1 1 true",
            "RENAMED /a -> /a2 " + ino("/a2") + " " + ino("/a2") + " false",
            "RENAMED /b -> /b2 " + ino("/b2") + " " + ino("/b2") + " true",
            "REMOVED /gone " + gone + " 0 true",
            "CHANGED /replaced " + replaced + " " + ino("/replaced") + " true");
  }

  private long ino(String path) throws ErrnoException {
    return guest.stat(path).ino();
  }

  @Test
  void namesThatExchangeTheirFilesAreTwoRenamings() throws Exception {
    guest.mkdir("/a").touch("/a/f").write("/b", "b");
    var before = guest.vfs.snapshot();
    guest.rename("/a", "/b", RenameFlags.RENAME_EXCHANGE);
    assertThat(changes(before))
        .containsExactly("CHANGED /", "RENAMED /b -> /a", "RENAMED /a -> /b");
  }

  @Test
  void aHardLinkIsRenamedAsOftenAsItLostANameAndGotOne() throws Exception {
    guest.mkdir("/d").touch("/d/a");
    guest.link("/d/a", "/d/b");
    var before = guest.vfs.snapshot();
    guest.rename("/d/b", "/d/c");
    assertThat(changes(before)).containsExactly("CHANGED /d", "RENAMED /d/b -> /d/c");
    guest.link("/d/a", "/d/e");
    assertThat(changes(before)).containsExactly("CHANGED /d", "RENAMED /d/b -> /d/c", "ADDED /d/e");
    guest.unlink("/d/c");
    guest.unlink("/d/e");
    assertThat(changes(before)).containsExactly("CHANGED /d", "REMOVED /d/b");
  }

  @Test
  void theSameNumberInTwoForksIsNotTheSameInode() throws Exception {
    guest.mkdir("/d");
    var base = guest.vfs.snapshot();
    var left = fork(base).touch("/d/left");
    var right = fork(fork(base).vfs.snapshot()).touch("/d/right");
    assertThat(left.stat("/d/left").ino()).isEqualTo(right.stat("/d/right").ino());
    assertThat(right.vfs.snapshot().diff(left.vfs.snapshot()).stream().map(Change::toString))
        .containsExactly("CHANGED /d", "REMOVED /d/left", "ADDED /d/right");
  }

  @Test
  void aMoveIsFoundAcrossForksOfForks() throws Exception {
    guest.mkdir("/d").touch("/d/f");
    var base = guest.vfs.snapshot();
    var current = fork(base);
    for (int i = 0; i < 20; i++) {
      current.rename(i == 0 ? "/d" : "/d" + i, "/d" + (i + 1));
      current.touch("/" + i);
      current.unlink("/" + i);
      current = fork(current.vfs.snapshot());
    }
    assertThat(current.vfs.snapshot().diff(base).stream().map(Change::toString))
        .containsExactly("CHANGED /", "RENAMED /d -> /d20");
  }

  @Test
  void whatTakesThePlaceOfSomethingElseHasChanged() throws Exception {
    guest.mkdir("/d").write("/d/f", "x").write("/f", "x").mkdir("/e").write("/e/g", "x");
    var before = guest.vfs.snapshot();
    guest.unlink("/d/f");
    guest.rmdir("/d");
    guest.write("/d", "now a file");
    guest.unlink("/f");
    guest.mkdir("/f").touch("/f/x");
    guest.rename("/e", "/old");
    guest.mkdir("/e").touch("/e/h");
    assertThat(changes(before))
        .containsExactly(
            "CHANGED /",
            "CHANGED /d",
            "REMOVED /d/f",
            "ADDED /e",
            "ADDED /e/h",
            "CHANGED /f",
            "ADDED /f/x",
            "RENAMED /e -> /old");
  }

  @Test
  void aFileThatHasChangedIsToldUnderAllItsNames() throws Exception {
    guest.mkdir("/d").write("/a", "x");
    guest.link("/a", "/d/b");
    guest.link("/a", "/d/c");
    var before = guest.vfs.snapshot();
    guest.write("/d/b", "y");
    assertThat(changes(before)).containsExactly("CHANGED /a", "CHANGED /d/b", "CHANGED /d/c");
    guest.unlink("/d/c");
    var between = guest.vfs.snapshot();
    guest.unlink("/d/b");
    guest.write("/a", "z");
    assertThat(changes(between)).containsExactly("CHANGED /a", "CHANGED /d", "REMOVED /d/b");
  }

  @Test
  void contentCountsEvenIfTheTimeDoesNotTell() throws Exception {
    guest.write("/f", "aaa").write("/g", "same");
    guest.utimens("/f", TimeChange.at(0), TimeChange.at(0));
    guest.utimens("/g", TimeChange.at(0), TimeChange.at(0));
    var before = guest.vfs.snapshot();
    guest.write("/f", "bbb").write("/g", "same");
    guest.utimens("/f", TimeChange.at(0), TimeChange.at(0));
    guest.utimens("/g", TimeChange.at(0), TimeChange.at(0));
    assertThat(changes(before)).containsExactly("CHANGED /f");
  }

  @Test
  void unrelatedSnapshotsAreCompared() throws Exception {
    guest.mkdir("/d").write("/d/f", "x").mkdir("/g");
    var other = new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(9)).build());
    other.write("/d", "a file").mkdir("/g").touch("/g/h");
    assertThat(changes(other.vfs.snapshot()))
        .containsExactly("CHANGED /", "CHANGED /d", "ADDED /d/f", "CHANGED /g", "REMOVED /g/h");
  }

  private List<String> changes(Snapshot before) {
    return guest.vfs.snapshot().diff(before).stream().map(Change::toString).toList();
  }

  // ---- threads ------------------------------------------------------------------------------

  @Test
  void tenThreadsForkAndWriteAtOnceWithoutInterference() throws Exception {
    guest.mkdir("/d");
    for (int i = 0; i < 200; i++) {
      guest.write("/d/" + i, "base " + i);
    }
    var snapshot = guest.vfs.snapshot();
    var work = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < 10; thread++) {
      String mine = "thread " + thread;
      work.add(
          () -> {
            for (int round = 0; round < 20; round++) {
              var fork = new Guest(Vfs.fork(snapshot));
              for (int i = 0; i < 200; i += 3) {
                fork.write("/d/" + i, mine);
                fork.touch("/d/" + mine + i);
              }
              fork.rename("/d", "/e");
              for (int i = 0; i < 200; i++) {
                String expected = i % 3 == 0 ? mine : "base " + i;
                assertThat(fork.read("/e/" + i)).isEqualTo(expected);
              }
              assertThat(fork.list("/e")).hasSize(200 + 67);
              assertThat(fork.vfs.check()).isEmpty();
            }
            return null;
          });
    }
    runAll(work);
    var untouched = new Guest(Vfs.fork(snapshot));
    assertThat(untouched.list("/d")).hasSize(200);
    assertThat(untouched.read("/d/0")).isEqualTo("base 0");
  }

  @Test
  void aSnapshotThatIsTakenWhileOthersWriteIsConsistent() throws Exception {
    var world = Guest.inNewWorld().mkdir("/d");
    var stop = new AtomicBoolean();
    var work = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < 4; thread++) {
      String mine = "/d/" + thread;
      work.add(
          () -> {
            var writer = new Guest(world.vfs);
            for (int i = 0; !stop.get(); i++) {
              writer.write(mine, "" + i);
              writer.rename(mine, mine + "-" + i % 7);
              writer.mkdir(mine + "d");
              writer.rmdir(mine + "d");
            }
            return null;
          });
    }
    work.add(
        () -> {
          try {
            for (int i = 0; i < 200; i++) {
              var fork = new Guest(Vfs.fork(world.vfs.snapshot()));
              assertThat(fork.vfs.check()).isEmpty();
              for (var name : fork.list("/d")) {
                if (!name.endsWith("d")) {
                  assertThat(fork.read("/d/" + name)).matches("\\d*");
                }
              }
            }
          } finally {
            stop.set(true);
          }
          return null;
        });
    runAll(work);
    assertThat(world.vfs.check()).isEmpty();
  }

  @Test
  void aSnapshotThatIsTakenWhileTenThreadsWriteInOrderHasThatOrder() throws Exception {
    var world = Guest.inNewWorld();
    var stop = new AtomicBoolean();
    var work = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < 10; thread++) {
      String first = "/first" + thread;
      String second = "/second" + thread;
      world.write(first, number(0)).write(second, number(0));
      work.add(
          () -> {
            var writer = new Guest(world.vfs);
            var one = writer.open(first, OpenFlags.O_WRONLY);
            var two = writer.open(second, OpenFlags.O_WRONLY);
            for (int i = 1; !stop.get(); i++) {
              one.pwrite(bytes(number(i)), 0, 9, 0);
              two.pwrite(bytes(number(i)), 0, 9, 0);
              writer.rename(first, first + "x");
              writer.rename(first + "x", first);
            }
            one.release();
            two.release();
            return null;
          });
    }
    work.add(
        () -> {
          try {
            for (int i = 0; i < 300; i++) {
              var fork = new Guest(Vfs.fork(world.vfs.snapshot()));
              assertThat(fork.vfs.check()).isEmpty();
              assertThat(fork.list("/")).hasSize(20);
              for (int thread = 0; thread < 10; thread++) {
                String first = "/first" + thread;
                int one = Integer.parseInt(fork.read(fork.exists(first) ? first : first + "x"));
                int two = Integer.parseInt(fork.read("/second" + thread));
                assertThat(one - two).isBetween(0, 1);
              }
            }
          } finally {
            stop.set(true);
          }
          return null;
        });
    runAll(work);
    assertThat(world.vfs.check()).isEmpty();
  }

  private static String number(int i) {
    return "%09d".formatted(i);
  }

  // ---- memory -------------------------------------------------------------------------------

  @Test
  void whatOnlyASnapshotHadIsFreedWithTheLastOne() throws Exception {
    int megabytes = 64;
    var content = "x".repeat(1 << 20);
    for (int i = 0; i < megabytes; i++) {
      guest.write("/" + i, content);
    }
    var snapshots = new ArrayList<>(List.of(guest.vfs.snapshot()));
    snapshots.add(fork(snapshots.get(0)).touch("/more").vfs.snapshot());
    var gone = new WeakReference<>(snapshots.get(0));
    for (int i = 0; i < megabytes; i++) {
      guest.unlink("/" + i);
    }
    var changes = guest.vfs.snapshot().diff(snapshots.get(1));
    long held = usedHeap();
    snapshots.remove(0);
    awaitCleared(gone);
    long stillHeld = usedHeap();
    assertThat(new Guest(Vfs.fork(snapshots.get(0))).stat("/0").size()).isEqualTo(1 << 20);
    snapshots.clear();
    long freed = usedHeap();
    // What differs is still known, and holds nothing of the files.
    assertThat(changes).hasSize(megabytes + 2);
    assertThat(held - stillHeld).isLessThan((long) megabytes << 19);
    assertThat(stillHeld - freed).isGreaterThan((long) megabytes << 19);
    Reference.reachabilityFence(guest);
  }

  private static void awaitCleared(WeakReference<?> reference) throws InterruptedException {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(reference.get()).isNull();
  }

  /** The least that is seen in some collections. */
  private static long usedHeap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      awaitCleared(new WeakReference<>(new Object()));
      var runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void aDescriptionMayBeClosedWhileAnotherThreadUsesIt() throws Exception {
    for (int round = 0; round < 200; round++) {
      guest.write("/f", "x");
      var file = guest.open("/f", OpenFlags.O_RDWR);
      guest.unlink("/f");
      runAll(
          List.of(
              () -> {
                file.release();
                return null;
              },
              () -> {
                try {
                  file.pwrite(bytes("y"), 0, 1, 0);
                } catch (ErrnoException e) {
                  assertThat(e.errno()).isEqualTo(Errno.EBADF);
                }
                return null;
              }));
    }
    fails(Errno.ENOENT, () -> guest.stat("/f"));
    assertThat(guest.vfs.check()).isEmpty();
  }

  private static void runAll(List<Callable<Void>> work) throws Exception {
    var threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
