package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of a library, of which some are left out. */
final class LibraryFiles {
  private final Vfs vfs;
  private final List<PathPattern> kept;
  private int count;
  private long bytes;
  private int removed;
  private long removedBytes;

  /**
   * @param vfs has nothing but the library, and is changed
   * @param kept patterns of paths that stay
   */
  LibraryFiles(Vfs vfs, List<PathPattern> kept) {
    this.vfs = vfs;
    this.kept = kept;
  }

  /** Removes all files but those with such a path, and directories that this leaves empty. */
  void keepOnly(Set<String> touched) throws ErrnoException {
    var tree = new TreeReader(vfs.snapshot());
    var directories = new ArrayList<String>();
    var pending = new ArrayDeque<String>();
    pending.push("");
    while (!pending.isEmpty()) {
      var directory = pending.pop();
      var names = tree.names(bytes(directory.isEmpty() ? "/" : directory));
      for (byte[] name : names) {
        var path = directory + "/" + new String(name, UTF_8);
        var stat = tree.stat(bytes(path), false).orElseThrow();
        if (stat.type() == FileType.DIRECTORY) {
          pending.push(path);
          continue;
        }
        count++;
        bytes += stat.size();
        if (!touched.contains(path) && kept.stream().noneMatch(p -> p.matches(path.substring(1)))) {
          vfs.unlink(vfs.superuser(), vfs.root(), bytes(path));
          removed++;
          removedBytes += stat.size();
        }
      }
      if (!names.isEmpty() && !directory.isEmpty()) {
        directories.add(directory);
      }
    }
    removeEmpty(directories);
  }

  /** Removes directories that have become empty, of which one comes before those that are in it. */
  private void removeEmpty(List<String> directories) throws ErrnoException {
    for (int i = directories.size() - 1; i >= 0; i--) {
      byte[] directory = bytes(directories.get(i));
      if (new TreeReader(vfs.snapshot()).names(directory).isEmpty()) {
        vfs.removeDirectory(vfs.superuser(), vfs.root(), directory);
      }
    }
  }

  private static byte[] bytes(String path) {
    return path.getBytes(UTF_8);
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  int removed() {
    return removed;
  }

  long removedBytes() {
    return removedBytes;
  }
}
