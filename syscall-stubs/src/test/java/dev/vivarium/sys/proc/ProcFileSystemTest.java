package dev.vivarium.sys.proc;

import static dev.vivarium.sys.Process.AT_FDCWD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcFileSystemTest {
  private static final int RDWR = OpenFlags.O_RDWR;
  private static final int RDONLY = OpenFlags.O_RDONLY;
  private static final int CREATE = OpenFlags.O_RDWR | OpenFlags.O_CREAT;

  private final Vfs vfs = Vfs.builder().build();
  private final VirtualClock clock = new VirtualClock(Instant.ofEpochSecond(1_000_000), 0);
  private final Kernel kernel =
      new Kernel(
          vfs,
          clock,
          new Random(1),
          new Limits(64 << 20, 32, 1 << 20),
          new NoThreads(),
          new DefaultActions(),
          new NoNetwork(),
          new NoProcesses());
  private final ProcessTable processes = new ProcessTable();
  private final Process root = process(1, Credentials.ROOT);

  private Process process(int pid, Credentials who) {
    var arguments = List.of(bytes("/usr/bin/a-name-that-is-long"), bytes("-c"), bytes("caf\u00e9"));
    var made = new Process(kernel, pid, 0, who, arguments, List.of(bytes("A=1"), bytes("B=")));
    processes.add(made);
    return made;
  }

  @BeforeEach
  void mount() throws Exception {
    for (var directory : new String[] {"/proc", "/dev", "/tmp"}) {
      vfs.makeDirectories(directory);
    }
    vfs.mounts().devices("/dev", Devices.standard(new Random(1)));
    vfs.mounts()
        .driver(
            "/proc",
            device -> new ProcFileSystem(device, kernel, processes),
            MountOptions.DEFAULT.withNoExec(true));
  }

  @AfterEach
  void theTreeIsConsistent() {
    assertThat(vfs.check()).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private static int open(Process process, String path, int flags) throws ErrnoException {
    return process.open(AT_FDCWD, bytes(path), flags, 0644);
  }

  private static String read(Process process, String path) throws Exception {
    int fd = open(process, path, RDONLY);
    try {
      return rest(process, fd);
    } finally {
      process.descriptors().close(fd);
    }
  }

  private static String rest(Process process, int fd) throws Exception {
    var text = new ByteArrayOutputStream();
    var buffer = new byte[7];
    var file = process.descriptors().get(fd);
    for (int n = file.read(buffer, 0, 7); n > 0; n = file.read(buffer, 0, 7)) {
      text.write(buffer, 0, n);
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private static int write(Process process, int fd, String text) throws Exception {
    return process.descriptors().get(fd).write(bytes(text), 0, text.length());
  }

  private static String link(Process process, String path) throws ErrnoException {
    return new String(process.readLink(AT_FDCWD, bytes(path)), StandardCharsets.ISO_8859_1);
  }

  private static List<String> list(Process process, String path) throws Exception {
    var names = new ArrayList<String>();
    int fd = open(process, path, RDONLY | OpenFlags.O_DIRECTORY);
    process
        .descriptors()
        .get(fd)
        .readDirectory(
            0,
            (cookie, ino, type, name) -> {
              names.add(new String(name, StandardCharsets.ISO_8859_1));
              return true;
            });
    process.descriptors().close(fd);
    return names;
  }

  // ---- the directory ------------------------------------------------------------------------

  @Test
  void eachProcessFindsItself() throws Exception {
    var other = process(7, new Credentials(7, 8));
    assertThat(link(root, "/proc/self")).isEqualTo("1");
    assertThat(link(other, "/proc/self")).isEqualTo("7");
    assertThat(read(other, "/proc/self/stat")).startsWith("7 (a-name-that-is-) R 0 ");
    var nobody = vfs.superuser();
    fails(Errno.ENOENT, () -> vfs.readLink(nobody, vfs.root(), bytes("/proc/self")));
  }

  @Test
  void theListingHasWhatThereIsAndGoesOnWhereItWas() throws Exception {
    process(7, Credentials.ROOT);
    assertThat(list(root, "/proc"))
        .startsWith(".", "..", "cpuinfo")
        .contains("meminfo", "self", "mounts", "sys", "uptime", "version")
        .endsWith("1", "7");
    assertThat(list(root, "/proc/sys/kernel"))
        .containsExactly(".", "..", "hostname", "osrelease", "ostype", "pid_max", "random");
    int fd = open(root, "/proc", RDONLY);
    var some = new ArrayList<Long>();
    root.descriptors()
        .get(fd)
        .readDirectory(
            0,
            (cookie, ino, type, name) -> {
              some.add(cookie);
              return some.size() < 4;
            });
    processes.remove(7);
    process(9, Credentials.ROOT);
    var rest = new ArrayList<String>();
    root.descriptors()
        .get(fd)
        .readDirectory(
            some.get(3),
            (cookie, ino, type, name) -> {
              rest.add(new String(name, StandardCharsets.ISO_8859_1));
              return true;
            });
    assertThat(rest).startsWith("loadavg").endsWith("1", "9");
  }

  @Test
  void modesAndSizesAreThoseOfLinux() throws Exception {
    process(7, new Credentials(7, 8));
    var file = root.stat(AT_FDCWD, bytes("/proc/7/environ"), true);
    assertThat(file.mode()).isEqualTo(0100400);
    assertThat(file.uid()).isEqualTo(7);
    assertThat(file.gid()).isEqualTo(8);
    assertThat(file.size()).isZero();
    assertThat(file.nlink()).isEqualTo(1);
    assertThat(root.stat(AT_FDCWD, bytes("/proc/uptime"), true).mode()).isEqualTo(0100444);
    assertThat(root.stat(AT_FDCWD, bytes("/proc"), true).mode()).isEqualTo(0040555);
    assertThat(root.stat(AT_FDCWD, bytes("/proc"), true).nlink()).isEqualTo(5);
    assertThat(root.stat(AT_FDCWD, bytes("/proc/7/fd"), true).mode()).isEqualTo(0040500);
    assertThat(root.stat(AT_FDCWD, bytes("/proc/self"), false).mode()).isEqualTo(0120777);
    int reader = open(root, "/tmp", RDONLY);
    int both = open(root, "/tmp/f", CREATE);
    assertThat(root.stat(AT_FDCWD, bytes("/proc/1/fd/" + reader), false).mode()).isEqualTo(0120500);
    assertThat(root.stat(AT_FDCWD, bytes("/proc/1/fd/" + both), false).mode()).isEqualTo(0120700);
    assertThat(root.statFileSystem(bytes("/proc")).blocks()).isZero();
  }

  @Test
  void nothingIsMadeOrRemovedInIt() throws Exception {
    for (var absent : new String[] {"/proc/x", "/proc/self/x", "/proc/self/fd/x"}) {
      fails(Errno.ENOENT, () -> open(root, absent, CREATE));
      fails(Errno.ENOENT, () -> root.makeDirectory(AT_FDCWD, bytes(absent), 0755));
      fails(Errno.ENOENT, () -> root.symlink(bytes("x"), AT_FDCWD, bytes(absent)));
      fails(
          Errno.ENOENT,
          () -> root.rename(AT_FDCWD, bytes("/proc/uptime"), AT_FDCWD, bytes(absent)));
    }
    fails(Errno.EEXIST, () -> root.makeDirectory(AT_FDCWD, bytes("/proc/self/fd"), 0755));
    fails(Errno.EPERM, () -> root.unlink(AT_FDCWD, bytes("/proc/uptime")));
    fails(Errno.EPERM, () -> root.unlink(AT_FDCWD, bytes("/proc/mounts")));
    fails(Errno.EPERM, () -> root.removeDirectory(AT_FDCWD, bytes("/proc/self/fd")));
    fails(
        Errno.EPERM,
        () -> root.rename(AT_FDCWD, bytes("/proc/uptime"), AT_FDCWD, bytes("/proc/version")));
    fails(Errno.EPERM, () -> root.changeMode(AT_FDCWD, bytes("/proc/self/stat"), 0, true));
    fails(Errno.EPERM, () -> root.changeOwner(AT_FDCWD, bytes("/proc/uptime"), 1, 1, true));
    fails(
        Errno.EPERM,
        () -> root.setTimes(AT_FDCWD, bytes("/proc/uptime"), TimeChange.NOW, TimeChange.NOW, true));
  }

  @Test
  void nothingIsWrittenToIt() throws Exception {
    int uptime = open(root, "/proc/uptime", RDWR | OpenFlags.O_TRUNC);
    fails(Errno.EIO, () -> write(root, uptime, "1"));
    int stat = open(root, "/proc/self/stat", OpenFlags.O_WRONLY);
    fails(Errno.EINVAL, () -> write(root, stat, "1"));
    fails(Errno.EBADF, () -> rest(root, stat));
    fails(Errno.EACCES, () -> open(root, "/proc/sys/kernel/hostname", RDWR));
    fails(Errno.EACCES, () -> root.truncate(bytes("/proc/sys/kernel/hostname"), 0));
    var user = process(7, new Credentials(7, 7));
    fails(Errno.EACCES, () -> open(user, "/proc/uptime", OpenFlags.O_WRONLY));
    fails(Errno.EACCES, () -> open(user, "/proc/1/environ", RDONLY));
    fails(Errno.EACCES, () -> root.access(AT_FDCWD, bytes("/proc/uptime"), FileMode.X_OK, 0));
  }

  @Test
  void aFileIsReadInPiecesAndMadeAnewAtItsBeginning() throws Exception {
    int fd = open(root, "/proc/uptime", RDONLY);
    assertThat(rest(root, fd)).isEqualTo("0.00 0.00\n");
    clock.await(new dev.vivarium.vfs.open.Waker(), 1_230_000_000L);
    var file = root.descriptors().get(fd);
    assertThat(file.seek(0, Whence.SET)).isZero();
    assertThat(rest(root, fd)).isEqualTo("1.23 0.00\n");
    var buffer = new byte[3];
    assertThat(file.pread(buffer, 0, 3, 2)).isEqualTo(3);
    assertThat(buffer).isEqualTo(bytes("23 "));
    assertThat(file.pread(buffer, 0, 3, 1000)).isZero();
    assertThat(file.seek(100, Whence.SET)).isEqualTo(100);
    assertThat(rest(root, fd)).isEmpty();
    fails(Errno.EINVAL, () -> file.seek(-1, Whence.SET));
    fails(Errno.EINVAL, () -> file.seek(0, Whence.END));
    fails(Errno.EINVAL, () -> file.sync(false));
  }

  @Test
  void whatIsLeftOpenOfAProcessThatIsGoneSaysSo() throws Exception {
    process(7, Credentials.ROOT);
    int file = open(root, "/proc/7/stat", RDONLY);
    int directory = open(root, "/proc/7", RDONLY);
    processes.remove(7);
    fails(Errno.ESRCH, () -> rest(root, file));
    fails(Errno.ENOENT, () -> root.stat(directory, bytes("stat"), true));
    fails(Errno.ENOENT, () -> root.stat(AT_FDCWD, bytes("/proc/7"), true));
  }

  @Test
  void namesAreNumbersInTheOneWayToWriteThem() throws Exception {
    open(root, "/tmp", RDONLY);
    for (var name :
        new String[] {"01", "+1", "-1", "1 ", "4294967297", "99999999999", "abc", "\u00b9"}) {
      fails(Errno.ENOENT, () -> root.stat(AT_FDCWD, bytes("/proc/" + name + "/stat"), true));
      fails(Errno.ENOENT, () -> link(root, "/proc/self/fd/0" + name));
    }
  }

  // ---- links --------------------------------------------------------------------------------

  @Test
  void aDescriptorsLinkSaysWhatItRefersTo() throws Exception {
    int file = open(root, "/tmp/f", CREATE);
    int directory = open(root, "/tmp", RDONLY);
    int device = open(root, "/dev/null", RDONLY);
    var pipe = vfs.pipe(root.context(), 0);
    int reader = root.descriptors().add(pipe.reader(), 0, false);
    int writer = root.descriptors().add(pipe.writer(), 0, false);
    int unnamed = open(root, "/tmp", OpenFlags.O_TMPFILE | RDWR);
    int proc = open(root, "/proc/self/fd", RDONLY);
    assertThat(link(root, "/proc/self/fd/" + file)).isEqualTo("/tmp/f");
    assertThat(link(root, "/proc/self/fd/" + directory)).isEqualTo("/tmp");
    assertThat(link(root, "/dev/fd/" + device)).isEqualTo("/dev/null");
    assertThat(link(root, "/proc/self/fd/" + reader)).matches("pipe:\\[[1-9][0-9]*]");
    assertThat(link(root, "/proc/self/fd/" + writer))
        .isEqualTo(link(root, "/proc/self/fd/" + reader));
    assertThat(link(root, "/proc/self/fd/" + unnamed)).matches("/#[0-9]+ \\(deleted\\)");
    assertThat(link(root, "/proc/self/fd/" + proc)).isEqualTo("/proc/1/fd");
    root.rename(AT_FDCWD, bytes("/tmp/f"), AT_FDCWD, bytes("/tmp/g"));
    assertThat(link(root, "/proc/self/fd/" + file)).isEqualTo("/tmp/g");
    root.unlink(AT_FDCWD, bytes("/tmp/g"));
    assertThat(link(root, "/proc/self/fd/" + file)).isEqualTo("/tmp/g (deleted)");
    fails(Errno.ENOENT, () -> link(root, "/proc/self/fd/31"));
  }

  @Test
  void whatADescriptorIsAtIsSaidOfIt() throws Exception {
    int fd = root.open(AT_FDCWD, bytes("/tmp/f"), CREATE | OpenFlags.O_CLOEXEC, 0644);
    write(root, fd, "hello");
    long ino = root.stat(AT_FDCWD, bytes("/tmp/f"), true).ino();
    int mount = vfs.root().mount().id();
    String flags = Integer.toOctalString((CREATE & ~OpenFlags.O_CREAT) | OpenFlags.O_CLOEXEC);
    assertThat(read(root, "/proc/self/fdinfo/" + fd))
        .isEqualTo("pos:\t5\nflags:\t0%s\nmnt_id:\t%d\nino:\t%d\n".formatted(flags, mount, ino));
    root.descriptors().setCloseOnExec(fd, false);
    int place = open(root, "/tmp/f", OpenFlags.O_PATH);
    assertThat(read(root, "/proc/self/fdinfo/" + fd)).contains("flags:\t02\n");
    assertThat(read(root, "/proc/self/fdinfo/" + place)).startsWith("pos:\t0\nflags:\t010000000\n");
    var pipe = vfs.pipe(root.context(), 0);
    int writer = root.descriptors().add(pipe.writer(), 0, false);
    pipe.reader().release();
    assertThat(read(root, "/proc/self/fdinfo/" + writer))
        .isEqualTo("pos:\t0\nflags:\t01\nmnt_id:\t0\nino:\t1\n");
    assertThat(list(root, "/proc/self/fdinfo")).contains(".", "..", "" + fd, "" + place);
    fails(Errno.ENOENT, () -> read(root, "/proc/self/fdinfo/31"));
    var other = process(7, new Credentials(7, 7));
    fails(Errno.EACCES, () -> read(other, "/proc/1/fdinfo/" + fd));
  }

  @Test
  void aProcessHasOneThreadWithAllOfIt() throws Exception {
    int fd = open(root, "/tmp/f", CREATE);
    assertThat(link(root, "/proc/thread-self")).isEqualTo("1/task/1");
    assertThat(list(root, "/proc/self/task")).containsExactly(".", "..", "1");
    var entries = list(root, "/proc/self");
    assertThat(entries).contains("task");
    entries.remove("task");
    assertThat(list(root, "/proc/thread-self")).isEqualTo(entries);
    fails(Errno.ENOENT, () -> link(root, "/proc/self/task/2/exe"));
    assertThat(link(root, "/proc/thread-self/fd/" + fd)).isEqualTo("/tmp/f");
    assertThat(read(root, "/proc/thread-self/fdinfo/" + fd)).startsWith("pos:\t0");
    assertThat(read(root, "/proc/thread-self/comm")).isEqualTo(read(root, "/proc/self/comm"));
    root.changeDirectory(bytes("/proc/thread-self/fd"));
    assertThat(new String(root.workingDirectory(), StandardCharsets.ISO_8859_1))
        .isEqualTo("/proc/1/task/1/fd");
    root.changeDirectory(bytes("/"));
    var inodes = new HashSet<Long>();
    for (var path : List.of("/proc/1", "/proc/1/task", "/proc/1/task/1", "/proc/1/fdinfo")) {
      assertThat(inodes.add(root.stat(AT_FDCWD, bytes(path), true).ino())).isTrue();
    }
  }

  @Test
  void aFileThatHasLostItsNameIsOpenedByItsDescriptor() throws Exception {
    int fd = open(root, "/tmp/f", CREATE);
    write(root, fd, "content");
    root.unlink(AT_FDCWD, bytes("/tmp/f"));
    int again = open(root, "/proc/self/fd/" + fd, RDWR);
    assertThat(rest(root, again)).isEqualTo("content");
    write(root, again, "!");
    int third = open(root, "/dev/fd/" + fd, CREATE);
    assertThat(rest(root, third)).isEqualTo("content!");
    assertThat(root.stat(AT_FDCWD, bytes("/proc/self/fd/" + fd), true).nlink()).isZero();
    fails(Errno.EEXIST, () -> open(root, "/proc/self/fd/" + fd, CREATE | OpenFlags.O_EXCL));
    fails(Errno.ELOOP, () -> open(root, "/proc/self/fd/" + fd, RDWR | OpenFlags.O_NOFOLLOW));
    fails(Errno.ENOTDIR, () -> root.stat(AT_FDCWD, bytes("/proc/self/fd/" + fd + "/"), true));
    fails(Errno.ENOTDIR, () -> root.stat(AT_FDCWD, bytes("/proc/self/fd/" + fd + "/x"), true));
  }

  @Test
  void theLinkThatADescriptorIsIsNotFollowed() throws Exception {
    root.symlink(bytes("f"), AT_FDCWD, bytes("/tmp/link"));
    int link = open(root, "/tmp/link", OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
    byte[] path = bytes("/proc/self/fd/" + link);
    assertThat(root.stat(AT_FDCWD, path, true).isSymlink()).isTrue();
    root.link(AT_FDCWD, path, true, AT_FDCWD, bytes("/tmp/again"));
    assertThat(link(root, "/tmp/again")).isEqualTo("f");
    fails(Errno.ELOOP, () -> open(root, "/proc/self/fd/" + link, RDONLY));
    fails(Errno.ELOOP, () -> open(root, "/proc/self/fd/" + link, CREATE));
    fails(Errno.ENOTDIR, () -> root.stat(AT_FDCWD, bytes("/proc/self/fd/" + link + "/"), true));
  }

  @Test
  void whatIsOpenedByADescriptorIsCheckedAnew() throws Exception {
    int fd = open(root, "/tmp/f", CREATE);
    root.descriptors().get(fd).changeMode(Credentials.ROOT, 0400);
    var user = process(7, new Credentials(7, 7));
    root.descriptors().get(fd).retain();
    int inherited = user.descriptors().add(root.descriptors().get(fd), 0, false);
    assertThat(link(user, "/proc/self/fd/" + inherited)).isEqualTo("/tmp/f");
    fails(Errno.EACCES, () -> open(user, "/proc/self/fd/" + inherited, RDONLY));
  }

  @Test
  void aPipeIsOpenedByItsDescriptorOnEitherSideWithoutWaiting() throws Exception {
    var pipe = vfs.pipe(root.context(), 0);
    int reader = root.descriptors().add(pipe.reader(), 0, false);
    int writer = root.descriptors().add(pipe.writer(), 0, false);
    int again = open(root, "/proc/self/fd/" + reader, OpenFlags.O_WRONLY);
    root.descriptors().close(writer);
    write(root, again, "x");
    var buffer = new byte[2];
    assertThat(root.descriptors().get(reader).read(buffer, 0, 2)).isEqualTo(1);
    root.descriptors().close(again);
    assertThat(root.descriptors().get(reader).read(buffer, 0, 2)).isZero();
    fails(Errno.EINVAL, () -> open(root, "/proc/self/fd/" + reader, OpenFlags.O_ACCMODE));
    fails(Errno.EINVAL, () -> root.truncate(bytes("/proc/self/fd/" + reader), 0));
    assertThat(root.stat(AT_FDCWD, bytes("/proc/self/fd/" + reader), true))
        .isEqualTo(root.descriptors().get(reader).stat());
    int place = open(root, "/proc/self/fd/" + reader, OpenFlags.O_PATH);
    assertThat(link(root, "/proc/self/fd/" + place))
        .isEqualTo(link(root, "/proc/self/fd/" + reader));
    root.descriptors().close(reader);
    fails(Errno.ENXIO, () -> open(root, "/proc/self/fd/" + place, RDONLY));
  }

  @Test
  void aFifoAndADeviceAreOpenedByTheirInodes() throws Exception {
    root.makeNode(AT_FDCWD, bytes("/tmp/p"), FileType.FIFO.bits() | 0600, 0);
    int fifo = open(root, "/tmp/p", RDWR);
    root.unlink(AT_FDCWD, bytes("/tmp/p"));
    int writer = open(root, "/proc/self/fd/" + fifo, OpenFlags.O_WRONLY);
    write(root, writer, "x");
    assertThat(root.descriptors().get(fifo).read(new byte[2], 0, 2)).isEqualTo(1);
    int zero = open(root, "/dev/zero", OpenFlags.O_PATH);
    int device = open(root, "/proc/self/fd/" + zero, RDONLY);
    assertThat(root.descriptors().get(device).read(new byte[2], 0, 2)).isEqualTo(2);
  }

  @Test
  void standardStreamsAreOpenedByTheirLinksInDev() throws Exception {
    var written = new ByteArrayOutputStream();
    var stream =
        new Device() {
          @Override
          public FileType type() {
            return FileType.FIFO;
          }

          @Override
          public int write(byte[] buffer, int offset, int length, boolean nonBlocking) {
            written.write(buffer, offset, length);
            return length;
          }
        };
    var user = process(7, new Credentials(7, 7));
    for (int fd = 0; fd < 3; fd++) {
      var file = new DeviceDescription(stream, RDWR, user.context().credentials());
      user.descriptors().add(file, 0, false);
    }
    int fd = open(user, "/dev/stdout", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC);
    write(user, fd, "out");
    assertThat(written).hasToString("out");
    assertThat(link(user, "/dev/stderr")).isEqualTo("/proc/self/fd/2");
    assertThat(link(user, "/dev/fd")).isEqualTo("/proc/self/fd");
    assertThat(link(user, "/proc/self/fd/1")).isEqualTo("pipe:[3]");
    fails(Errno.ENXIO, () -> open(root, "/dev/tty", RDWR));
  }

  @Test
  void theWorkingDirectoryAndTheRootAreWhereTheProcessIs() throws Exception {
    root.makeDirectory(AT_FDCWD, bytes("/tmp/d"), 0755);
    open(root, "/tmp/d/f", CREATE);
    root.changeDirectory(bytes("/tmp/d"));
    assertThat(link(root, "/proc/self/cwd")).isEqualTo("/tmp/d");
    assertThat(root.stat(AT_FDCWD, bytes("/proc/self/cwd/f"), true).isRegular()).isTrue();
    assertThat(root.stat(AT_FDCWD, bytes("/proc/self/cwd/../d/./f"), true).isRegular()).isTrue();
    assertThat(link(root, "/proc/self/root")).isEqualTo("/");
    fails(Errno.ENOENT, () -> link(root, "/proc/self/exe"));
    root.changeDirectory(bytes("/proc/self/fd"));
    assertThat(new String(root.workingDirectory(), StandardCharsets.US_ASCII))
        .isEqualTo("/proc/1/fd");
    var user = process(7, new Credentials(7, 7));
    fails(Errno.EACCES, () -> link(user, "/proc/1/cwd"));
    fails(Errno.EACCES, () -> user.stat(AT_FDCWD, bytes("/proc/1/root/tmp"), true));
    fails(Errno.EACCES, () -> list(user, "/proc/1/fd"));
  }

  @Test
  void aLinkLeadsOutOfAChangedRootOnlyToWhatIsHeld() throws Exception {
    root.makeDirectory(AT_FDCWD, bytes("/tmp/jail"), 0755);
    vfs.makeDirectories("/tmp/jail/proc");
    vfs.mounts()
        .driver(
            "/tmp/jail/proc",
            device -> new ProcFileSystem(device, kernel, processes),
            MountOptions.DEFAULT);
    var jailed = process(7, Credentials.ROOT);
    jailed.changeRoot(bytes("/tmp/jail"));
    jailed.changeDirectory(bytes("/"));
    assertThat(link(jailed, "/proc/self/cwd")).isEqualTo("/");
    assertThat(link(jailed, "/proc/1/root")).isEqualTo("/");
    assertThat(read(jailed, "/proc/self/mountinfo")).doesNotContain("/dev").contains(" /proc ");
    assertThat(read(root, "/proc/self/mountinfo")).contains(" /tmp/jail/proc ");
  }

  // ---- what the files say -------------------------------------------------------------------

  @Test
  void aProcessIsWhatItWasStartedWith() throws Exception {
    assertThat(read(root, "/proc/self/cmdline"))
        .isEqualTo("/usr/bin/a-name-that-is-long\0-c\0caf\u00e9\0");
    assertThat(read(root, "/proc/self/environ")).isEqualTo("A=1\0B=\0");
    assertThat(read(root, "/proc/self/comm")).isEqualTo("a-name-that-is-\n");
    root.setMemory(() -> 3 << 16);
    var user = process(7, new Credentials(7, 8, 9, 10));
    user.changeUmask(077);
    user.setMemory(() -> 1 << 20);
    assertThat(read(user, "/proc/self/status"))
        .contains("Name:\ta-name-that-is-\n", "Umask:\t0077\n", "Pid:\t7\n", "PPid:\t0\n")
        .contains("Uid:\t7\t7\t7\t7\n", "Gid:\t8\t8\t8\t8\n", "Groups:\t9 10 \n")
        .contains("VmSize:\t    1024 kB\n", "CapEff:\t0000000000000000\n")
        .contains("SigIgn:\t0000000000001000\n");
    assertThat(read(root, "/proc/1/stat").split(" ")).hasSize(52);
    assertThat(read(root, "/proc/self/limits"))
        .contains("Max open files            32                   32                   files")
        .contains("Max address space         67108864 ");
  }

  @Test
  void theSandboxIsWhatItIsLimitedTo() throws Exception {
    root.setMemory(() -> 16 << 20);
    assertThat(read(root, "/proc/meminfo"))
        .startsWith("MemTotal:          65536 kB\nMemFree:           49152 kB\n");
    assertThat(read(root, "/proc/cpuinfo"))
        .startsWith("processor\t: 0\n")
        .doesNotContain("\t: 1\n");
    assertThat(read(root, "/proc/version")).startsWith("Linux version ");
    assertThat(read(root, "/proc/loadavg")).isEqualTo("0.00 0.00 0.00 1/1 1\n");
    assertThat(read(root, "/proc/stat")).contains("btime 1000000\n", "processes 1\n");
    assertThat(read(root, "/proc/filesystems")).isEqualTo("nodev\tproc\nnodev\ttmpfs\n");
    assertThat(read(root, "/proc/sys/kernel/ostype")).isEqualTo("Linux\n");
    assertThat(read(root, "/proc/sys/kernel/hostname")).isEqualTo("localhost\n");
    assertThat(read(root, "/proc/sys/kernel/pid_max")).isEqualTo("4194304\n");
  }

  @Test
  void randomIdsAreNewAndThatOfTheBootIsKept() throws Exception {
    var uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n";
    var path = "/proc/sys/kernel/random/";
    var first = read(root, path + "uuid");
    assertThat(first).matches(uuid).isNotEqualTo(read(root, path + "uuid"));
    assertThat(read(root, path + "boot_id")).matches(uuid).isEqualTo(read(root, path + "boot_id"));
  }

  @Test
  void mountsAreToldWithTheirOptions() throws Exception {
    vfs.makeDirectories("/with space");
    vfs.mounts().memory("/with space", MountOptions.READ_ONLY.withNoSuid(true).withBytes(1 << 20));
    assertThat(link(root, "/proc/mounts")).isEqualTo("self/mounts");
    assertThat(read(root, "/proc/mounts").lines().toList())
        .containsExactly(
            "tmpfs / tmpfs rw,relatime 0 0",
            "tmpfs /dev tmpfs rw,nosuid,relatime 0 0",
            "proc /proc proc rw,noexec,relatime 0 0",
            "tmpfs /with\\040space tmpfs ro,nosuid,relatime,size=1024k 0 0");
    long device = root.stat(AT_FDCWD, bytes("/dev"), true).dev();
    assertThat(read(root, "/proc/self/mountinfo").lines())
        .anyMatch(("2 1 0:" + device + " / /dev rw,nosuid,relatime - tmpfs tmpfs rw")::equals)
        .anyMatch(line -> line.endsWith("ro,nosuid,relatime - tmpfs tmpfs ro,size=1024k"));
  }

  @Test
  void ofADirectoryMountedOverItselfItIsToldWhichItIs() throws Exception {
    vfs.makeDirectories("/a/b c");
    vfs.mounts().bind("/a/b c", MountOptions.DEFAULT.withNoExec(true));
    long device = root.stat(AT_FDCWD, bytes("/"), true).dev();
    assertThat(read(root, "/proc/self/mountinfo").lines())
        .anyMatch(
            line ->
                line.endsWith(
                    " 1 0:"
                        + device
                        + " /a/b\\040c /a/b\\040c rw,noexec,relatime - tmpfs tmpfs rw"));
  }

  @Test
  void theTreeIsListedWithAllOfIt() throws Exception {
    open(root, "/tmp", RDONLY);
    var listing = vfs.tree("/proc");
    assertThat(listing).contains("uptime", "cwd -> /", "0 -> /tmp");
    assertThat(Arrays.asList(listing.split("\n"))).anyMatch(line -> line.endsWith("files"));
  }
}
