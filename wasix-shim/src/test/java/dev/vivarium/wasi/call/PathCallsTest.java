package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.DIRECTORY;
import static dev.vivarium.wasi.table.TestGuest.EXCL;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.TRUNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;

class PathCallsTest {
  private final TestGuest guest = new TestGuest();

  // ---- open ---------------------------------------------------------------------------------

  @Test
  void openCreatesTruncatesAndInsists() throws Exception {
    assertThat(open("f", 0)).isEqualTo(Errno.ENOENT);
    assertThat(open("f", CREAT | EXCL)).isNull();
    assertThat(guest.u32(OUT)).as("the lowest free descriptor").isEqualTo(4);
    assertThat(open("f", CREAT | EXCL)).isEqualTo(Errno.EEXIST);
    guest.vfs.write("/f", new byte[9]);
    assertThat(open("f", TRUNC)).isNull();
    assertThat(guest.vfs.read("/f")).isEmpty();
    assertThat(open("f", DIRECTORY)).isEqualTo(Errno.ENOTDIR);
    assertThat(open("f/", 0)).isEqualTo(Errno.ENOTDIR);
    assertThat(open("", 0)).isEqualTo(Errno.ENOENT);
    assertThat(open("f", 16)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void anOpenWithoutAFreeDescriptorMakesAndCutsNothing() throws Exception {
    guest.vfs.write("/f", new byte[9]);
    Errno full = null;
    while (full == null) {
      full = open("/", DIRECTORY);
    }
    assertThat(full).isEqualTo(Errno.EMFILE);
    assertThat(open("f", TRUNC)).isEqualTo(Errno.EMFILE);
    assertThat(guest.vfs.read("/f")).hasSize(9);
    assertThat(open("new", CREAT)).isEqualTo(Errno.EMFILE);
    assertThatThrownBy(() -> guest.vfs.read("/new")).hasMessageContaining("ENOENT");
  }

  @Test
  void aDirectoryIsOpenedForReadingWhateverIsAskedFor() {
    guest.ok("path_create_directory", 3, "d");
    assertThat(open("d", DIRECTORY)).isNull();
    assertThat(open("d", 0)).as("writing asked for").isEqualTo(Errno.EISDIR);
    assertThat(guest.call("path_open", 3, 1, "d", 0, Rights.FD_READDIR, 0L, 0, OUT)).isNull();
  }

  @Test
  void aFileThatIsReadIsNotAskedToBeWritten() throws Exception {
    guest.vfs.write("/f", new byte[1]);
    var user = guest.process.context();
    user.setCredentials(new dev.vivarium.vfs.posix.Credentials(1000, 1000));
    long go = Rights.ALL & ~(Rights.FD_WRITE | Rights.FD_ALLOCATE | Rights.FD_DATASYNC);
    assertThat(guest.call("path_open", 3, 1, "f", 0, go, go, 0, OUT)).isNull();
    assertThat(open("f", 0)).isEqualTo(Errno.EACCES);
  }

  @Test
  void pathsMayBeAbsoluteAndDoNotLeaveTheRoot() throws Exception {
    guest.vfs.makeDirectories("/a/b");
    guest.vfs.write("/top", new byte[1]);
    int b = guest.open("a/b", DIRECTORY);
    guest.ok("path_open", b, 1, "/top", 0, Rights.FD_READ, 0L, 0, OUT);
    guest.ok("path_open", b, 1, "../../../../top", 0, Rights.FD_READ, 0L, 0, OUT);
    assertThat(guest.call("path_open", 99, 1, "/top", 0, Rights.FD_READ, 0L, 0, OUT))
        .isEqualTo(Errno.EBADF);
    int file = guest.open("top", 0);
    assertThat(guest.call("path_open", file, 1, "x", 0, Rights.FD_READ, 0L, 0, OUT))
        .isEqualTo(Errno.ENOTDIR);
  }

  @Test
  void symlinksAreFollowedWhenAsked() throws Exception {
    guest.vfs.write("/f", new byte[3]);
    guest.ok("path_symlink", "f", 3, "link");
    assertThat(guest.call("path_open", 3, 1, "link", 0, Rights.FD_READ, 0L, 0, OUT)).isNull();
    assertThat(guest.call("path_open", 3, 0, "link", 0, Rights.FD_READ, 0L, 0, OUT))
        .isEqualTo(Errno.ELOOP);
    guest.ok("path_filestat_get", 3, 1, "link", OUT);
    assertThat(guest.memory.readByte(OUT + 16)).isEqualTo((byte) 4);
    guest.ok("path_filestat_get", 3, 0, "link", OUT);
    assertThat(guest.memory.readByte(OUT + 16)).isEqualTo((byte) 7);
    assertThat(guest.call("path_filestat_get", 3, 2, "link", OUT)).isEqualTo(Errno.EINVAL);
    guest.ok("path_symlink", "loop", 3, "loop");
    assertThat(guest.call("path_filestat_get", 3, 1, "loop", OUT)).isEqualTo(Errno.ELOOP);
  }

  @Test
  void aDescriptorIsNotHandedOutWhereItCannotBeWritten() {
    int before = guest.process.descriptors().size();
    assertThat(guest.call("path_open", 3, 0, "f", CREAT, Rights.ALL, Rights.ALL, 0, -2))
        .isEqualTo(Errno.EFAULT);
    assertThat(guest.process.descriptors().size()).isEqualTo(before);
    assertThat(guest.call("path_filestat_get", 3, 0, "f", OUT)).isEqualTo(Errno.ENOENT);
  }

  // ---- names --------------------------------------------------------------------------------

  @Test
  void namesAreBytes() {
    byte[] name = {(byte) 0xFF, (byte) 0xFE, 'x'};
    guest.ok("path_open", 3, 0, name, CREAT, Rights.ALL, 0L, 0, OUT);
    guest.ok("path_filestat_get", 3, 0, name, OUT);
    guest.ok("path_unlink_file", 3, name);
  }

  @Test
  void aNulInAPathIsInvalid() {
    assertThat(open("a\0b", CREAT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("path_create_directory", 3, "a\0")).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aPathThatIsTooLongIsNotEvenRead() {
    assertThat(guest.call("path_create_directory", 3, DATA, Integer.MAX_VALUE))
        .isEqualTo(Errno.ENAMETOOLONG);
    assertThat(guest.call("path_create_directory", 3, DATA, -1)).isEqualTo(Errno.ENAMETOOLONG);
    assertThat(guest.call("path_create_directory", 3, "x".repeat(4096)))
        .isEqualTo(Errno.ENAMETOOLONG);
    assertThat(guest.call("path_create_directory", 3, "x".repeat(256)))
        .isEqualTo(Errno.ENAMETOOLONG);
    guest.ok("path_create_directory", 3, "x".repeat(255));
    assertThat(guest.call("path_create_directory", 3, -2, 4)).isEqualTo(Errno.EFAULT);
  }

  // ---- the other calls ----------------------------------------------------------------------

  @Test
  void directoriesAreMadeAndRemoved() throws Exception {
    guest.ok("path_create_directory", 3, "d");
    assertThat(guest.call("path_create_directory", 3, "d")).isEqualTo(Errno.EEXIST);
    assertThat(guest.call("path_create_directory", 3, "no/d")).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_unlink_file", 3, "d")).isEqualTo(Errno.EISDIR);
    guest.vfs.write("/d/f", new byte[1]);
    assertThat(guest.call("path_remove_directory", 3, "d")).isEqualTo(Errno.ENOTEMPTY);
    guest.ok("path_unlink_file", 3, "d/f").ok("path_remove_directory", 3, "d");
    assertThat(guest.call("path_remove_directory", 3, "d")).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_unlink_file", 3, "d")).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_remove_directory", 99, "d")).isEqualTo(Errno.EBADF);
  }

  @Test
  void linksAreNamesOfOneFile() throws Exception {
    guest.vfs.write("/f", new byte[1]);
    guest.ok("path_link", 3, 0, "f", 3, "g").ok("path_filestat_get", 3, 0, "g", OUT);
    assertThat(guest.u64(OUT + 24)).isEqualTo(2);
    assertThat(guest.call("path_link", 3, 0, "f", 3, "g")).isEqualTo(Errno.EEXIST);
    assertThat(guest.call("path_link", 3, 0, "no", 3, "h")).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_link", 3, 0, "f", 99, "h")).isEqualTo(Errno.EBADF);
    assertThat(guest.call("path_link", 3, 0, "dev", 3, "h")).isIn(Errno.EPERM, Errno.EXDEV);
  }

  @Test
  void renameReplaces() throws Exception {
    guest.vfs.write("/f", new byte[] {'f'});
    guest.vfs.write("/g", new byte[] {'g'});
    guest.ok("path_rename", 3, "f", 3, "g");
    assertThat(guest.vfs.read("/g")).asString().isEqualTo("f");
    assertThat(guest.call("path_rename", 3, "f", 3, "h")).isEqualTo(Errno.ENOENT);
    guest.ok("path_create_directory", 3, "d");
    assertThat(guest.call("path_rename", 3, "g", 3, "d")).isEqualTo(Errno.EISDIR);
    assertThat(guest.call("path_rename", 3, "d", 3, "d/e")).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("path_rename", 99, "d", 3, "e")).isEqualTo(Errno.EBADF);
  }

  @Test
  void aLinksTextIsReadAsFarAsThereIsRoom() {
    guest.ok("path_symlink", "/absolute/target", 3, "link");
    guest.ok("path_readlink", 3, "link", DATA, 100, OUT);
    assertThat(guest.memory.text(DATA, guest.u32(OUT))).isEqualTo("/absolute/target");
    guest.memory.fill(DATA, 20, (byte) 0);
    guest.ok("path_readlink", 3, "link", DATA, 4, OUT);
    assertThat(guest.u32(OUT)).isEqualTo(4);
    assertThat(guest.memory.text(DATA, 5)).isEqualTo("/abs\0");
    guest.ok("path_readlink", 3, "link", DATA, 0, OUT);
    assertThat(guest.u32(OUT)).isZero();
    assertThat(guest.call("path_readlink", 3, "dev", DATA, 9, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("path_readlink", 3, "no", DATA, 9, OUT)).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_readlink", 3, "link", -4, 9, OUT)).isEqualTo(Errno.EFAULT);
  }

  @Test
  void anEmptySymlinkIsNone() {
    assertThat(guest.call("path_symlink", "", 3, "link")).isEqualTo(Errno.ENOENT);
    assertThat(guest.call("path_symlink", "x", 3, "")).isEqualTo(Errno.ENOENT);
    guest.ok("path_symlink", "x", 3, "link");
    assertThat(guest.call("path_symlink", "x", 3, "link")).isEqualTo(Errno.EEXIST);
  }

  @Test
  void timesAreSetByPath() throws Exception {
    guest.vfs.write("/f", new byte[1]);
    guest.ok("path_symlink", "f", 3, "link");
    guest.ok("path_filestat_set_times", 3, 1, "link", 11L, 22L, 5);
    guest.ok("path_filestat_get", 3, 0, "f", OUT);
    assertThat(guest.u64(OUT + 40)).isEqualTo(11);
    assertThat(guest.u64(OUT + 48)).isEqualTo(22);
    guest.ok("path_filestat_set_times", 3, 0, "link", 33L, 44L, 5);
    guest.ok("path_filestat_get", 3, 0, "link", OUT);
    assertThat(guest.u64(OUT + 48)).isEqualTo(44);
    assertThat(guest.call("path_filestat_set_times", 3, 0, "f", 0L, 0L, 3)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("path_filestat_set_times", 3, 0, "no", 0L, 0L, 5))
        .isEqualTo(Errno.ENOENT);
  }

  private Errno open(String path, int oflags) {
    return guest.call("path_open", 3, 1, path, oflags, Rights.ALL, Rights.ALL, 0, OUT);
  }
}
