package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.posix.AtFlags.AT_EACCESS;
import static dev.vivarium.vfs.posix.AtFlags.AT_EMPTY_PATH;
import static dev.vivarium.vfs.posix.AtFlags.AT_SYMLINK_NOFOLLOW;
import static dev.vivarium.vfs.posix.FileMode.F_OK;
import static dev.vivarium.vfs.posix.FileMode.R_OK;
import static dev.vivarium.vfs.posix.FileMode.W_OK;
import static dev.vivarium.vfs.posix.FileMode.X_OK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import org.junit.jupiter.api.Test;

/** faccessat2: who is asked about, and what. */
class AccessTest {
  private final Guest guest = Guest.inNewWorld();

  private void access(FsContext who, String path, int mask, int flags) throws Exception {
    guest.vfs.access(who, guest.vfs.root(), bytes(path), mask, flags);
  }

  private FsContext as(Credentials credentials) {
    return new FsContext(credentials, guest.vfs.root());
  }

  @Test
  void theRealUserDecidesUnlessTheEffectiveOneIsAskedFor() throws Exception {
    guest.write("/f", "").chmod("/f", 0600).mkdir("/d", 0700).touch("/d/f");
    var setUid = as(new Credentials(0, 0).withReal(7, 7));
    fails(Errno.EACCES, () -> access(setUid, "/f", R_OK, 0));
    access(setUid, "/f", R_OK, AT_EACCESS);
    fails(Errno.EACCES, () -> access(setUid, "/d/f", F_OK, 0));
    access(setUid, "/d/f", F_OK, AT_EACCESS);
    var dropped = as(new Credentials(7, 7).withReal(0, 0));
    access(dropped, "/d/f", R_OK | W_OK, 0);
    fails(Errno.EACCES, () -> access(dropped, "/d/f", R_OK, AT_EACCESS));
    // What is opened is opened by the effective one.
    guest.vfs.open(setUid, guest.vfs.root(), bytes("/d/f"), OpenFlags.O_RDWR, 0).release();
  }

  @Test
  void supplementaryGroupsCountForTheRealUserToo() throws Exception {
    guest.touch("/f").chown("/f", 0, 9).chmod("/f", 0040);
    access(as(new Credentials(7, 7, 9).withReal(8, 8)), "/f", R_OK, 0);
    fails(Errno.EACCES, () -> access(as(new Credentials(7, 9).withReal(8, 8)), "/f", R_OK, 0));
    access(as(new Credentials(7, 7).withReal(8, 9)), "/f", R_OK, 0);
  }

  @Test
  void unknownMasksAndFlagsComeFirst() throws Exception {
    guest.symlink("none", "/l");
    var root = guest.context;
    fails(Errno.EINVAL, () -> access(root, "/none", 8, 0));
    fails(Errno.EINVAL, () -> access(root, "/none", 0, 0x400));
    access(root, "/l", R_OK | W_OK | X_OK, AT_SYMLINK_NOFOLLOW);
    fails(Errno.ENOENT, () -> access(root, "/l", F_OK, 0));
    fails(Errno.ENOENT, () -> access(root, "", F_OK, 0));
    access(root, "", R_OK, AT_EMPTY_PATH);
  }

  @Test
  void aDescriptorIsAskedAboutTooAlsoIfItIsOnlyAPlace() throws Exception {
    guest.touch("/f").chmod("/f", 0640);
    var place = guest.open("/f", OpenFlags.O_PATH);
    place.access(Credentials.ROOT, R_OK | W_OK);
    fails(Errno.EACCES, () -> place.access(Credentials.ROOT, X_OK));
    fails(Errno.EACCES, () -> place.access(new Credentials(7, 7), R_OK));
    fails(Errno.EINVAL, () -> place.access(Credentials.ROOT, 8));
    place.release();
    guest.vfs.pipe(guest.context, 0).reader().access(Credentials.ROOT, R_OK | W_OK);
  }

  @Test
  void credentialsWithOtherRealIdsAreOthers() {
    var plain = new Credentials(1, 2, 3);
    assertThat(plain.withReal(1, 2)).isEqualTo(plain).hasSameHashCodeAs(plain);
    assertThat(plain.withReal(4, 2)).isNotEqualTo(plain);
    assertThat(plain.withReal(1, 4)).isNotEqualTo(plain);
    assertThat(plain.withReal(4, 5).real()).isEqualTo(new Credentials(4, 5, 3));
    assertThat(plain.realUid()).isEqualTo(1);
    assertThat(plain.withReal(4, 5).realGid()).isEqualTo(5);
  }
}
