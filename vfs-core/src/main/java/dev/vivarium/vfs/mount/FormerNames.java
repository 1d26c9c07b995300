package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.tree.Entry;
import dev.vivarium.vfs.tree.Tree;
import java.util.HashMap;
import java.util.Map;

/**
 * Which names the inodes of a tree had that have lost them and are still in use. Nobody but {@code
 * /proc} asks. Guarded by the tree's lock.
 */
final class FormerNames {
  private static final int FIRST_SWEEP = 64;

  private final Tree tree;
  private final Map<Long, FormerName> names = new HashMap<>();
  private int nextSweep = FIRST_SWEEP;

  FormerNames(Tree tree) {
    this.tree = tree;
  }

  FormerName of(long ino) {
    return names.get(ino);
  }

  /** What an entry, which may be null, names is about to lose that name. */
  void losesName(Node directory, Entry entry) {
    if (entry == null || !tree.isPinned(entry.ino())) {
      return;
    }
    if (names.size() >= nextSweep) {
      names.keySet().removeIf(ino -> !tree.isPinned(ino));
      nextSweep = Math.max(FIRST_SWEEP, 2 * names.size());
    }
    names.put(entry.ino(), new FormerName(directory.ino(), entry.name()));
  }
}
