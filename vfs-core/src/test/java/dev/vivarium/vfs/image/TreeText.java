package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a person can find out about a tree, as text: what must survive an image. */
final class TreeText {
  private final Vfs vfs;
  private final FsContext root;
  private final Map<Long, String> firstNames = new HashMap<>();
  private final List<String> paths = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private TreeText(Snapshot snapshot) {
    vfs = Vfs.builder().base(snapshot).quota(Quota.UNLIMITED).accessTimes(AccessTimes.NONE).build();
    root = vfs.superuser();
  }

  static String of(Snapshot snapshot) throws ErrnoException {
    var tree = new TreeText(snapshot);
    tree.add("/");
    return tree.text.toString();
  }

  /** The paths of all that there is; each character is a byte. */
  static List<String> paths(Snapshot snapshot) throws ErrnoException {
    var tree = new TreeText(snapshot);
    tree.add("/");
    return tree.paths;
  }

  private void add(String path) throws ErrnoException {
    paths.add(path);
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    var stat = vfs.stat(root, vfs.root(), bytes, false);
    text.append(printable(path))
        .append(' ')
        .append(Integer.toOctalString(stat.mode()))
        .append(' ')
        .append(stat.uid() + ":" + stat.gid() + " " + stat.nlink() + " " + stat.size())
        .append(' ')
        .append(stat.atime() + " " + stat.mtime() + " " + stat.ctime());
    if (stat.rdev() != 0) {
      text.append(" device ").append(stat.rdev());
    }
    for (byte[] name : vfs.listXattr(root, vfs.root(), bytes, false)) {
      byte[] value = vfs.getXattr(root, vfs.root(), bytes, name, false);
      text.append(' ').append(Arrays.hashCode(name)).append('=').append(Arrays.hashCode(value));
    }
    switch (stat.type()) {
      case REGULAR -> text.append(' ').append(content(bytes, stat.size()));
      case SYMLINK ->
          text.append(" -> ").append(Arrays.hashCode(vfs.readLink(root, vfs.root(), bytes)));
      default -> {}
    }
    if (!stat.isDirectory() && stat.nlink() > 1) {
      text.append(" is ").append(firstNames.computeIfAbsent(stat.ino(), ino -> printable(path)));
    }
    text.append('\n');
    if (stat.isDirectory()) {
      for (var name : names(bytes).keySet()) {
        add((path.equals("/") ? "" : path) + "/" + name);
      }
    }
  }

  private static String printable(String path) {
    var text = new StringBuilder();
    for (char c : path.toCharArray()) {
      text.append(c > ' ' && c <= '~' && c != '%' ? c : String.format("%%%02X", (int) c));
    }
    return text.toString();
  }

  private TreeMap<String, Long> names(byte[] path) throws ErrnoException {
    var names = new TreeMap<String, Long>();
    var directory =
        vfs.open(root, vfs.root(), path, OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME, 0);
    directory.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          names.put(new String(name, StandardCharsets.ISO_8859_1), ino);
          return true;
        });
    directory.release();
    return names;
  }

  /** Where data and holes are, and a hash of them. */
  private String content(byte[] path, long size) throws ErrnoException {
    var file = vfs.open(root, vfs.root(), path, OpenFlags.O_RDONLY | OpenFlags.O_NOATIME, 0);
    try {
      var extents = new StringBuilder();
      long at = 0;
      while (at < size) {
        long data = seekData(file, at);
        if (data < 0) {
          break;
        }
        long end = file.seek(data, Whence.HOLE);
        extents.append(data).append('-').append(end).append(':').append(hash(file, data, end));
        extents.append(' ');
        at = end;
      }
      return extents.toString().trim();
    } finally {
      file.release();
    }
  }

  private static long seekData(FileDescription file, long from) {
    try {
      return file.seek(from, Whence.DATA);
    } catch (ErrnoException e) {
      return -1;
    }
  }

  private static int hash(FileDescription file, long from, long to) throws ErrnoException {
    int hash = 1;
    var buffer = new byte[8192];
    for (long at = from; at < to; ) {
      int n = file.pread(buffer, 0, (int) Math.min(buffer.length, to - at), at);
      for (int i = 0; i < n; i++) {
        hash = 31 * hash + buffer[i];
      }
      at += n;
    }
    return hash;
  }
}
