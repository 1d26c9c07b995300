package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirectoryListingTest {
  private final Guest guest = Guest.inNewWorld();

  private record Listed(long cookie, long ino, FileType type, String name) {}

  @Test
  void theDirectoryAndItsParentComeFirst() throws Exception {
    guest.mkdir("/d").mkdir("/d/sub").touch("/d/f").symlink("x", "/d/l");
    var entries = list(guest, "/d", 0, 100);
    assertThat(entries).extracting(Listed::name).containsExactly(".", "..", "sub", "f", "l");
    assertThat(entries)
        .extracting(Listed::type)
        .containsExactly(
            FileType.DIRECTORY,
            FileType.DIRECTORY,
            FileType.DIRECTORY,
            FileType.REGULAR,
            FileType.SYMLINK);
    assertThat(entries.get(0).ino).isEqualTo(guest.stat("/d").ino());
    assertThat(entries.get(1).ino).isEqualTo(guest.stat("/").ino());
    assertThat(entries.get(3).ino).isEqualTo(guest.stat("/d/f").ino());
  }

  @Test
  void aListingGoesOnBehindAnyCookie() throws Exception {
    guest.mkdir("/d");
    for (int i = 0; i < 100; i++) {
      guest.touch("/d/" + i);
    }
    var all = list(guest, "/d", 0, 1000);
    assertThat(all).hasSize(102);
    for (int i = 0; i < all.size(); i++) {
      assertThat(list(guest, "/d", all.get(i).cookie, 3))
          .isEqualTo(all.subList(i + 1, Math.min(i + 4, all.size())));
    }
    assertThat(list(guest, "/d", Long.MAX_VALUE, 3)).isEmpty();
  }

  @Test
  void whatStaysIsListedOnceWhileOthersComeAndGo() throws Exception {
    var random = new Random(7);
    guest.mkdir("/d");
    var staying = new HashSet<String>();
    for (int i = 0; i < 500; i++) {
      guest.touch("/d/" + i);
      if (i % 3 == 0) {
        staying.add("" + i);
      }
    }
    var seen = new ArrayList<String>();
    long cookie = 0;
    int next = 500;
    for (var part = list(guest, "/d", 0, 7); !part.isEmpty(); part = list(guest, "/d", cookie, 7)) {
      for (var entry : part) {
        seen.add(entry.name);
        cookie = entry.cookie;
      }
      for (int k = 0; k < 5; k++) {
        String victim = "" + random.nextInt(500);
        if (!staying.contains(victim) && guest.exists("/d/" + victim)) {
          guest.unlink("/d/" + victim);
        }
      }
      if (next < 600) {
        guest.touch("/d/" + next++);
      }
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
  }

  @Test
  void aLoopThatRenamesWhatItSeesEnds() throws Exception {
    guest.mkdir("/d");
    for (int i = 0; i < 50; i++) {
      guest.touch("/d/" + i);
    }
    int seen = 0;
    long cookie = 2;
    for (var part = list(guest, "/d", cookie, 1);
        !part.isEmpty();
        part = list(guest, "/d", cookie, 1)) {
      guest.rename("/d/" + part.get(0).name, "/d/renamed-" + part.get(0).name);
      cookie = part.get(0).cookie;
      seen++;
    }
    assertThat(seen).isEqualTo(50);
    assertThat(guest.list("/d")).hasSize(50).allMatch(name -> name.startsWith("renamed-"));
  }

  @Test
  void aListingGoesOnInAFork() throws Exception {
    guest.mkdir("/d").touch("/d/a").touch("/d/b").touch("/d/c");
    long cookie = list(guest, "/d", 0, 3).get(2).cookie;
    var fork = new Guest(Vfs.fork(guest.vfs.snapshot()));
    fork.unlink("/d/b");
    fork.touch("/d/d");
    assertThat(list(fork, "/d", cookie, 9)).extracting(Listed::name).containsExactly("c", "d");
    assertThat(list(guest, "/d", cookie, 9)).extracting(Listed::name).containsExactly("b", "c");
  }

  @Test
  void aDirectoryMayChangeBelowTheVisitor() throws Exception {
    guest.mkdir("/d").touch("/d/a").touch("/d/b");
    var directory = guest.open("/d", OpenFlags.O_RDONLY);
    var names = new ArrayList<String>();
    directory.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          names.add(text(name));
          try {
            guest.unlink("/d/" + text(name));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          return true;
        });
    directory.release();
    assertThat(names).containsExactly("a", "b");
    assertThat(guest.list("/d")).isEmpty();
  }

  @Test
  void aManifoldDirectoryHasTheSizeOfItsEntries() throws Exception {
    guest.mkdir("/d");
    for (int i = 0; i < 10_000; i++) {
      guest.touch("/d/" + i);
    }
    assertThat(guest.stat("/d").size()).isEqualTo(20 * 10_002);
    for (int i = 0; i < 10_000; i++) {
      guest.unlink("/d/" + i);
    }
    assertThat(guest.stat("/d").size()).isEqualTo(40);
    assertThat(guest.list("/d")).isEmpty();
    guest.rmdir("/d");
    assertThat(guest.vfs.check()).isEmpty();
  }

  private static List<Listed> list(Guest guest, String path, long cookie, int most)
      throws Exception {
    FileDescription directory = guest.open(path, OpenFlags.O_RDONLY);
    var entries = new ArrayList<Listed>();
    directory.readDirectory(
        cookie,
        (next, ino, type, name) -> {
          entries.add(new Listed(next, ino, type, text(name)));
          return entries.size() < most;
        });
    directory.release();
    return entries;
  }

  @Test
  void aReadThatNoOffsetCouldEndIsInvalidAlsoInADirectory() throws Exception {
    var directory = guest.open("/", OpenFlags.O_RDONLY);
    fails(Errno.EISDIR, () -> directory.read(new byte[2], 0, 2));
    directory.seek(Long.MAX_VALUE - 1, Whence.SET);
    fails(Errno.EINVAL, () -> directory.read(new byte[2], 0, 2));
    directory.release();
  }
}
