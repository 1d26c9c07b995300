package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static dev.vivarium.vfs.posix.OpenFlags.O_ACCMODE;
import static dev.vivarium.vfs.posix.OpenFlags.O_CREAT;
import static dev.vivarium.vfs.posix.OpenFlags.O_DIRECTORY;
import static dev.vivarium.vfs.posix.OpenFlags.O_EXCL;
import static dev.vivarium.vfs.posix.OpenFlags.O_NOFOLLOW;
import static dev.vivarium.vfs.posix.OpenFlags.O_PATH;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDONLY;
import static dev.vivarium.vfs.posix.OpenFlags.O_RDWR;
import static dev.vivarium.vfs.posix.OpenFlags.O_TMPFILE;
import static dev.vivarium.vfs.posix.OpenFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** O_TMPFILE, and links to what is open. */
class UnnamedFileTest {
  private final Guest guest = Guest.inNewWorld();

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aFileWithoutANameIsGoneWithItsLastClose() throws Exception {
    guest.mkdir("/d").chown("/d", 0, 55).chmod("/d", 02777);
    var file = guest.open("/d", O_TMPFILE | O_RDWR, 04666);
    long free = free();
    assertThat(guest.list("/d")).isEmpty();
    var stat = file.stat();
    assertThat(stat.nlink()).isZero();
    assertThat(stat.mode() & FileMode.ALL).isEqualTo(04644);
    assertThat(stat.gid()).isEqualTo(55);
    assertThat(file.flags()).isEqualTo(O_TMPFILE | O_RDWR);
    write(file, "content");
    file.release();
    assertThat(free()).isEqualTo(free + 1);
  }

  @Test
  void whatIsAskedForMustBeAFileToWriteInADirectory() throws Exception {
    guest.touch("/f").mkdir("/d").symlink("/d", "/link");
    fails(Errno.EINVAL, () -> guest.open("", O_TMPFILE | O_RDONLY));
    fails(Errno.EINVAL, () -> guest.open("/d", O_TMPFILE | O_RDWR | O_CREAT));
    fails(Errno.EINVAL, () -> guest.open("/d", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR));
    fails(Errno.ENOENT, () -> guest.open("/none", O_TMPFILE | O_RDWR));
    fails(Errno.ENOTDIR, () -> guest.open("/f", O_TMPFILE | O_RDWR));
    fails(Errno.ENOTDIR, () -> guest.open("/link", O_TMPFILE | O_RDWR | O_NOFOLLOW));
    guest.open("/link", O_TMPFILE | O_WRONLY).release();
    guest.open("/d", O_TMPFILE | O_ACCMODE).release();
    fails(Errno.EACCES, () -> guest.as(7, 7).open("/d", O_TMPFILE | O_RDWR));
  }

  @Test
  void aLinkGivesItItsFirstNameAndThenItIsAFileAsOthers() throws Exception {
    var full = new Guest(Vfs.builder().quota(Quota.DEFAULT.withInodes(2)).build());
    var file = full.open("/", O_TMPFILE | O_RDWR, 0600);
    write(file, "content");
    full.link(file, "/f");
    full.link(file, "/g");
    fails(Errno.ENOSPC, () -> full.link(file, "/h"));
    fails(Errno.EEXIST, () -> full.link(file, "/g"));
    assertThat(file.stat()).isEqualTo(full.stat("/g"));
    assertThat(file.stat().nlink()).isEqualTo(2);
    full.unlink("/f");
    full.unlink("/g");
    // Once it has had a name, the last one is the last one.
    fails(Errno.ENOENT, () -> full.link(file, "/f"));
    file.release();
    assertThat(full.vfs.check()).isEmpty();
    full.touch("/f").touch("/g");
  }

  @Test
  void withExclusiveItNeverGetsAName() throws Exception {
    guest.touch("/f");
    var file = guest.open("/", O_TMPFILE | O_RDWR | O_EXCL);
    fails(Errno.EEXIST, () -> guest.link(file, "/f"));
    fails(Errno.ENOENT, () -> guest.link(file, "/none/x"));
    fails(Errno.ENOENT, () -> guest.link(file, "/g"));
    file.release();
  }

  @Test
  void onlyWhoOpenedAndRootLinkWhatIsOpen() throws Exception {
    guest.write("/f", "x").chmod("/f", 0666).chmod("/", 0777).mkdir("/locked", 0755);
    var file = guest.open("/f", O_RDONLY);
    var user = guest.as(7, 7);
    fails(Errno.ENOENT, () -> user.link(file, "/g"));
    var own = user.open("/f", O_PATH);
    fails(Errno.ENOENT, () -> guest.as(7, 8).link(own, "/g"));
    fails(Errno.EACCES, () -> user.link(own, "/locked/g"));
    user.link(own, "/g");
    guest.link(own, "/h");
    assertThat(guest.stat("/f").nlink()).isEqualTo(3);
    file.release();
    own.release();
  }

  @Test
  void directoriesPipesAndWhatIsGoneAreNotLinked() throws Exception {
    guest.mkdir("/d").touch("/f");
    var directory = guest.open("/d", O_PATH);
    fails(Errno.EPERM, () -> guest.link(directory, "/e"));
    directory.release();
    var pipe = guest.vfs.pipe(guest.context, 0);
    fails(Errno.EXDEV, () -> guest.link(pipe.reader(), "/e"));
    fails(Errno.EEXIST, () -> guest.link(pipe.reader(), "/f"));
    var file = guest.open("/f", O_RDONLY);
    guest.unlink("/f");
    fails(Errno.ENOENT, () -> guest.link(file, "/e"));
    file.release();
  }

  @Test
  void aSnapshotHasItOnceItHasAName() throws Exception {
    var file = guest.open("/", O_TMPFILE | O_RDWR);
    write(file, "before ");
    var without = guest.vfs.snapshot();
    write(file, "after");
    guest.link(file, "/f");
    var with = guest.vfs.snapshot();
    file.pwrite(Guest.bytes("B"), 0, 1, 0);
    assertThat(new Guest(Vfs.fork(without)).list("/")).isEmpty();
    assertThat(new Guest(Vfs.fork(with)).read("/f")).isEqualTo("before after");
    assertThat(guest.read("/f")).isEqualTo("Before after");
    file.release();
  }

  private long free() throws Exception {
    return guest.vfs.statFileSystem(guest.context, guest.vfs.root(), Guest.bytes("/")).freeInodes();
  }
}
