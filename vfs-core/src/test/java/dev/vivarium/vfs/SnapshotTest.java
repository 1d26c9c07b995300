package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
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
  void aMovedDirectoryIsRemovedAndAddedWithAllThatIsInIt() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").write("/a/b/f", "x").mkdir("/c");
    var before = guest.vfs.snapshot();
    guest.rename("/a/b", "/c/b");
    assertThat(changes(before))
        .containsExactly(
            "CHANGED /a",
            "REMOVED /a/b",
            "REMOVED /a/b/f",
            "CHANGED /c",
            "ADDED /c/b",
            "ADDED /c/b/f");
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
            "CHANGED /e",
            "REMOVED /e/g",
            "ADDED /e/h",
            "CHANGED /f",
            "ADDED /f/x",
            "ADDED /old",
            "ADDED /old/g");
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
