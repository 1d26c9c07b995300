package dev.vivarium.conformance.faults.scenario;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A filesystem that began as a fork, with files of its own and files that are open; the same each
 * time. All its changes from {@link #later} on have another time than those before.
 */
final class World {
  private static final Snapshot BASE = base();
  private static final int PAGE = 4096;

  final Vfs vfs;
  final FsContext context;
  private final long device;
  final FileDescription own;
  final FileDescription shared;
  final FileDescription nameless;
  final FileDescription directory;
  final FileDescription unnamed;
  final FileDescription ofBase;
  final List<FileDescription> opened = new ArrayList<>();
  private long now = 1_000;

  World() throws ErrnoException {
    vfs =
        Vfs.builder()
            .base(BASE)
            .quota(Quota.DEFAULT.withUser(1 << 20, 1_000))
            .clock(this::instant)
            .build();
    context = vfs.superuser();
    device = vfs.stat(context, vfs.root(), bytes("/"), true).dev();
    own = open("/own", OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    write(own, content('o', 3 * PAGE + 10));
    write("/small", content('s', 10));
    write("/users", content('u', 5_000));
    vfs.changeOwner(context, vfs.root(), bytes("/users"), 1000, 1000, true);
    mkdir("/o");
    mkdir("/o/empty");
    mkdir("/o/full");
    write("/o/full/a", content('a', 10));
    vfs.link(context, vfs.root(), bytes("/small"), false, vfs.root(), bytes("/o/small"));
    vfs.symlink(context, bytes("own"), vfs.root(), bytes("/link"));
    vfs.makeNode(context, vfs.root(), bytes("/fifo"), FileType.FIFO.bits() | 0666, 0);
    setXattr("/own", "user.own", 100);
    shared = open("/shared", OpenFlags.O_RDWR);
    nameless = open("/o/nameless", OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    write(nameless, content('n', PAGE));
    vfs.unlink(context, vfs.root(), bytes("/o/nameless"));
    mkdir("/o/open");
    directory = open("/o/open", OpenFlags.O_DIRECTORY);
    unnamed = open("/o", OpenFlags.O_TMPFILE | OpenFlags.O_RDWR);
    ofBase = open("/base/many/f7", OpenFlags.O_RDONLY);
    opened.addAll(List.of(own, shared, nameless, directory, unnamed, ofBase));
    // With these, the table of what is open is as full as it gets: one more makes it grow.
    keep("/base/many/f8", OpenFlags.O_RDONLY);
    keep("/base/many/f9", OpenFlags.O_RDONLY);
  }

  private static Snapshot base() {
    try {
      var vfs = Vfs.builder().clock(() -> Instant.ofEpochSecond(500)).build();
      vfs.write("/shared", content('S', 4 * PAGE + 100));
      vfs.makeDirectories("/base/empty");
      for (int i = 0; i < 70; i++) {
        vfs.write("/base/many/f" + i, content('m', i));
      }
      var root = vfs.superuser();
      vfs.symlink(root, bytes("base"), vfs.root(), bytes("/tobase"));
      vfs.link(root, vfs.root(), bytes("/shared"), false, vfs.root(), bytes("/base/shared"));
      vfs.setXattr(root, vfs.root(), bytes("/shared"), bytes("user.b"), new byte[300], 0, true);
      return vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The time of what comes now. */
  void later() {
    now = 2_000;
  }

  /** What its clock says, if it does. */
  Instant instant() {
    Faults.port();
    return Instant.ofEpochSecond(now);
  }

  static byte[] bytes(String path) {
    return path.getBytes(ISO_8859_1);
  }

  static byte[] content(char c, int length) {
    var content = new byte[length];
    Arrays.fill(content, (byte) c);
    return content;
  }

  FileDescription open(String path, int flags) throws ErrnoException {
    return vfs.open(context, vfs.root(), bytes(path), flags, 0644);
  }

  /** As {@link #open}, until the end of the world. */
  void keep(String path, int flags) throws ErrnoException {
    opened.add(open(path, flags));
  }

  void close(FileDescription file) {
    file.release();
    opened.remove(file);
  }

  void write(String path, byte[] content) throws ErrnoException {
    var file = open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT);
    try {
      write(file, content);
    } finally {
      file.release();
    }
  }

  static int write(FileDescription file, byte[] content) throws ErrnoException {
    try {
      return file.write(content, 0, content.length);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void mkdir(String path) throws ErrnoException {
    vfs.makeDirectory(context, vfs.root(), bytes(path), 0755);
  }

  void unlink(String path) throws ErrnoException {
    vfs.unlink(context, vfs.root(), bytes(path));
  }

  void rename(String from, String to, int flags) throws ErrnoException {
    vfs.rename(context, vfs.root(), bytes(from), vfs.root(), bytes(to), flags);
  }

  void setXattr(String path, String name, int size) throws ErrnoException {
    vfs.setXattr(context, vfs.root(), bytes(path), bytes(name), new byte[size], 0, true);
  }

  /** All that can be seen of it, but for times of access. */
  String describe() throws ErrnoException {
    var text = new StringBuilder();
    describe("/", text);
    for (var file : List.of(own, shared, nameless, unnamed, ofBase)) {
      if (opened.contains(file)) {
        text.append(file.stat().nlink()).append(contentOf(file)).append('\n');
      }
    }
    return text.append(usage()).append(vfs.openFiles()).toString();
  }

  private void describe(String path, StringBuilder text) throws ErrnoException {
    var stat = vfs.stat(context, vfs.root(), bytes(path), false);
    text.append(path)
        .append(
            " %o %d:%d %d links %d bytes %d blocks %d %d "
                .formatted(
                    stat.mode(),
                    stat.uid(),
                    stat.gid(),
                    stat.nlink(),
                    stat.size(),
                    stat.blocks(),
                    stat.mtime(),
                    stat.ctime()));
    for (var name : vfs.listXattr(context, vfs.root(), bytes(path), false)) {
      text.append(new String(name, ISO_8859_1)).append(' ');
    }
    switch (stat.type()) {
      case REGULAR -> {
        var file = open(path, OpenFlags.O_RDONLY | OpenFlags.O_NOATIME);
        text.append(contentOf(file)).append('\n');
        file.release();
      }
      case DIRECTORY -> {
        text.append('\n');
        // What is mounted is not of this world.
        for (var name : stat.dev() == device ? names(path) : List.<String>of()) {
          describe(path.equals("/") ? "/" + name : path + "/" + name, text);
        }
      }
      default -> text.append('\n');
    }
  }

  private static String contentOf(FileDescription file) throws ErrnoException {
    var content = new byte[(int) file.stat().size()];
    int length = file.pread(content, 0, content.length, 0);
    return length + "#" + Arrays.hashCode(content);
  }

  private List<String> names(String path) throws ErrnoException {
    var names = new ArrayList<String>();
    var opened = open(path, OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME);
    opened.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          names.add(new String(name, ISO_8859_1));
          return true;
        });
    opened.release();
    return names;
  }

  /** What the ledger has, in all and for each user who has anything. */
  String usage() throws ErrnoException {
    var stat = vfs.statFileSystem(context, vfs.root(), bytes("/"));
    var usage = new TreeMap<String, Long>();
    usage.put("blocks", stat.blocks() - stat.freeBlocks());
    usage.put("inodes", stat.inodes() - stat.freeInodes());
    return usage.toString();
  }

  /** Closes and removes everything; what is in use afterwards is lost. */
  String remains() throws ErrnoException {
    for (var file : opened) {
      file.release();
    }
    remove("/");
    return usage() + vfs.openFiles() + vfs.check();
  }

  private void remove(String path) throws ErrnoException {
    for (var name : names(path)) {
      String below = path.equals("/") ? "/" + name : path + "/" + name;
      if (vfs.stat(context, vfs.root(), bytes(below), false).type() == FileType.DIRECTORY) {
        remove(below);
        vfs.removeDirectory(context, vfs.root(), bytes(below));
      } else {
        unlink(below);
      }
    }
  }

  /** The lines of two descriptions that are not in the other. */
  static String difference(String expected, String actual) {
    var lines = new ArrayList<>(actual.lines().toList());
    lines.removeAll(expected.lines().toList());
    var gone = new ArrayList<>(expected.lines().toList());
    gone.removeAll(actual.lines().toList());
    return gone + " is " + lines;
  }
}
