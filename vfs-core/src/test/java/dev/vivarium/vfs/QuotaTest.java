package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuotaTest {
  private static final int PAGE = 4096;

  private static Guest with(Quota quota) {
    return new Guest(Vfs.builder().quota(quota).build());
  }

  @Test
  void aFullFilesystemTakesWhatFitsAndThenNothing() throws Exception {
    var guest = with(Quota.DEFAULT.withBytes(3 * PAGE));
    var file = guest.create("/f");
    assertThat(write(file, "x".repeat(2 * PAGE))).isEqualTo(2 * PAGE);
    assertThat(write(file, "x".repeat(2 * PAGE))).isEqualTo(PAGE);
    fails(Errno.ENOSPC, () -> write(file, "x"));
    assertThat(file.stat().size()).isEqualTo(3 * PAGE);
    assertThat(statistics(guest).freeBlocks()).isZero();
    assertThat(guest.vfs.usedBytes()).isEqualTo(3 * PAGE);
    assertThat(Vfs.fork(guest.vfs.snapshot()).usedBytes()).isZero();
    file.pwrite(bytes("over"), 0, 4, 100);
    guest.truncate("/f", PAGE);
    assertThat(statistics(guest).freeBlocks()).isEqualTo(2);
    assertThat(write(guest.open("/f", OpenFlags.O_WRONLY | OpenFlags.O_APPEND), "x")).isEqualTo(1);
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void deletingMakesRoomAtTheLastClose() throws Exception {
    var guest = with(Quota.DEFAULT.withBytes(PAGE));
    guest.write("/f", "x");
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    guest.unlink("/f");
    fails(Errno.ENOSPC, () -> guest.write("/g", "x"));
    file.release();
    guest.write("/g", "x");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void anAllocationThatDoesNotFitChangesNothing() throws Exception {
    var guest = with(Quota.DEFAULT.withBytes(4 * PAGE));
    var file = guest.create("/f");
    write(file, "abc");
    fails(Errno.ENOSPC, () -> file.allocate(0, 5 * PAGE));
    fails(Errno.ENOSPC, () -> file.allocate(PAGE, 4 * PAGE));
    assertThat(file.stat().size()).isEqualTo(3);
    assertThat(statistics(guest).freeBlocks()).isEqualTo(3);
    file.allocate(0, 4 * PAGE);
    assertThat(statistics(guest).freeBlocks()).isZero();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void namesBeyondTheFirstCountAsInodes() throws Exception {
    var guest = with(Quota.DEFAULT.withInodes(3));
    guest.touch("/f").mkdir("/d");
    guest.link("/f", "/g");
    fails(Errno.ENOSPC, () -> guest.link("/f", "/h"));
    fails(Errno.ENOSPC, () -> guest.touch("/h"));
    fails(Errno.ENOSPC, () -> guest.mkdir("/h"));
    fails(Errno.ENOSPC, () -> guest.symlink("x", "/h"));
    assertThat(guest.list("/")).containsExactly("f", "d", "g");
    guest.unlink("/f");
    guest.symlink("x", "/h");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void theTextOfLinksIsCharged() throws Exception {
    var guest = with(Quota.DEFAULT.withBytes(100));
    guest.symlink("x".repeat(60), "/a");
    fails(Errno.ENOSPC, () -> guest.symlink("x".repeat(41), "/b"));
    guest.symlink("x".repeat(40), "/b");
    guest.unlink("/a");
    guest.symlink("x".repeat(60), "/c");
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void eachUserHasALimitOfHisOwnAndRootHasNone() throws Exception {
    var guest = with(Quota.DEFAULT.withUser(2 * PAGE, 2)).chmod("/", 0777);
    var user = guest.as(7, 7);
    user.write("/f", "x".repeat(2 * PAGE));
    fails(Errno.EDQUOT, () -> user.write("/g", "x"));
    fails(Errno.EDQUOT, () -> user.touch("/h"));
    guest.as(8, 8).write("/h", "x");
    guest.write("/root", "x".repeat(3 * PAGE));
    fails(Errno.EDQUOT, () -> guest.chown("/root", 8, 8));
    assertThat(guest.stat("/root").uid()).isZero();
    guest.chown("/f", 0, 0);
    user.write("/g", "x".repeat(2 * PAGE));
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aForkPaysForWhatItTouchesAndGetsNothingForTheRest() throws Exception {
    var guest = Guest.inNewWorld();
    guest.write("/big", "x".repeat(10 * PAGE)).write("/small", "x").symlink("target", "/link");
    var fork =
        new Guest(
            Vfs.builder()
                .base(guest.vfs.snapshot())
                .quota(Quota.DEFAULT.withBytes(2 * PAGE).withInodes(2))
                .build());
    assertThat(statistics(fork).freeBlocks()).isEqualTo(2);
    var big = fork.open("/big", OpenFlags.O_RDWR);
    big.pwrite(bytes("y"), 0, 1, 0);
    big.pwrite(bytes("z"), 0, 1, 1);
    assertThat(statistics(fork).freeBlocks()).isEqualTo(1);
    fork.unlink("/small");
    fork.unlink("/link");
    assertThat(statistics(fork).freeBlocks()).isEqualTo(1);
    assertThat(statistics(fork).freeInodes()).isEqualTo(2);
    fork.unlink("/big");
    assertThat(statistics(fork).freeBlocks()).isEqualTo(1);
    big.release();
    assertThat(statistics(fork).freeBlocks()).isEqualTo(2);
    assertThat(fork.vfs.check()).isEmpty();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void namesThatAForkGivesToOldFilesAreItsOwn() throws Exception {
    var guest = Guest.inNewWorld().touch("/f");
    guest.link("/f", "/g");
    var fork =
        new Guest(
            Vfs.builder().base(guest.vfs.snapshot()).quota(Quota.DEFAULT.withInodes(1)).build());
    fork.link("/f", "/h");
    fails(Errno.ENOSPC, () -> fork.link("/f", "/i"));
    fork.unlink("/h");
    fork.unlink("/g");
    fork.link("/f", "/i");
    fails(Errno.ENOSPC, () -> fork.link("/f", "/j"));
    assertThat(fork.vfs.check()).isEmpty();
  }

  @Test
  void whatASnapshotSharesIsPaidOnceByTheLiveTree() throws Exception {
    var guest = with(Quota.DEFAULT.withBytes(PAGE));
    guest.write("/f", "x");
    var snapshot = guest.vfs.snapshot();
    var file = guest.open("/f", OpenFlags.O_WRONLY);
    file.pwrite(bytes("y"), 0, 1, 0);
    file.release();
    guest.unlink("/f");
    guest.write("/g", "z");
    assertThat(guest.vfs.check()).isEmpty();
    assertThat(new Guest(Vfs.fork(snapshot)).read("/f")).isEqualTo("x");
  }

  @Test
  void aSnapshotFitsIntoLimitsInWhichAllOfItCouldHaveBeenMade() throws Exception {
    var guest = with(Quota.DEFAULT).mkdir("/d").write("/d/f", "x".repeat(PAGE + 1));
    guest.symlink("target", "/d/s").setxattr("/d", "user.a", "value", 0);
    guest.link("/d/f", "/l");
    long bytes = guest.vfs.usedBytes();
    long inodes = Quota.DEFAULT.inodes() - statistics(guest).freeInodes();
    var exact = Quota.DEFAULT.withBytes(bytes).withInodes(inodes);
    var snapshot = Vfs.fork(guest.vfs.snapshot()).snapshot();
    assertThat(snapshot.fits(exact)).isTrue();
    assertThat(snapshot.fits(exact.withBytes(bytes - 1))).isFalse();
    assertThat(snapshot.fits(exact.withInodes(inodes - 1))).isFalse();
  }

  @Test
  void entriesAndDepthAreLimited() throws Exception {
    var guest = with(Quota.DEFAULT.withDirectoryEntries(2).withDepth(3));
    guest.mkdir("/a").mkdir("/a/b").mkdir("/a/b/c").mkdir("/d");
    fails(Errno.ENOSPC, () -> guest.touch("/f"));
    fails(Errno.ENOSPC, () -> guest.mkdir("/a/b/c/d"));
    guest.touch("/a/b/c/f");
    guest.mkdir("/d/e");
    fails(Errno.ENOSPC, () -> guest.rename("/d", "/a/b/d"));
    guest.rename("/d/e", "/a/b/e");
    fails(Errno.ENOSPC, () -> guest.rename("/a/b/c/f", "/a/b/f"));
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void thePipesAreLimitedWithTheOpenFifosAmongThem() throws Exception {
    var guest = with(Quota.DEFAULT.withPipes(2));
    guest.mkfifo("/a").mkfifo("/b");
    var pipe = guest.vfs.pipe(guest.context, 0);
    var fifo = guest.open("/a", OpenFlags.O_RDWR);
    guest.open("/a", OpenFlags.O_RDWR).release();
    fails(Errno.ENFILE, () -> guest.open("/b", OpenFlags.O_RDWR));
    fails(Errno.ENFILE, () -> guest.vfs.pipe(guest.context, 0));
    assertThat(guest.vfs.openFiles()).isEqualTo(3);
    pipe.reader().release();
    fails(Errno.ENFILE, () -> guest.vfs.pipe(guest.context, 0));
    pipe.writer().release();
    guest.open("/b", OpenFlags.O_RDWR).release();
    fifo.release();
    guest.vfs.pipe(guest.context, 0);
    guest.vfs.pipe(guest.context, 0);
  }

  private static FileSystemStat statistics(Guest guest) throws Exception {
    return guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes("/"));
  }

  static Stream<UnaryOperator<Quota>> limits() {
    return Stream.of(
        quota -> quota.withBytes(-1),
        quota -> quota.withInodes(-1),
        quota -> quota.withUser(-1, 0),
        quota -> quota.withUser(0, -1),
        quota -> quota.withOpenFiles(-1),
        quota -> quota.withDirectoryEntries(-1),
        quota -> quota.withDepth(-1),
        quota -> quota.withXattrBytes(-1),
        quota -> quota.withPipes(-1),
        quota -> quota.withLocks(-1));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void noLimitIsNegative(UnaryOperator<Quota> negative) {
    assertThatIllegalArgumentException().isThrownBy(() -> negative.apply(Quota.DEFAULT));
  }
}
