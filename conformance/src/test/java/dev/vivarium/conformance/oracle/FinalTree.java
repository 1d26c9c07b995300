package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The lines that describe our tree once a script has run, in the helper's order. */
final class FinalTree {
  private static final int BUFFER = 1 << 20;

  private final Vfs vfs;
  private final FsContext root;
  private final List<String> lines = new ArrayList<>();

  private FinalTree(Vfs vfs) {
    this.vfs = vfs;
    this.root = vfs.superuser();
  }

  /** A line for each inode, and one for each invariant that does not hold. */
  static List<String> of(Vfs vfs) throws ErrnoException {
    var tree = new FinalTree(vfs);
    try {
      tree.add(vfs.root(), new byte[] {'.'}, new byte[0]);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    tree.lines.addAll(vfs.check());
    return tree.lines;
  }

  // Recursion is as deep as the generator makes directories.
  private void add(Location at, byte[] name, byte[] path)
      throws ErrnoException, InterruptedException {
    Stat stat = vfs.stat(root, at, name, false);
    String line = Text.quote(path) + " " + Text.of(stat);
    if (stat.isSymlink()) {
      line += " " + Text.quote(vfs.readLink(root, at, name));
    }
    if (stat.isRegular()) {
      line += content(at, name, stat.size());
    }
    lines.add(line);
    if (stat.isDirectory()) {
      Location here = vfs.directory(root, at, name);
      for (byte[] entry : names(at, name)) {
        var below = new ByteArrayOutputStream();
        below.writeBytes(path);
        below.write('/');
        below.writeBytes(entry);
        add(here, entry, below.toByteArray());
      }
    }
  }

  private List<byte[]> names(Location at, byte[] name) throws ErrnoException {
    var names = new ArrayList<byte[]>();
    var directory = open(at, name, OpenFlags.O_DIRECTORY);
    directory.readDirectory(
        0,
        (cookie, ino, type, entry) -> {
          if (type != FileType.DIRECTORY || !isDot(entry)) {
            names.add(entry.clone());
          }
          return true;
        });
    directory.release();
    names.sort(Arrays::compareUnsigned);
    return names;
  }

  private static boolean isDot(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  private String content(Location at, byte[] name, long size)
      throws ErrnoException, InterruptedException {
    var text = new StringBuilder(" data");
    long hash = Text.EMPTY;
    var file = open(at, name, 0);
    long hole = 0;
    while (hole < size) {
      long data = nextData(file, hole);
      if (data < 0) {
        break;
      }
      hole = file.seek(data, Whence.HOLE);
      text.append(' ').append(data).append('-').append(hole);
      while (data < hole) {
        var buffer = new byte[(int) Math.min(BUFFER, hole - data)];
        int count = file.pread(buffer, 0, buffer.length, data);
        hash = Text.digest(hash, buffer, count);
        data += count;
      }
    }
    file.release();
    return text.append(' ').append("%016x".formatted(hash)).toString();
  }

  private static long nextData(FileDescription file, long from) {
    try {
      return file.seek(from, Whence.DATA);
    } catch (ErrnoException noMore) {
      return -1;
    }
  }

  private FileDescription open(Location at, byte[] name, int flags) throws ErrnoException {
    int how = OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NOATIME | flags;
    return vfs.open(root, at, name, how, 0);
  }
}
