package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.lang.reflect.Method;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathResolutionTest {
  private final Guest guest = Guest.inNewWorld();

  @Test
  void dotsAndSlashesMeanWhatTheyAlwaysMeant() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").write("/a/b/f", "x");
    for (var path :
        new String[] {"/a/b/f", "//a///b//f", "/a/./b/../b/f", "/../../a/b/f", "a/b/./f"}) {
      assertThat(guest.read(path)).isEqualTo("x");
    }
    assertThat(guest.stat("/..").ino()).isEqualTo(guest.stat("/").ino());
  }

  @Test
  void dotDotIsTheParentOfWhereALinkLeads() throws Exception {
    guest.mkdir("/a").mkdir("/a/b").mkdir("/c").symlink("/a/b", "/c/link").write("/a/f", "x");
    assertThat(guest.read("/c/link/../f")).isEqualTo("x");
  }

  @Test
  void whatIsNoDirectoryHasNothingBelowIt() throws Exception {
    guest.write("/f", "x").symlink("f", "/link");
    for (var path : new String[] {"/f/", "/f/.", "/f/..", "/f/x", "/link/", "/link/x"}) {
      fails(Errno.ENOTDIR, () -> guest.stat(path));
    }
    fails(Errno.ENOENT, () -> guest.stat("/none/.."));
  }

  @Test
  void theLimitsOfNamesAndPathsAreThoseOfLinux() throws Exception {
    String longest = "n".repeat(255);
    guest.mkdir("/" + longest);
    fails(Errno.ENAMETOOLONG, () -> guest.mkdir("/" + longest + "n"));
    fails(Errno.ENAMETOOLONG, () -> guest.stat("/" + longest + "n/x"));
    fails(Errno.ENOENT, () -> guest.stat(""));
    fails(Errno.EINVAL, () -> guest.stat("/a\0b"));
    assertThat(guest.stat("/" + "./".repeat(2047)).ino()).isEqualTo(guest.stat("/").ino());
    fails(Errno.ENAMETOOLONG, () -> guest.stat("/" + "./".repeat(2047) + "."));
  }

  @Test
  void namesAreBytesOfAnyKind() throws Exception {
    String name = "\u0001\u00ff\u00fe \\\n";
    guest.write("/" + name, "x");
    assertThat(guest.list("/")).containsExactly(name);
    assertThat(guest.read(name)).isEqualTo("x");
  }

  @Test
  void fortySymbolicLinksAreFollowedAndNotOneMore() throws Exception {
    guest.write("/link0", "end");
    for (int i = 1; i <= 41; i++) {
      guest.symlink("link" + (i - 1), "/link" + i);
    }
    assertThat(guest.read("/link40")).isEqualTo("end");
    fails(Errno.ELOOP, () -> guest.read("/link41"));
    guest.symlink("loop", "/loop");
    fails(Errno.ELOOP, () -> guest.stat("/loop"));
    fails(Errno.ELOOP, () -> guest.stat("/loop/x"));
    assertThat(guest.lstat("/loop").isSymlink()).isTrue();
  }

  @Test
  void linksInTheMiddleAreFollowedInTurn() throws Exception {
    // Each link needs the one before it in its own text, so that texts wait inside texts.
    guest.mkdir("/d").mkdir("/d/e").write("/d/e/f", "x").symlink("d/e", "/l0");
    for (int i = 1; i < 20; i++) {
      guest.symlink("l" + (i - 1) + "/../e", "/l" + i);
    }
    guest.symlink("../l19", "/d/l19");
    assertThat(guest.read("/l5/f")).isEqualTo("x");
  }

  @Test
  void anAbsoluteLinkStartsAtTheRootOfTheProcess() throws Exception {
    guest.mkdir("/jail").mkdir("/jail/etc").write("/jail/etc/f", "in").mkdir("/etc");
    guest.write("/etc/f", "out").symlink("/etc/f", "/jail/link");
    var jailed =
        new FsContext(
            Credentials.ROOT, guest.vfs.directory(guest.context, guest.vfs.root(), bytes("/jail")));
    assertThat(readAs(jailed, "/link")).isEqualTo("in");
    assertThat(readAs(jailed, "/../../etc/f")).isEqualTo("in");
    assertThat(readAs(jailed, "etc/../../../etc/f")).isEqualTo("in");
    assertThat(guest.read("/jail/link")).isEqualTo("out");
    assertThat(Guest.text(guest.vfs.pathOf(jailed, jailed.root()))).isEqualTo("/");
    fails(Errno.ENOENT, () -> guest.vfs.pathOf(jailed, guest.vfs.root()));
    jailed.close();
  }

  private String readAs(FsContext context, String path) throws ErrnoException {
    var file = guest.vfs.open(context, context.root(), bytes(path), OpenFlags.O_RDONLY, 0);
    try {
      return Guest.read(file);
    } finally {
      file.release();
    }
  }

  @Test
  void relativePathsStartAtTheGivenDirectory() throws Exception {
    guest.mkdir("/d").write("/d/f", "x");
    var directory = guest.open("/d", OpenFlags.O_RDONLY);
    var at = guest.vfs.directoryOf(directory);
    assertThat(guest.vfs.stat(guest.context, at, bytes("f"), true).size()).isEqualTo(1);
    assertThat(guest.vfs.stat(guest.context, at, bytes("/"), true).ino())
        .isEqualTo(guest.stat("/").ino());
    directory.release();
    var file = guest.open("/d/f", OpenFlags.O_RDONLY);
    fails(Errno.ENOTDIR, () -> guest.vfs.directoryOf(file));
    file.release();
  }

  @Test
  void aDescriptorThatIsNoDirectoryMattersOnceARelativePathIsResolved() throws Exception {
    guest.mkdir("/d").write("/f", "x");
    var errnos = Map.of(Location.NOT_OPEN, Errno.EBADF, Location.NO_DIRECTORY, Errno.ENOTDIR);
    for (var nowhere : errnos.keySet()) {
      var errno = errnos.get(nowhere);
      var context = guest.context;
      assertThat(guest.vfs.stat(context, nowhere, bytes("/f"), true).size()).isEqualTo(1);
      fails(errno, () -> guest.vfs.stat(context, nowhere, bytes("f"), true));
      fails(Errno.ENOENT, () -> guest.vfs.stat(context, nowhere, bytes(""), true));
      fails(
          Errno.ENOENT,
          () ->
              guest.vfs.link(
                  context, guest.vfs.root(), bytes("gone"), true, nowhere, bytes("new")));
    }
  }

  @Test
  void depthIsNoStackDepth() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      guest.mkdir("d");
      guest.chdir("d");
    }
    fails(Errno.ENAMETOOLONG, guest::getcwd);
    assertThat(guest.stat("../../d/../d").nlink()).isEqualTo(3);
    assertThat(guest.vfs.check()).isEmpty();
    var snapshot = guest.vfs.snapshot();
    var changes = snapshot.diff(Vfs.builder().build().snapshot());
    assertThat(changes).hasSize(20_001);
    assertThat(changes.get(20_000).path()).hasSize(40_000);
  }

  @Test
  void aMissAllocatesNothing() throws Exception {
    guest.mkdir("/usr").mkdir("/usr/lib").touch("/usr/lib/present");
    byte[] path = bytes("/usr/lib/absent.py");
    var root = guest.vfs.root();
    for (int i = 0; i < 50_000; i++) {
      miss(root, path);
    }
    long before = allocated();
    for (int i = 0; i < 10_000; i++) {
      miss(root, path);
    }
    // The measurement itself allocates a little; a single object at each miss would be 160 KB.
    assertThat(allocated() - before).isLessThan(100_000);
  }

  private void miss(Location root, byte[] path) {
    try {
      guest.vfs.stat(guest.context, root, path, true);
      throw new AssertionError("found");
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw new AssertionError(e);
      }
    }
  }

  /** What this thread has allocated; by reflection, since the module does not need management. */
  private static long allocated() throws Exception {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(threads, Thread.currentThread().getId());
  }

  /** Components and zero bytes are found eight bytes at a time. */
  @Test
  void slashesAndZerosAreFoundWhereverTheyAre() throws Exception {
    for (int length = 1; length < 20; length++) {
      var first = "/" + "\u00af.\u0080".repeat(7).substring(0, length);
      guest.mkdir(first);
      for (int slashes = 1; slashes < 10; slashes++) {
        var path = first + "/".repeat(slashes) + "f" + slashes;
        guest.touch(path);
        assertThat(guest.stat(first + "/.." + path).ino()).isEqualTo(guest.stat(path).ino());
      }
      assertThat(guest.list(first)).hasSize(9).contains("f1", "f9");
      for (int i = 0; i <= first.length(); i++) {
        var zero = first.substring(0, i) + "\0" + first.substring(i);
        fails(Errno.EINVAL, () -> guest.stat(zero));
      }
    }
  }
}
