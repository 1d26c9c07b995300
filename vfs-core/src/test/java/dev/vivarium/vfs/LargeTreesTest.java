package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.image.ImageWriter;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.nio.VfsFileSystem;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees as deep and directories as large as guests like. */
class LargeTreesTest {
  @TempDir Path directory;

  private static final int DEPTH = 20_000;
  private static final int ENTRIES = 1_000_000;

  /** Far too small for a recursion of {@link #DEPTH}. */
  private static final int STACK = 256 << 10;

  private interface Work {
    void run() throws Exception;
  }

  private static void onASmallStack(Work work) throws Exception {
    var failures = new ArrayList<Throwable>();
    var thread =
        new Thread(
            null,
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failures.add(e);
              }
            },
            "small stack",
            STACK);
    thread.start();
    thread.join();
    assertThat(failures).isEmpty();
  }

  private static Guest nested() throws Exception {
    var guest = Guest.inNewWorld();
    guest.mkdir("/top");
    guest.chdir("/top");
    for (int i = 1; i < DEPTH; i++) {
      guest.mkdir("d");
      guest.chdir("d");
    }
    return guest;
  }

  @Test
  void deepTreesMoveAndGo() throws Exception {
    onASmallStack(
        () -> {
          var guest = nested();
          guest.mkdir("/other");
          guest.rename("/top", "/other/top");
          assertThat(guest.list("/other")).containsExactly("top");
          fails(Errno.EINVAL, () -> guest.rename("/other", "moved"));
          guest.rename("/other/top", "/top");
          for (int i = 1; i < DEPTH; i++) {
            guest.chdir("..");
            guest.rmdir("d");
          }
          guest.chdir("/");
          guest.rmdir("/top");
          assertThat(guest.list("/")).containsExactly("other");
          assertThat(guest.vfs.check()).isEmpty();
        });
  }

  @Test
  void deepTreesAreListedComparedCheckedAndPacked() throws Exception {
    onASmallStack(
        () -> {
          var guest = nested();
          var before = guest.vfs.snapshot();
          guest.touch("f");
          var after = guest.vfs.snapshot();
          assertThat(after.diff(before))
              .last()
              .asString()
              .startsWith("ADDED .../d/d")
              .endsWith("/d/f")
              .hasSize("ADDED ...".length() + 4096);
          assertThat(guest.vfs.check()).isEmpty();
          assertThat(guest.vfs.tree()).startsWith("/\n└── top\n    └── d\n");
          var image = Files.createTempFile(directory, "deep", ".image");
          try (var out = Files.newOutputStream(image)) {
            ImageWriter.write(after, out);
          }
          assertThat(Vfs.fork(ImageReader.open(image)).check()).isEmpty();
        });
  }

  @Test
  void deepTreesAreWalkedByDirectoryStreams() throws Exception {
    onASmallStack(
        () -> {
          var guest = nested();
          var root = VfsFileSystem.of(guest.vfs, guest.vfs.superuser()).getPath("/");
          int depth = 0;
          try (var top = Files.newDirectoryStream(root)) {
            var stream = (SecureDirectoryStream<Path>) top;
            for (var entries = stream.iterator(); entries.hasNext(); entries = stream.iterator()) {
              var next = stream.newDirectoryStream(entries.next().getFileName());
              stream.close();
              stream = next;
              depth++;
            }
            stream.close();
          }
          assertThat(depth).isEqualTo(DEPTH);
        });
  }

  @Test
  void depthCanBeLimitedAlsoForWhatIsMoved() throws Exception {
    var guest = new Guest(Vfs.builder().quota(Quota.DEFAULT.withDepth(100)).build());
    Location at = guest.vfs.root();
    for (int i = 0; i < 100; i++) {
      guest.vfs.makeDirectory(guest.context, at, bytes("d"), 0755);
      at = guest.vfs.directory(guest.context, at, bytes("d"));
    }
    var bottom = at;
    fails(Errno.ENOSPC, () -> guest.vfs.makeDirectory(guest.context, bottom, bytes("d"), 0755));
    guest.mkdir("/e");
    fails(Errno.ENOSPC, () -> guest.rename("/d", "/e/d"));
    assertThat(guest.list("/")).containsExactly("d", "e");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aDirectoryOfAMillionEntriesIsReadInOrderAndChangedAnywhere() throws Exception {
    var guest = Guest.inNewWorld().mkdir("/d");
    for (int i = 0; i < ENTRIES; i++) {
      guest.touch("/d/" + i);
    }
    var snapshot = guest.vfs.snapshot();
    guest.unlink("/d/500000");
    guest.rename("/d/0", "/d/first");
    guest.touch("/d/last");
    int[] next = {0};
    var directory = guest.open("/d", OpenFlags.O_RDONLY);
    directory.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          if (next[0] == 500_000) {
            next[0]++;
          }
          String expected = next[0] == 0 ? "first" : next[0] == ENTRIES ? "last" : "" + next[0];
          next[0]++;
          return Guest.text(name).equals(expected);
        });
    directory.release();
    assertThat(next[0]).isEqualTo(ENTRIES + 1);
    assertThat(guest.vfs.snapshot().diff(snapshot)).hasSizeBetween(3, 5);
    assertThat(new Guest(Vfs.fork(snapshot)).exists("/d/500000")).isTrue();
  }
}
