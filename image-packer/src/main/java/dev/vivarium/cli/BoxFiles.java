package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The files of a box, as commands show them. */
final class BoxFiles {
  /** A listing of the largest boxes, and still little of this process's heap. */
  private static final int MOST_LISTED = 1 << 24;

  private final String box;
  private final Vfs vfs;
  private final FsContext root;

  /**
   * @param box names it in messages
   */
  BoxFiles(String box, Snapshot tree) {
    this.box = box;
    this.vfs = Vfs.fork(tree);
    this.root = vfs.superuser();
  }

  /** One name in a directory. */
  record Entry(byte[] name, Stat stat, byte[] target) {}

  /** The entries of a directory, or the one that is no directory, in the order of their bytes. */
  List<Entry> list(String path) {
    try {
      var stat = vfs.stat(root, vfs.root(), bytes(path), true);
      if (stat.type() != FileType.DIRECTORY) {
        return List.of(entry(bytes(path), bytes(path)));
      }
      var names = new ArrayList<byte[]>();
      int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
      var directory = vfs.open(root, vfs.root(), bytes(path), flags, 0);
      try {
        directory.readDirectory(
            0,
            (cookie, ino, type, name) -> {
              names.add(name.clone());
              return true;
            });
      } finally {
        directory.release();
      }
      names.removeIf(name -> name[0] == '.' && (name.length == 1 || isDots(name)));
      names.sort(Arrays::compareUnsigned);
      var entries = new ArrayList<Entry>();
      for (byte[] name : names) {
        entries.add(entry(name, below(path, name)));
      }
      return entries;
    } catch (ErrnoException e) {
      throw failure(path, e);
    }
  }

  private static boolean isDots(byte[] name) {
    return name.length == 2 && name[1] == '.';
  }

  private Entry entry(byte[] name, byte[] path) throws ErrnoException {
    var stat = vfs.stat(root, vfs.root(), path, false);
    byte[] target =
        stat.type() == FileType.SYMLINK ? vfs.readLink(root, vfs.root(), path) : new byte[0];
    return new Entry(name, stat, target);
  }

  private static byte[] below(String directory, byte[] name) {
    byte[] prefix = bytes(directory + "/");
    byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
    System.arraycopy(name, 0, path, prefix.length, name.length);
    return path;
  }

  String tree(String path) {
    try {
      return vfs.tree(path, MOST_LISTED);
    } catch (ErrnoException e) {
      throw failure(path, e);
    }
  }

  /** Writes the content of a file, as it is. */
  void copy(String path, OutputStream out) throws IOException {
    try {
      // Before it is opened: a FIFO would wait for somebody who writes to it.
      if (vfs.stat(root, vfs.root(), bytes(path), true).type() != FileType.REGULAR) {
        throw Failure.usage(box + ": " + path + ": is no regular file");
      }
      var file = vfs.open(root, vfs.root(), bytes(path), OpenFlags.O_RDONLY, 0);
      try {
        var buffer = new byte[1 << 16];
        long position = 0;
        for (int count; (count = file.pread(buffer, 0, buffer.length, position)) > 0; ) {
          out.write(buffer, 0, count);
          position += count;
        }
      } finally {
        file.release();
      }
    } catch (ErrnoException e) {
      throw failure(path, e);
    }
  }

  private Failure failure(String path, ErrnoException e) {
    return Failure.usage(box + ": " + path + ": " + HostReason.of(e));
  }

  /** Relative paths begin at the root. */
  private static byte[] bytes(String path) {
    return (path.startsWith("/") ? path : "/" + path).getBytes(UTF_8);
  }
}
