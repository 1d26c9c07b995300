package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Making, removing and moving names. */
class EntriesTest {
  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aDirectoryCountsTheWaysBackToIt() throws Exception {
    guest.mkdir("/d").mkdir("/d/a").mkdir("/d/b").touch("/d/f");
    assertThat(guest.stat("/d").nlink()).isEqualTo(4);
    guest.rmdir("/d/a");
    guest.rename("/d/b", "/b");
    assertThat(guest.stat("/d").nlink()).isEqualTo(2);
    assertThat(guest.stat("/").nlink()).isEqualTo(4);
  }

  @Test
  void mkdirTakesATrailingSlashAndRefusesWhatIsThere() throws Exception {
    guest.mkdir("/d/").touch("/f").symlink("/none", "/dangling");
    for (var path : new String[] {"/d", "/d/", "/f", "/f/", "/dangling", "/", "/d/.", "/d/.."}) {
      fails(Errno.EEXIST, () -> guest.mkdir(path));
    }
    fails(Errno.ENOENT, () -> guest.mkdir("/none/d"));
    fails(Errno.ENOTDIR, () -> guest.mkdir("/f/d"));
  }

  @Test
  void aSetGroupIdDirectoryHandsItsGroupDown() throws Exception {
    guest.mkdir("/d").chown("/d", 0, 55).chmod("/d", 02777);
    guest.mkdir("/d/sub").touch("/d/f");
    assertThat(guest.stat("/d/sub").gid()).isEqualTo(55);
    assertThat(guest.stat("/d/sub").mode() & FileMode.S_ISGID).isNotZero();
    assertThat(guest.stat("/d/f").gid()).isEqualTo(55);
    assertThat(guest.stat("/d/f").mode() & FileMode.S_ISGID).isZero();
  }

  @Test
  void rmdirRemovesOnlyEmptyDirectories() throws Exception {
    guest.mkdir("/d").mkdir("/d/e").touch("/f").symlink("/d/e", "/link");
    fails(Errno.ENOTEMPTY, () -> guest.rmdir("/d"));
    fails(Errno.ENOTEMPTY, () -> guest.rmdir("/d/e/.."));
    fails(Errno.EINVAL, () -> guest.rmdir("/d/e/."));
    fails(Errno.EBUSY, () -> guest.rmdir("/"));
    fails(Errno.ENOTDIR, () -> guest.rmdir("/f"));
    fails(Errno.ENOTDIR, () -> guest.rmdir("/link"));
    fails(Errno.ENOTDIR, () -> guest.rmdir("/link/"));
    fails(Errno.ENOENT, () -> guest.rmdir("/none"));
    guest.rmdir("/d/e/");
    guest.rmdir("/d");
    assertThat(guest.list("/")).containsExactly("f", "link");
  }

  @Test
  void unlinkRemovesWhatIsNoDirectory() throws Exception {
    guest.mkdir("/d").touch("/f").symlink("/d", "/link");
    fails(Errno.EISDIR, () -> guest.unlink("/d"));
    fails(Errno.EISDIR, () -> guest.unlink("/d/"));
    fails(Errno.EISDIR, () -> guest.unlink("/"));
    fails(Errno.ENOTDIR, () -> guest.unlink("/f/"));
    fails(Errno.ENOTDIR, () -> guest.unlink("/link/"));
    fails(Errno.ENOENT, () -> guest.unlink("/none/"));
    guest.unlink("/link");
    guest.unlink("/f");
    assertThat(guest.list("/")).containsExactly("d");
  }

  @Test
  void hardLinksAreOneFile() throws Exception {
    guest.write("/a", "x").mkdir("/d");
    guest.link("/a", "/d/b");
    guest.write("/d/b", "changed");
    assertThat(guest.read("/a")).isEqualTo("changed");
    assertThat(guest.stat("/a")).isEqualTo(guest.stat("/d/b"));
    assertThat(guest.stat("/a").nlink()).isEqualTo(2);
    guest.unlink("/a");
    assertThat(guest.read("/d/b")).isEqualTo("changed");
    assertThat(guest.stat("/d/b").nlink()).isEqualTo(1);
  }

  @Test
  void linkRefusesDirectoriesAndWhatIsThere() throws Exception {
    guest.touch("/f").mkdir("/d").symlink("/f", "/link");
    fails(Errno.EPERM, () -> guest.link("/d", "/e"));
    fails(Errno.EEXIST, () -> guest.link("/f", "/d"));
    fails(Errno.EEXIST, () -> guest.link("/f", "/f"));
    fails(Errno.ENOENT, () -> guest.link("/f", "/new/"));
    fails(Errno.ENOENT, () -> guest.link("/none", "/new"));
    guest.link("/link", "/link2");
    assertThat(guest.readlink("/link2")).isEqualTo("/f");
    var at = guest.vfs.root();
    guest.vfs.link(guest.context, at, Guest.bytes("/link"), true, at, Guest.bytes("/f2"));
    assertThat(guest.stat("/f").nlink()).isEqualTo(2);
  }

  @Test
  void aSymbolicLinkIsItsText() throws Exception {
    guest.symlink("any/../text\u00ff", "/link");
    assertThat(guest.readlink("/link")).isEqualTo("any/../text\u00ff");
    var stat = guest.lstat("/link");
    assertThat(stat.size()).isEqualTo(12);
    assertThat(stat.mode()).isEqualTo(FileType.SYMLINK.bits() | 0777);
    fails(Errno.EINVAL, () -> guest.readlink("/"));
    fails(Errno.ENOENT, () -> guest.symlink("", "/empty"));
    fails(Errno.ENAMETOOLONG, () -> guest.symlink("x".repeat(4096), "/long"));
    fails(Errno.ENOENT, () -> guest.symlink("x", "/new/"));
    fails(Errno.EEXIST, () -> guest.symlink("x", "/link"));
    guest.symlink("x".repeat(4095), "/long");
  }

  @Test
  void renameReplacesAFileByAFile() throws Exception {
    guest.write("/a", "a").write("/b", "b");
    guest.rename("/a", "/b");
    assertThat(guest.list("/")).containsExactly("b");
    assertThat(guest.read("/b")).isEqualTo("a");
  }

  @Test
  void renameOfTwoNamesOfOneFileDoesNothing() throws Exception {
    guest.write("/a", "x");
    guest.link("/a", "/b");
    guest.rename("/a", "/b");
    guest.rename("/a", "/a");
    assertThat(guest.list("/")).containsExactly("a", "b");
  }

  @Test
  void renameReplacesAnEmptyDirectoryByADirectory() throws Exception {
    guest.mkdir("/a").touch("/a/f").mkdir("/b").mkdir("/c").touch("/c/f").touch("/file");
    guest.rename("/a", "/b");
    assertThat(guest.list("/b")).containsExactly("f");
    fails(Errno.ENOTEMPTY, () -> guest.rename("/b", "/c"));
    fails(Errno.ENOTDIR, () -> guest.rename("/b", "/file"));
    fails(Errno.EISDIR, () -> guest.rename("/file", "/b"));
    assertThat(guest.stat("/").nlink()).isEqualTo(4);
  }

  @Test
  void aDirectoryIsNotMovedBelowItselfNorOverWhatItIsIn() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").mkdir("/a/b/c");
    fails(Errno.EINVAL, () -> guest.rename("/a", "/a/new"));
    fails(Errno.EINVAL, () -> guest.rename("/a", "/a/b/c"));
    fails(Errno.ENOTEMPTY, () -> guest.rename("/a/b/c", "/a"));
    fails(Errno.EBUSY, () -> guest.rename("/a/.", "/x"));
    fails(Errno.EBUSY, () -> guest.rename("/a", "/a/.."));
    fails(Errno.EBUSY, () -> guest.rename("/", "/x"));
  }

  @Test
  void trailingSlashesOfARenameMeanDirectories() throws Exception {
    guest.mkdir("/d").touch("/f").symlink("/d", "/link");
    fails(Errno.ENOTDIR, () -> guest.rename("/f/", "/g"));
    fails(Errno.ENOTDIR, () -> guest.rename("/f", "/g/"));
    fails(Errno.ENOTDIR, () -> guest.rename("/link/", "/g"));
    guest.rename("/d/", "/e/");
    assertThat(guest.list("/")).containsExactly("e", "f", "link");
  }

  @Test
  void aMovedDirectoryKnowsItsNewParentAndPath() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").mkdir("/c");
    guest.chdir("/a/b");
    guest.rename("/a", "/c/moved");
    assertThat(guest.getcwd()).isEqualTo("/c/moved/b");
    assertThat(guest.stat("../..").ino()).isEqualTo(guest.stat("/c").ino());
  }

  @Test
  void theWorkingDirectoryHasNoPathOnceItIsRemovedButAWayUp() throws Exception {
    guest.mkdir("/a").mkdir("/a/b");
    guest.chdir("/a/b");
    guest.rmdir("/a/b");
    guest.rmdir("/a");
    fails(Errno.ENOENT, guest::getcwd);
    fails(Errno.ENOENT, () -> guest.touch("f"));
    assertThat(guest.stat(".").nlink()).isZero();
    assertThat(guest.stat("..").nlink()).isZero();
    assertThat(guest.stat("../..").ino()).isEqualTo(guest.stat("/").ino());
    assertThat(guest.vfs.check()).isEmpty();
    guest.chdir("/");
    assertThat(guest.vfs.check()).isEmpty();
  }
}
