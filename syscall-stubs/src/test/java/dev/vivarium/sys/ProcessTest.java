package dev.vivarium.sys;

import static dev.vivarium.sys.Process.AT_FDCWD;
import static dev.vivarium.vfs.posix.AtFlags.AT_EACCESS;
import static dev.vivarium.vfs.posix.AtFlags.AT_EMPTY_PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.SpliceFlags;
import dev.vivarium.vfs.posix.Whence;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a process adds to the calls of its filesystem: descriptors, and where it is. */
class ProcessTest {
  private final Vfs vfs = Vfs.builder().build();
  private final Process root = process(1, Credentials.ROOT);

  private Process process(int pid, Credentials credentials) {
    return new Process(kernel(vfs), pid, 1, credentials, List.of(), List.of());
  }

  private static Kernel kernel(Vfs vfs) {
    return new Kernel(
        vfs,
        new VirtualClock(Instant.EPOCH, 1),
        new Random(1),
        Limits.DEFAULT,
        new NoThreads(),
        new DefaultActions(),
        new NoNetwork(),
        new NoProcesses());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private int open(Process process, String path, int flags) throws ErrnoException {
    return process.open(AT_FDCWD, bytes(path), flags, 0666);
  }

  @Test
  void anEmptyPathReadsTheLinkThatADescriptorIs() throws Exception {
    root.symlink(bytes("target"), AT_FDCWD, bytes("/link"));
    int link = open(root, "/link", OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
    assertThat(root.readLink(link, bytes(""))).isEqualTo(bytes("target"));
    int directory = open(root, "/", OpenFlags.O_RDONLY);
    fails(Errno.ENOENT, () -> root.readLink(directory, bytes("")));
    fails(Errno.ENOENT, () -> root.readLink(AT_FDCWD, bytes("")));
    fails(Errno.EBADF, () -> root.readLink(9, bytes("")));
  }

  @Test
  void aForkedProcessSharesOffsetsAndOneInAForkedWorldDoesNot() throws Exception {
    vfs.makeDirectories("/d");
    vfs.write("/d/f", bytes("0123456789"));
    root.changeDirectory(bytes("/d"));
    root.changeUmask(077);
    int fd = open(root, "f", OpenFlags.O_RDWR);
    var child = root.fork(2);
    assertThat(child.pid()).isEqualTo(2);
    assertThat(child.parentPid()).isEqualTo(root.pid());
    var fork = vfs.forkWorld(Vfs.builder());
    var copies = Process.inFork(List.of(root, child), fork, kernel(fork.vfs()));

    root.descriptors().get(fd).seek(4, Whence.SET);
    assertThat(child.descriptors().get(fd).seek(0, Whence.CUR)).isEqualTo(4);
    assertThat(copies.get(0).descriptors().get(fd).seek(0, Whence.CUR)).isZero();
    copies.get(0).descriptors().get(fd).seek(7, Whence.SET);
    assertThat(copies.get(1).descriptors().get(fd).seek(0, Whence.CUR)).isEqualTo(7);

    for (var each : List.of(child, copies.get(0), copies.get(1))) {
      assertThat(each.workingDirectory()).isEqualTo(bytes("/d"));
      assertThat(each.context().umask()).isEqualTo(077);
      each.changeDirectory(bytes("/"));
    }
    assertThat(root.workingDirectory()).isEqualTo(bytes("/d"));
    open(copies.get(0), "made", OpenFlags.O_CREAT | OpenFlags.O_WRONLY);
    fails(Errno.ENOENT, () -> open(root, "/made", OpenFlags.O_RDONLY));
  }

  @Test
  void copiesAndLocksAreRefusedInTheOrderOfLinux() throws Exception {
    vfs.write("/f", bytes("x"));
    int path = open(root, "/f", OpenFlags.O_PATH);
    int file = open(root, "/f", OpenFlags.O_RDWR);
    var none = LockRequest.of(LockType.NONE, 0, 1);
    long own = Transfer.OFFSET;
    fails(Errno.EBADF, () -> root.copyFileRange(path, own, file, own, 1, 1));
    fails(Errno.EBADF, () -> root.copyFileRange(file, own, path, own, 1, 1));
    fails(Errno.EINVAL, () -> root.copyFileRange(file, own, file, own, 1, 1));
    fails(Errno.EFBIG, () -> root.copyFileRange(file, own, file, Long.MAX_VALUE, 0, 0));
    fails(Errno.EOVERFLOW, () -> root.copyFileRange(file, 0, file, 1, -1, 0));
    fails(Errno.EOVERFLOW, () -> root.copyFileRange(file, 1, file, 0, -1, 0));
    fails(Errno.EBADF, () -> root.descriptors().getLock(path, none));
    fails(Errno.EINVAL, () -> root.descriptors().getLock(file, none));
  }

  @Test
  void fchdirTakesADirectoryThatMayBeSearched() throws Exception {
    vfs.makeDirectories("/d/e");
    vfs.write("/f", bytes("x"));
    root.changeMode(AT_FDCWD, bytes("/d"), 0700, true);
    int directory = open(root, "/d", OpenFlags.O_PATH);
    int file = open(root, "/f", OpenFlags.O_RDONLY);
    root.changeDirectory(directory);
    assertThat(root.workingDirectory()).isEqualTo(bytes("/d"));
    fails(Errno.ENOTDIR, () -> root.changeDirectory(file));
    fails(Errno.EBADF, () -> root.changeDirectory(99));
    var user = process(2, new Credentials(7, 7));
    int same = open(user, "/d", OpenFlags.O_PATH);
    fails(Errno.EACCES, () -> user.changeDirectory(same));
    assertThat(user.workingDirectory()).isEqualTo(bytes("/"));
  }

  @Test
  void chrootIsRootsAndConfines() throws Exception {
    vfs.makeDirectories("/jail/etc");
    vfs.write("/f", bytes("x"));
    var user = process(2, new Credentials(7, 7));
    fails(Errno.ENOENT, () -> user.changeRoot(bytes("/none")));
    fails(Errno.ENOTDIR, () -> user.changeRoot(bytes("/f")));
    fails(Errno.EPERM, () -> user.changeRoot(bytes("/jail")));
    root.changeRoot(bytes("/jail"));
    fails(Errno.ENOENT, root::workingDirectory);
    root.changeDirectory(bytes("/"));
    assertThat(root.workingDirectory()).isEqualTo(bytes("/"));
    fails(Errno.ENOENT, () -> root.stat(AT_FDCWD, bytes("/../../f"), true));
    assertThat(root.stat(AT_FDCWD, bytes("/../etc"), true).type()).isEqualTo(FileType.DIRECTORY);
  }

  @Test
  void umaskTellsTheOldOne() throws Exception {
    assertThat(root.changeUmask(0777_0077)).isEqualTo(022);
    assertThat(root.changeUmask(022)).isEqualTo(077);
    root.makeNode(AT_FDCWD, bytes("/p"), FileType.FIFO.bits() | 0666, 0);
    assertThat(root.stat(AT_FDCWD, bytes("/p"), true).mode() & FileMode.ALL).isEqualTo(0644);
  }

  @Test
  void accessOfADescriptorItself() throws Exception {
    vfs.write("/f", bytes("x"));
    root.changeMode(AT_FDCWD, bytes("/f"), 0600, true);
    var setUid = process(2, new Credentials(0, 0).withReal(7, 7));
    int place = open(setUid, "/f", OpenFlags.O_PATH);
    byte[] itself = {};
    setUid.access(place, itself, FileMode.R_OK, AT_EMPTY_PATH | AT_EACCESS);
    fails(Errno.EACCES, () -> setUid.access(place, itself, FileMode.R_OK, AT_EMPTY_PATH));
    fails(Errno.EINVAL, () -> setUid.access(place, itself, 0, AT_EMPTY_PATH | 1));
    fails(Errno.EBADF, () -> setUid.access(99, itself, 0, AT_EMPTY_PATH));
    fails(Errno.ENOENT, () -> setUid.access(place, itself, 0, 0));
    setUid.access(AT_FDCWD, itself, FileMode.X_OK, AT_EMPTY_PATH);
  }

  @Test
  void unnamedFilesGetANameByTheirDescriptor() throws Exception {
    int file = open(root, "/", OpenFlags.O_TMPFILE | OpenFlags.O_RDWR);
    root.link(file, AT_FDCWD, bytes("/f"));
    fails(Errno.EBADF, () -> root.link(99, AT_FDCWD, bytes("/g")));
    root.rename(AT_FDCWD, bytes("/f"), AT_FDCWD, bytes("/g"), RenameFlags.RENAME_NOREPLACE);
    assertThat(root.statx(AT_FDCWD, bytes("/g"), true).basic().nlink()).isEqualTo(1);
  }

  @Test
  void descriptorsAreLookedUpBeforeOrAfterFlagsAsOnLinux() throws Exception {
    vfs.write("/f", bytes("content"));
    int from = open(root, "/f", OpenFlags.O_RDONLY);
    int to = open(root, "/g", OpenFlags.O_CREAT | OpenFlags.O_RDWR);
    long offset = Transfer.OFFSET;
    fails(Errno.EBADF, () -> root.copyFileRange(99, 0, to, 0, 1, 1));
    fails(Errno.EINVAL, () -> root.copyFileRange(from, 0, to, 0, 1, 1));
    assertThat(root.copyFileRange(from, 0, to, offset, 3, 0)).isEqualTo(3);
    fails(Errno.EBADF, () -> root.sendFile(99, from, offset, 1));
    assertThat(root.sendFile(to, from, offset, 9)).isEqualTo(7);
    assertThat(vfs.read("/g")).isEqualTo(bytes("concontent"));
    assertThat(root.splice(99, 0, 98, 0, 0, -1)).isZero();
    fails(Errno.EINVAL, () -> root.splice(99, 0, 98, 0, 1, 16));
    fails(Errno.EBADF, () -> root.splice(99, 0, 98, 0, 1, SpliceFlags.ALL));
    fails(Errno.EINVAL, () -> root.splice(from, offset, to, offset, 1, 0));
  }

  @Test
  void locksTellThePidOfWhoHasThem() throws Exception {
    vfs.write("/f", bytes("x"));
    var other = process(42, Credentials.ROOT);
    other.setLock(open(other, "/f", OpenFlags.O_RDWR), LockRequest.of(LockType.WRITE, 0, 1), false);
    int mine = open(root, "/f", OpenFlags.O_RDWR);
    var request = LockRequest.of(LockType.READ, 0, 0);
    fails(Errno.EAGAIN, () -> root.setLock(mine, request, false));
    assertThat(root.descriptors().getLock(mine, request).pid()).isEqualTo(42);
  }

  @Test
  void attributesOfPathsAreThoseOfTheFile() throws Exception {
    vfs.write("/f", bytes("content"));
    root.truncate(bytes("/f"), 3);
    root.changeOwner(AT_FDCWD, bytes("/f"), 7, 8, true);
    root.setXattr(bytes("/f"), bytes("user.a"), bytes("b"), 0, true);
    assertThat(root.getXattr(bytes("/f"), bytes("user.a"), true)).isEqualTo(bytes("b"));
    assertThat(root.listXattr(bytes("/f"), true)).containsExactly(bytes("user.a"));
    root.removeXattr(bytes("/f"), bytes("user.a"), true);
    assertThat(root.listXattr(bytes("/f"), true)).isEmpty();
    var stat = root.stat(AT_FDCWD, bytes("/f"), true);
    assertThat(stat.size()).isEqualTo(3);
    assertThat(stat.uid()).isEqualTo(7);
    assertThat(root.statFileSystem(bytes("/f")).blocks()).isPositive();
  }
}
