package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.RenameFlags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A walk that was made before is not believed where it would go elsewhere now. */
class KnownDirectoriesTest {
  private final Guest guest = Guest.inNewWorld();
  private final Guest other = guest.as(7, 7);

  @BeforeEach
  void bothHaveWalkedThere() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").mkdir("/a/b/c").write("/a/b/c/f", "old");
    readAll("old");
  }

  private void readAll(String expected) throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThat(guest.read("/a/b/c/f")).isEqualTo(expected);
      assertThat(guest.read("a/b/c/f")).isEqualTo(expected);
      assertThat(other.read("/a/b/c/f")).isEqualTo(expected);
    }
  }

  private void makeAgain() throws Exception {
    guest.mkdir("/a/b").mkdir("/a/b/c").write("/a/b/c/f", "new");
    readAll("new");
  }

  @Test
  void aDirectoryOnTheWayMayBeMoved() throws Exception {
    guest.rename("/a/b", "/z");
    fails(Errno.ENOENT, () -> guest.read("/a/b/c/f"));
    fails(Errno.ENOENT, () -> other.touch("/a/b/c/f"));
    assertThat(guest.read("/z/c/f")).isEqualTo("old");
    makeAgain();
  }

  @Test
  void aDirectoryOnTheWayMayBeRemoved() throws Exception {
    guest.unlink("/a/b/c/f");
    guest.rmdir("/a/b/c");
    fails(Errno.ENOENT, () -> guest.touch("/a/b/c/f"));
    guest.rmdir("/a/b");
    fails(Errno.ENOENT, () -> guest.stat("/a/b/c/f"));
    makeAgain();
  }

  @Test
  void aDirectoryOnTheWayMayBeExchanged() throws Exception {
    guest.mkdir("/z").mkdir("/z/c").write("/z/c/f", "new");
    guest.rename("/a/b", "/z", RenameFlags.RENAME_EXCHANGE);
    readAll("new");
    guest.write("/file", "");
    guest.rename("/file", "/a/b", RenameFlags.RENAME_EXCHANGE);
    fails(Errno.ENOTDIR, () -> guest.read("/a/b/c/f"));
  }

  @Test
  void aDirectoryOnTheWayMayBeReplaced() throws Exception {
    guest.mkdir("/a/b/d");
    fails(Errno.ENOENT, () -> guest.read("/a/b/d/f"));
    guest.rename("/a/b/c", "/a/b/d");
    assertThat(guest.read("/a/b/d/f")).isEqualTo("old");
    fails(Errno.ENOENT, () -> guest.read("/a/b/c/f"));
  }

  @Test
  void aLinkMayTakeItsPlace() throws Exception {
    guest.rename("/a/b", "/z");
    guest.symlink("/z", "/a/b");
    readAll("old");
    guest.unlink("/a/b");
    guest.mkdir("/y").mkdir("/y/c").write("/y/c/f", "new").symlink("../y", "/a/b");
    readAll("new");
  }

  @Test
  void itsPermissionsMayChange() throws Exception {
    guest.chmod("/a/b", 0700);
    fails(Errno.EACCES, () -> other.read("/a/b/c/f"));
    guest.chown("/a/b", 7, 7);
    assertThat(other.read("/a/b/c/f")).isEqualTo("old");
    guest.chown("/a/b", 8, 8);
    fails(Errno.EACCES, () -> other.read("/a/b/c/f"));
    assertThat(guest.read("/a/b/c/f")).isEqualTo("old");
  }

  @Test
  void nobodyGetsWhereOnlyAnotherHasBeen() throws Exception {
    guest.mkdir("/private", 0700).mkdir("/private/d").write("/private/d/f", "x");
    assertThat(guest.read("/private/d/f")).isEqualTo("x");
    fails(Errno.EACCES, () -> other.read("/private/d/f"));
    fails(Errno.EACCES, () -> other.stat("/private/d/none"));
  }

  @Test
  void somethingMayBeMountedOnIt() throws Exception {
    guest.vfs.mounts().memory("/a/b", MountOptions.DEFAULT);
    fails(Errno.ENOENT, () -> guest.read("/a/b/c/f"));
    guest.mkdir("/a/b/c").write("/a/b/c/f", "new");
    readAll("new");
    guest.vfs.mounts().unmount("/a/b");
    readAll("old");
  }

  @Test
  void theTreeMayBeRolledBack() throws Exception {
    var snapshot = guest.vfs.snapshot();
    guest.rename("/a/b", "/z");
    makeAgain();
    guest.vfs.rollback(snapshot);
    readAll("old");
  }

  @Test
  void aSnapshotMayBeTaken() throws Exception {
    guest.vfs.snapshot();
    guest.write("/a/b/c/f", "new").write("/a/b/c/g", "more");
    readAll("new");
    assertThat(guest.read("/a/b/c/g")).isEqualTo("more");
  }

  @Test
  void aRelativePathMayStartElsewhere() throws Exception {
    guest.mkdir("/x").mkdir("/x/a").mkdir("/x/a/b").mkdir("/x/a/b/c").write("/x/a/b/c/f", "new");
    guest.chdir("/x");
    assertThat(guest.read("a/b/c/f")).isEqualTo("new");
    assertThat(guest.read("/a/b/c/f")).isEqualTo("old");
  }

  @Test
  void theRootMayBeAnother() throws Exception {
    guest.mkdir("/x").mkdir("/x/a").mkdir("/x/a/b").mkdir("/x/a/b/c").write("/x/a/b/c/f", "new");
    guest.context.setRoot(guest.vfs.directory(guest.context, guest.vfs.root(), bytes("/x")));
    assertThat(guest.read("/a/b/c/f")).isEqualTo("new");
    assertThat(other.read("/a/b/c/f")).isEqualTo("old");
  }

  @Test
  void howAPathEndsStillMatters() throws Exception {
    fails(Errno.ENOTDIR, () -> guest.stat("/a/b/c/f/"));
    fails(Errno.ENOTDIR, () -> guest.unlink("/a/b/c/f/"));
    fails(Errno.EISDIR, () -> guest.touch("/a/b/c/"));
    fails(Errno.EISDIR, () -> guest.touch("/a/b/c//"));
    fails(Errno.EINVAL, () -> guest.rmdir("/a/b/c/."));
    fails(Errno.ENOTEMPTY, () -> guest.rmdir("/a/b/c/.."));
    fails(Errno.EINVAL, () -> guest.stat("/a/b/c/\0"));
    fails(Errno.ENAMETOOLONG, () -> guest.stat("/a/b/c/" + "n".repeat(256)));
    assertThat(guest.stat("/a/b/c/..").ino()).isEqualTo(guest.stat("/a/b").ino());
    guest.mkdir("/a/b/c/d/");
    guest.rmdir("/a/b/c/d/");
  }
}
