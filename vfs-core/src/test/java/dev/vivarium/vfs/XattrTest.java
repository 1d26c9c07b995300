package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.posix.XattrFlags.XATTR_CREATE;
import static dev.vivarium.vfs.posix.XattrFlags.XATTR_REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XattrTest {
  private long seconds = 1;
  private final Guest guest =
      new Guest(Vfs.builder().clock(() -> Instant.ofEpochSecond(seconds)).build());

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void whatIsSetIsThereUntilItIsRemoved() throws Exception {
    guest.touch("/f").mkdir("/d").symlink("/f", "/link");
    guest.setxattr("/link", "user.a", "one", 0).setxattr("/f", "user.b", "", 0);
    guest.setxattr("/d", "user.a", "two", 0).setxattr("/f", "user.a", "three", 0);
    assertThat(guest.getxattr("/f", "user.a")).isEqualTo("three");
    assertThat(guest.getxattr("/f", "user.b")).isEmpty();
    assertThat(guest.getxattr("/d", "user.a")).isEqualTo("two");
    assertThat(guest.listxattr("/f")).containsExactly("user.b", "user.a");
    guest.removexattr("/f", "user.a");
    fails(Errno.ENODATA, () -> guest.getxattr("/f", "user.a"));
    fails(Errno.ENODATA, () -> guest.removexattr("/f", "user.a"));
    guest.removexattr("/f", "user.b");
    assertThat(guest.listxattr("/f")).isEmpty();
  }

  @Test
  void flagsAskForWhatIsOrIsNotThere() throws Exception {
    guest.touch("/f");
    fails(Errno.ENODATA, () -> guest.setxattr("/f", "user.a", "x", XATTR_REPLACE));
    fails(Errno.ENODATA, () -> guest.setxattr("/f", "user.a", "x", XATTR_REPLACE | XATTR_CREATE));
    guest.setxattr("/f", "user.a", "x", XATTR_CREATE);
    fails(Errno.EEXIST, () -> guest.setxattr("/f", "user.a", "y", XATTR_CREATE));
    guest.setxattr("/f", "user.a", "z", XATTR_REPLACE);
    assertThat(guest.getxattr("/f", "user.a")).isEqualTo("z");
  }

  @Test
  void sizesAndFlagsAreCheckedBeforeThePath() {
    String longest = "user." + "n".repeat(250);
    fails(Errno.EINVAL, () -> guest.setxattr("/none", "", "x", 8));
    fails(Errno.ERANGE, () -> guest.setxattr("/none", "", "x", 0));
    fails(Errno.ERANGE, () -> guest.setxattr("/none", longest + "n", "x", 0));
    fails(Errno.E2BIG, () -> guest.setxattr("/none", longest, "x".repeat(65537), 0));
    fails(Errno.ENOENT, () -> guest.setxattr("/none", longest, "x".repeat(65536), 0));
    fails(Errno.ERANGE, () -> guest.getxattr("/none", ""));
    fails(Errno.ERANGE, () -> guest.removexattr("/none", longest + "n"));
    fails(Errno.ENOENT, () -> guest.listxattr("/none"));
  }

  @Test
  void onlyTheNamespaceOfUsersCanBeHad() throws Exception {
    guest.touch("/f").chmod("/f", 0644);
    var user = guest.as(7, 7);
    for (var name : new String[] {"trusted.x", "security.x"}) {
      fails(Errno.EPERM, () -> guest.setxattr("/f", name, "x", 0));
      fails(Errno.EPERM, () -> user.removexattr("/f", name));
      fails(Errno.ENODATA, () -> guest.getxattr("/f", name));
    }
    for (var name : new String[] {"user", "foo.bar", "system.x"}) {
      fails(Errno.EOPNOTSUPP, () -> guest.setxattr("/f", name, "x", 0));
      fails(Errno.EOPNOTSUPP, () -> guest.getxattr("/f", name));
      fails(Errno.EOPNOTSUPP, () -> guest.removexattr("/f", name));
    }
    fails(Errno.EINVAL, () -> guest.setxattr("/f", "user.", "x", 0));
    fails(Errno.EINVAL, () -> guest.getxattr("/f", "user."));
    fails(Errno.EACCES, () -> user.setxattr("/f", "foo.bar", "x", 0));
    fails(Errno.EOPNOTSUPP, () -> user.setxattr("/f", "system.x", "x", 0));
  }

  @Test
  void onlyFilesAndDirectoriesHaveThem() throws Exception {
    guest.mkfifo("/p").mknod("/s", FileType.SOCKET.bits() | 0666, 0).symlink("/none", "/l");
    for (var path : new String[] {"/p", "/s"}) {
      fails(Errno.EPERM, () -> guest.setxattr(path, "user.a", "x", 0));
      fails(Errno.ENODATA, () -> guest.getxattr(path, "user.a"));
      fails(Errno.EPERM, () -> guest.removexattr(path, "user.a"));
      assertThat(guest.listxattr(path)).isEmpty();
    }
    var root = guest.vfs.root();
    fails(
        Errno.EPERM,
        () ->
            guest.vfs.setXattr(
                guest.context, root, bytes("/l"), bytes("user.a"), bytes("x"), 0, false));
    fails(
        Errno.ENODATA,
        () -> guest.vfs.getXattr(guest.context, root, bytes("/l"), bytes("user.a"), false));
  }

  @Test
  void permissionsAreThoseOfTheContent() throws Exception {
    guest.touch("/f").chmod("/f", 0644).mkdir("/tmp").chmod("/tmp", 01777);
    guest.setxattr("/f", "user.a", "x", 0).setxattr("/tmp", "user.a", "x", 0);
    var user = guest.as(7, 7);
    assertThat(user.getxattr("/f", "user.a")).isEqualTo("x");
    fails(Errno.EACCES, () -> user.setxattr("/f", "user.a", "y", 0));
    fails(Errno.EACCES, () -> user.removexattr("/f", "user.a"));
    fails(Errno.EPERM, () -> user.setxattr("/tmp", "user.a", "y", 0));
    guest.chmod("/f", 0222);
    user.setxattr("/f", "user.a", "y", 0);
    fails(Errno.EACCES, () -> user.getxattr("/f", "user.a"));
    assertThat(user.listxattr("/f")).containsExactly("user.a");
  }

  @Test
  void descriptorsHaveThemUnlessTheyAreOnlyAPlace() throws Exception {
    guest.touch("/f");
    var who = guest.context.credentials();
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    file.setXattr(who, bytes("user.a"), bytes("x"), 0);
    assertThat(file.getXattr(who, bytes("user.a"))).isEqualTo(bytes("x"));
    assertThat(file.listXattr()).containsExactly(bytes("user.a"));
    file.removeXattr(who, bytes("user.a"));
    assertThat(guest.listxattr("/f")).isEmpty();
    file.release();
    var place = guest.open("/f", OpenFlags.O_PATH);
    fails(Errno.EBADF, () -> place.setXattr(who, bytes("user.a"), bytes("x"), 0));
    fails(Errno.EBADF, () -> place.getXattr(who, bytes("user.a")));
    fails(Errno.EBADF, place::listXattr);
    place.release();
    var pipe = guest.vfs.pipe(guest.context, 0);
    fails(Errno.ENODATA, () -> pipe.reader().getXattr(who, bytes("user.a")));
  }

  @Test
  void theInodeIsChangedAndNotItsContent() throws Exception {
    guest.touch("/f");
    seconds = 2;
    guest.setxattr("/f", "user.a", "x", 0);
    assertThat(guest.stat("/f").ctime()).isEqualTo(2_000_000_000L);
    assertThat(guest.stat("/f").mtime()).isEqualTo(1_000_000_000L);
    seconds = 3;
    guest.removexattr("/f", "user.a");
    assertThat(guest.stat("/f").ctime()).isEqualTo(3_000_000_000L);
  }

  @Test
  void whatTheyTakeIsChargedAndLimited() throws Exception {
    var limited =
        new Guest(Vfs.builder().quota(Quota.DEFAULT.withBytes(2000).withXattrBytes(1500)).build());
    limited.touch("/f").touch("/g");
    limited.setxattr("/f", "user.a", "x".repeat(1000), 0);
    fails(Errno.ENOSPC, () -> limited.setxattr("/f", "user.b", "x".repeat(1000), 0));
    fails(Errno.ENOSPC, () -> limited.setxattr("/g", "user.a", "x".repeat(1000), 0));
    assertThat(limited.listxattr("/f")).containsExactly("user.a");
    assertThat(limited.vfs.check()).isEmpty();
    limited.setxattr("/f", "user.a", "x", 0);
    limited.setxattr("/g", "user.a", "x".repeat(1000), 0);
    limited.unlink("/g");
    limited.setxattr("/f", "user.b", "x".repeat(1000), 0);
    assertThat(limited.vfs.check()).isEmpty();
  }

  @Test
  void theOwnerPaysForThem() throws Exception {
    var world = new Guest(Vfs.builder().quota(Quota.DEFAULT.withUser(500, 10)).build());
    world.chmod("/", 0777);
    var user = world.as(7, 7);
    user.touch("/f");
    user.setxattr("/f", "user.a", "x".repeat(300), 0);
    fails(Errno.EDQUOT, () -> user.setxattr("/f", "user.b", "x".repeat(300), 0));
    world.touch("/g").setxattr("/g", "user.a", "x".repeat(300), 0);
    fails(Errno.EDQUOT, () -> world.chown("/g", 7, 7));
    world.chown("/f", 0, 0);
    world.chown("/g", 7, 7);
    assertThat(world.vfs.check()).isEmpty();
  }

  @Test
  void snapshotsShareThemAndAForkPaysForWhatItChanges() throws Exception {
    guest.touch("/f").setxattr("/f", "user.a", "x".repeat(100), 0);
    guest.setxattr("/f", "user.b", "old", 0);
    var before = guest.vfs.snapshot();
    guest.setxattr("/f", "user.b", "new", 0);
    assertThat(guest.vfs.snapshot().diff(before).stream().map(Change::toString))
        .containsExactly("CHANGED /f");
    var fork = new Guest(Vfs.builder().base(before).quota(Quota.DEFAULT.withBytes(200)).build());
    assertThat(fork.getxattr("/f", "user.b")).isEqualTo("old");
    fails(Errno.ENOSPC, () -> fork.setxattr("/f", "user.c", "x", 0));
    fork.removexattr("/f", "user.b");
    assertThat(fork.getxattr("/f", "user.a")).hasSize(100);
    assertThat(fork.vfs.check()).isEmpty();
    fork.unlink("/f");
    assertThat(fork.vfs.check()).isEmpty();
    assertThat(guest.getxattr("/f", "user.b")).isEqualTo("new");
  }
}
