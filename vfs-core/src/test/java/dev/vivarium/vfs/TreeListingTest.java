package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import org.junit.jupiter.api.Test;

class TreeListingTest {
  private final Guest guest = Guest.inNewWorld();

  @Test
  void aTreeIsDrawnByNameWithTargetsAndCounts() throws Exception {
    guest.mkdir("/b").mkdir("/b/d").mkdir("/a").mkdir("/z");
    guest.write("/b/d/f", "").write("/b/e", "").write("/.hidden", "");
    guest.symlink("b/d", "/a/link");

    assertThat(guest.vfs.tree())
        .isEqualTo(
            """
            /
            ├── .hidden
            ├── a
            │   └── link -> b/d
            ├── b
            │   ├── d
            │   │   └── f
            │   └── e
            └── z

            4 directories, 4 files
            """);
    assertThat(guest.vfs.tree("/b/d"))
        .isEqualTo(
            """
            /b/d
            └── f

            0 directories, 1 file
            """);
  }

  @Test
  void whatIsMountedIsShown() throws Exception {
    guest.mkdir("/m").write("/m/hidden", "");
    guest.vfs.mounts().memory("/m", MountOptions.DEFAULT);
    guest.touch("/m/shown");

    assertThat(guest.vfs.tree())
        .isEqualTo(
            """
            /
            └── m
                └── shown

            1 directory, 1 file
            """);
  }

  @Test
  void namesCannotControlATerminal() throws Exception {
    guest.write("/a\u001b[2J\n\\", "");
    guest.write(Guest.text("caf\u00e9 \u202e".getBytes("UTF-8")), "");
    guest.write("/\u00ff\u0001x", "");

    assertThat(guest.vfs.tree())
        .isEqualTo(
            """
            /
            ├── a\\033[2J\\012\\\\
            ├── caf\u00e9 \\342\\200\\256
            └── \\377\\001x

            0 directories, 3 files
            """);
  }

  @Test
  void depthIsNoRecursionAndTheTextIsBounded() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      guest.mkdir("d");
      guest.chdir("d");
    }
    assertThat(guest.vfs.tree()).hasSizeBetween(1_000_000, 1_100_000).endsWith("\n...\n");
    assertThat(guest.vfs.tree("/", 4_000_000)).hasSizeBetween(4_000_000, 4_100_000);
  }

  @Test
  void onlyDirectoriesHaveATree() throws Exception {
    guest.write("/f", "");
    fails(Errno.ENOTDIR, () -> guest.vfs.tree("/f"));
    fails(Errno.ENOENT, () -> guest.vfs.tree("/absent"));
  }
}
