package dev.vivarium.vfs.tree;

import java.util.Arrays;

/** Who watches which directories of a tree. Telling them takes no memory. */
final class Watches {
  // The nodes belong to nobody else, so they need not be told apart by epochs.
  private static final long EPOCH = 0;
  private static final DirectoryWatch[] NONE = {};

  private final Radix watches = new Radix();

  boolean isEmpty() {
    return watches.isEmpty();
  }

  void add(long directory, DirectoryWatch watch) {
    var present = of(directory);
    var more = Arrays.copyOf(present, present.length + 1);
    more[present.length] = watch;
    watches.reserve(directory, EPOCH);
    watches.set(directory, more);
  }

  void remove(long directory, DirectoryWatch watch) {
    var present = of(directory);
    var left = Arrays.stream(present).filter(each -> each != watch).toArray(DirectoryWatch[]::new);
    if (left.length == present.length) {
      return;
    }
    watches.reserve(directory, EPOCH);
    if (left.length > 0) {
      watches.set(directory, left);
    } else {
      watches.clear(directory);
    }
  }

  void added(long directory, byte[] name) {
    for (var watch : of(directory)) {
      watch.added(name);
    }
  }

  void removed(long directory, byte[] name) {
    for (var watch : of(directory)) {
      watch.removed(name);
    }
  }

  void changed(long directory, byte[] name) {
    for (var watch : of(directory)) {
      watch.changed(name);
    }
  }

  /** A directory has been removed. */
  void gone(long directory) {
    var last = of(directory);
    if (last.length > 0) {
      watches.clear(directory);
      for (var watch : last) {
        watch.gone();
      }
    }
  }

  /** A state has taken the place of another. */
  void replaced(TreeState state) {
    for (long ino = watches.nextKey(0); ino >= 0; ino = watches.nextKey(ino + 1)) {
      if (!state.hasDirectory(ino)) {
        gone(ino);
      } else {
        for (var watch : of(ino)) {
          watch.overflowed();
        }
      }
    }
  }

  private DirectoryWatch[] of(long directory) {
    if (watches.isEmpty()) {
      return NONE;
    }
    var found = (DirectoryWatch[]) watches.get(directory);
    return found == null ? NONE : found;
  }
}
