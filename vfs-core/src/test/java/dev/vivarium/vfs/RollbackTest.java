package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RollbackTest {
  private final Guest guest =
      new Guest(
          Vfs.builder()
              .quota(Quota.DEFAULT.withBytes(100 << 12).withInodes(50).withUser(1 << 20, 40))
              .build());

  private FileSystemStat usage() throws ErrnoException {
    return guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes("/"));
  }

  @Test
  void theTreeAndWhatIsChargedAreAsTheyWere() throws Exception {
    guest.mkdir("/d").write("/d/f", "old").chown("/d/f", 7, 7).symlink("f", "/d/l");
    guest.link("/d/f", "/g");
    var snapshot = guest.vfs.snapshot();
    var usage = usage();
    guest.write("/d/f", "x".repeat(50_000)).chown("/d/f", 8, 8).setxattr("/d/f", "user.a", "b", 0);
    guest.unlink("/g");
    guest.rename("/d", "/e");
    guest.touch("/e/new").mkdir("/e/below");
    guest.vfs.rollback(snapshot);
    assertThat(guest.vfs.snapshot().diff(snapshot)).isEmpty();
    assertThat(usage()).isEqualTo(usage);
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(guest.read("/g")).isEqualTo("old");
    assertThat(guest.stat("/g").uid()).isEqualTo(7);
    assertThat(guest.list("/")).containsExactly("d", "g");
    guest.write("/d/f", "again");
    assertThat(new Guest(Vfs.fork(snapshot)).read("/d/f")).isEqualTo("old");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aForkIsRolledBackToWhatItWasForkedFromAndToWhatThatWasForkedFrom() throws Exception {
    guest.write("/f", "0");
    var first = guest.vfs.snapshot();
    var middle = new Guest(Vfs.fork(first)).write("/f", "1").touch("/g");
    var second = middle.vfs.snapshot();
    var fork = new Guest(Vfs.fork(second)).write("/f", "2").touch("/h");
    fork.link("/g", "/i");
    var third = fork.vfs.snapshot();
    for (var each : Map.of("0", first, "1", second, "2", third).entrySet()) {
      fork.vfs.rollback(each.getValue());
      assertThat(fork.read("/f")).isEqualTo(each.getKey());
      assertThat(fork.vfs.snapshot().diff(each.getValue())).isEmpty();
      assertThat(fork.vfs.check()).isEmpty();
    }
  }

  @Test
  void aSnapshotOfAnotherFilesystemIsRefused() throws Exception {
    guest.touch("/f");
    var base = guest.vfs.snapshot();
    var fork = new Guest(Vfs.fork(base)).touch("/g");
    guest.write("/f", "later");
    for (var strange :
        new Snapshot[] {
          fork.vfs.snapshot(), Vfs.builder().build().snapshot(), Vfs.fork(base).snapshot()
        }) {
      assertThatThrownBy(() -> guest.vfs.rollback(strange))
          .isInstanceOf(IllegalArgumentException.class);
    }
    var later = guest.vfs.snapshot();
    assertThatThrownBy(() -> fork.vfs.rollback(later)).isInstanceOf(IllegalArgumentException.class);
    assertThat(fork.list("/")).containsExactly("f", "g");
  }

  @Test
  void whatIsOpenAndInTheSnapshotIsAsItWas() throws Exception {
    guest.write("/f", "old").write("/gone", "gone");
    var snapshot = guest.vfs.snapshot();
    var file = guest.open("/f", OpenFlags.O_RDWR);
    var gone = guest.open("/gone", OpenFlags.O_RDWR);
    write(file, "newer");
    guest.unlink("/gone");
    guest.vfs.rollback(snapshot);
    file.seek(0, Whence.SET);
    assertThat(read(file)).isEqualTo("old");
    assertThat(gone.stat().nlink()).isEqualTo(1);
    write(gone, "GONE");
    assertThat(guest.read("/gone")).isEqualTo("GONE");
    file.release();
    gone.release();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void whatIsOpenAndNotInTheSnapshotIsAsIfRemovedAndFreedAtItsLastClose() throws Exception {
    var snapshot = guest.vfs.snapshot();
    var usage = usage();
    guest.mkdir("/d").mkdir("/d/e").write("/d/e/f", "content").mkfifo("/d/p");
    guest.chdir("/d/e");
    var file = guest.open("f", OpenFlags.O_RDWR);
    var directory = guest.open("/d", OpenFlags.O_DIRECTORY);
    var fifo = guest.open("/d/p", OpenFlags.O_RDWR);
    guest.vfs.rollback(snapshot);
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(read(file)).isEqualTo("content");
    write(file, " and more");
    assertThat(file.stat().nlink()).isZero();
    fails(Errno.ENOENT, () -> directory.readDirectory(0, (cookie, ino, type, name) -> true));
    fails(Errno.ENOENT, () -> guest.touch("made"));
    fails(Errno.ENOENT, guest::getcwd);
    assertThat(guest.stat("../..").ino()).isEqualTo(1);
    assertThat(write(fifo, "x")).isEqualTo(1);
    assertThat(guest.vfs.check()).isEmpty();
    file.release();
    fifo.release();
    directory.release();
    guest.chdir("/");
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(usage()).isEqualTo(usage);
  }

  @Test
  void whereThereIsNoRoomBesideWhatIsOpenNothingChanges() throws Exception {
    guest.write("/f", "x".repeat(60 << 12));
    var snapshot = guest.vfs.snapshot();
    guest.unlink("/f");
    guest.write("/g", "y".repeat(60 << 12));
    var open = guest.open("/g", OpenFlags.O_RDWR);
    fails(Errno.ENOSPC, () -> guest.vfs.rollback(snapshot));
    assertThat(guest.list("/")).containsExactly("g");
    assertThat(guest.vfs.check()).isEmpty();
    open.release();
    guest.vfs.rollback(snapshot);
    assertThat(guest.list("/")).containsExactly("f");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aMountPointThatIsNotInTheSnapshotIsBusy() throws Exception {
    var before = guest.vfs.snapshot();
    guest.mkdir("/dev");
    var with = guest.vfs.snapshot();
    guest.vfs.mounts().devices("/dev", Map.of());
    fails(Errno.EBUSY, () -> guest.vfs.rollback(before));
    guest.vfs.rollback(with);
    assertThat(guest.list("/")).containsExactly("dev");
  }

  @Test
  void randomRollbacksLeaveWhatTheSnapshotHadWhateverIsOpen() throws Exception {
    var random = new Random(7);
    var snapshots = new ArrayList<Snapshot>();
    var open = new ArrayList<FileDescription>();
    for (int i = 0; i < 3000; i++) {
      String path = "/" + "abc".charAt(random.nextInt(3));
      String other = path + "/" + "abc".charAt(random.nextInt(3));
      try {
        switch (random.nextInt(9)) {
          case 0 -> guest.mkdir(path);
          case 1 -> guest.mkdir(other);
          case 2 -> guest.write(other, "x".repeat(random.nextInt(9000)));
          case 3 -> open.add(guest.open(other, OpenFlags.O_RDONLY));
          case 4 -> guest.rename(other, "/" + random.nextInt(3));
          case 5 -> guest.link("/" + random.nextInt(3), other);
          case 6 -> {
            if (random.nextBoolean()) {
              guest.unlink(other);
            } else {
              guest.rmdir(random.nextBoolean() ? path : other);
            }
          }
          case 7 -> snapshots.add(guest.vfs.snapshot());
          default -> {
            if (open.size() > 5) {
              open.remove(random.nextInt(open.size())).release();
            }
            if (!snapshots.isEmpty()) {
              var target = snapshots.get(random.nextInt(snapshots.size()));
              guest.vfs.rollback(target);
              assertThat(guest.vfs.snapshot().diff(target)).isEmpty();
            }
          }
        }
      } catch (ErrnoException e) {
        // As good a step as one that succeeds.
      }
      assertThat(guest.vfs.check()).as("step " + i).isEmpty();
    }
    open.forEach(FileDescription::release);
    assertThat(guest.vfs.check()).isEmpty();
  }
}
