package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static dev.vivarium.vfs.posix.FileMode.R_OK;
import static dev.vivarium.vfs.posix.FileMode.W_OK;
import static dev.vivarium.vfs.posix.FileMode.X_OK;
import static dev.vivarium.vfs.posix.OpenFlags.O_CREAT;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDONLY;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDWR;
import static dev.vivarium.vfs.posix.OpenFlags.O_TRUNC;
import static dev.vivarium.vfs.posix.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PermissionsTest {
  private final Guest root = Guest.inNewWorld();
  private final Guest owner = root.as(10, 20);
  private final Guest member = root.as(11, 21, 19, 20);
  private final Guest stranger = root.as(12, 22);

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(root.vfs.check()).isEmpty();
  }

  @Test
  void ownerGroupAndOthersHaveTheBitsOfTheirOwnOnly() throws Exception {
    root.write("/f", "x").chown("/f", 10, 20).chmod("/f", 0046);
    fails(Errno.EACCES, () -> owner.open("/f", O_RDONLY));
    member.open("/f", O_RDONLY).release();
    fails(Errno.EACCES, () -> member.open("/f", O_WRONLY));
    stranger.open("/f", O_RDWR).release();
    root.chmod("/f", 0400);
    owner.open("/f", O_RDONLY).release();
    fails(Errno.EACCES, () -> owner.open("/f", O_RDONLY | O_TRUNC));
    fails(Errno.EACCES, () -> member.open("/f", O_RDONLY));
  }

  @Test
  void rootMayAllButExecuteWhatNobodyMay() throws Exception {
    root.write("/f", "x").chmod("/f", 0).mkdir("/d", 0);
    root.open("/f", O_RDWR).release();
    root.touch("/d/f");
    root.access("/d", R_OK | W_OK | X_OK);
    root.access("/f", R_OK | W_OK);
    fails(Errno.EACCES, () -> root.access("/f", X_OK));
    root.chmod("/f", 0001);
    root.access("/f", X_OK);
  }

  @Test
  void everyDirectoryOnTheWayNeedsSearchPermission() throws Exception {
    root.mkdir("/d", 0755).mkdir("/d/e", 0644).write("/d/e/f", "x").symlink("/d/e/f", "/link");
    fails(Errno.EACCES, () -> stranger.stat("/d/e/f"));
    fails(Errno.EACCES, () -> stranger.stat("/d/e/none"));
    fails(Errno.EACCES, () -> stranger.stat("/link"));
    fails(Errno.EACCES, () -> stranger.stat("/d/e/.."));
    assertThat(stranger.list("/d/e")).containsExactly("f");
    root.chmod("/d/e", 0711);
    stranger.read("/d/e/f");
    fails(Errno.EACCES, () -> stranger.list("/d/e"));
    fails(Errno.EACCES, () -> root.chmod("/d", 0700).as(12, 22).chdir("/d"));
  }

  @Test
  void namesChangeOnlyInDirectoriesThatMayBeWritten() throws Exception {
    root.mkdir("/d", 0755).touch("/d/f").mkdir("/d/e").chmod("/", 0777);
    fails(Errno.EACCES, () -> stranger.touch("/d/new"));
    fails(Errno.EACCES, () -> stranger.mkdir("/d/new"));
    fails(Errno.EACCES, () -> stranger.symlink("x", "/d/new"));
    fails(Errno.EACCES, () -> stranger.unlink("/d/f"));
    fails(Errno.EACCES, () -> stranger.rmdir("/d/e"));
    fails(Errno.EACCES, () -> stranger.rename("/d/f", "/f"));
    fails(Errno.EEXIST, () -> stranger.mkdir("/d/e"));
    fails(Errno.EACCES, () -> stranger.open("/d/new", O_WRONLY | O_CREAT));
    stranger.touch("/mine");
    fails(Errno.EACCES, () -> stranger.rename("/mine", "/d/new"));
  }

  @Test
  void aDirectoryThatMovesElsewhereMustBeWritable() throws Exception {
    root.chmod("/", 0777).mkdir("/to", 0777);
    stranger.mkdir("/d", 0555);
    fails(Errno.EACCES, () -> stranger.rename("/d", "/to/d"));
    stranger.rename("/d", "/e");
  }

  @Test
  void inAStickyDirectoryOnlyOwnersRemove() throws Exception {
    root.mkdir("/tmp").chmod("/tmp", 01777);
    owner.write("/tmp/f", "x").write("/tmp/g", "x");
    fails(Errno.EPERM, () -> stranger.unlink("/tmp/f"));
    fails(Errno.EPERM, () -> stranger.rename("/tmp/f", "/tmp/h"));
    stranger.write("/tmp/h", "x");
    fails(Errno.EPERM, () -> stranger.rename("/tmp/h", "/tmp/f"));
    owner.unlink("/tmp/f");
    root.unlink("/tmp/h");
    root.chown("/tmp", 12, 0);
    stranger.unlink("/tmp/g");
  }

  @Test
  void onlyTheOwnerChangesTheMode() throws Exception {
    root.touch("/f").chown("/f", 10, 20);
    fails(Errno.EPERM, () -> member.chmod("/f", 0777));
    owner.chmod("/f", 02755);
    assertThat(mode("/f")).isEqualTo(02755);
    // Whoever is not in the group does not hand its rights out.
    root.chown("/f", 10, 99);
    owner.chmod("/f", 02755);
    assertThat(mode("/f")).isEqualTo(0755);
    root.chmod("/f", 06755);
    assertThat(mode("/f")).isEqualTo(06755);
  }

  @Test
  void onlyRootGivesFilesAwayAndOwnersChooseAmongTheirGroups() throws Exception {
    root.touch("/f").chown("/f", 11, 21);
    fails(Errno.EPERM, () -> member.chown("/f", 12, -1));
    fails(Errno.EPERM, () -> member.chown("/f", -1, 22));
    fails(Errno.EPERM, () -> stranger.chown("/f", -1, 22));
    member.chown("/f", 11, 19);
    assertThat(root.stat("/f").gid()).isEqualTo(19);
    root.chown("/f", 5, -1);
    assertThat(root.stat("/f").uid()).isEqualTo(5);
    assertThat(root.stat("/f").gid()).isEqualTo(19);
  }

  @Test
  void setIdBitsGoWithTheOwnerAndWithStrangersWriting() throws Exception {
    root.touch("/f").chmod("/f", 06777);
    root.chown("/f", 10, 20);
    assertThat(mode("/f")).isEqualTo(0777);
    root.chmod("/f", 06777);
    write(root.open("/f", O_WRONLY), "x");
    assertThat(mode("/f")).isEqualTo(06777);
    write(stranger.open("/f", O_WRONLY), "x");
    assertThat(mode("/f")).isEqualTo(0777);
    root.chmod("/f", 06777);
    stranger.truncate("/f", 0);
    assertThat(mode("/f")).isEqualTo(0777);
    root.mkdir("/d").chmod("/d", 02777).chown("/d", 10, 20);
    assertThat(mode("/d")).isEqualTo(02777);
  }

  @Test
  void strangersLinkOnlyWhatTheyMayReadAndWrite() throws Exception {
    root.chmod("/", 0777).write("/f", "x").symlink("f", "/link");
    fails(Errno.EPERM, () -> stranger.link("/f", "/g"));
    root.chmod("/f", 0666);
    stranger.link("/f", "/g");
    root.chmod("/f", 04666);
    fails(Errno.EPERM, () -> stranger.link("/f", "/h"));
    fails(Errno.EPERM, () -> stranger.link("/link", "/h"));
  }

  private int mode(String path) throws Exception {
    return root.stat(path).mode() & FileMode.ALL;
  }

  @Test
  void aStrangersFileInASetGroupIdDirectoryIsNotSetGroupIdWhateverTheUmask() throws Exception {
    root.mkdir("/d", 0777).chown("/d", 0, 50).chmod("/d", 02777);
    var stranger = root.as(7, 7);
    stranger.context.setUmask(077);
    stranger.open("/d/f", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 02775).release();
    assertThat(mode("/d/f")).isEqualTo(0700);
    stranger.open("/d/g", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 02765).release();
    assertThat(mode("/d/g")).isEqualTo(02700);
  }
}
