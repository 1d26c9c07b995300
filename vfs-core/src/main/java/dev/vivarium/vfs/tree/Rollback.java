package dev.vivarium.vfs.tree;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** What a tree will be once it is rolled back: worked out before anything changes. */
final class Rollback {
  private final Tree tree;
  private final TreeState state;
  private final Pins pins;
  private final Map<Long, Inode> orphans;
  private final Map<Integer, long[]> usage = new HashMap<>();

  Rollback(
      Tree tree, TreeState state, Radix inodes, Pins presentPins, Map<Long, Inode> presentOrphans) {
    this.tree = tree;
    this.state = state;
    pins = presentPins.copy();
    orphans = new HashMap<>(presentOrphans);
    presentOrphans.keySet().forEach(this::returnToName);
    presentPins.forEach(this::keepWithoutName);
    presentOrphans.values().forEach(inode -> add(inode, -1));
    orphans.values().forEach(inode -> add(inode, 1));
    Radix.diff(
        inodes,
        state.inodes(),
        (ino, old, now) -> {
          add((Inode) old, -1);
          add((Inode) now, 1);
        });
  }

  /** What is pinned then. */
  Pins pins() {
    return pins;
  }

  /** What is without a name then, but pinned. */
  Map<Long, Inode> orphans() {
    return orphans;
  }

  /** What each user pays more then, as bytes and inodes. */
  Map<Integer, long[]> usage() {
    return usage;
  }

  /** An inode without a name that has one in the state needs no keeping. */
  private void returnToName(long ino) {
    if (state.get(ino) != null && orphans.remove(ino) instanceof Directory directory) {
      unpin(directory.parent());
    }
  }

  private void unpin(long ino) {
    long unpinned = ino;
    while (pins.remove(unpinned) && orphans.remove(unpinned) instanceof Directory directory) {
      unpinned = directory.parent();
    }
  }

  /** An inode with a name that has none in the state is kept as if it had been removed. */
  private void keepWithoutName(long pinned) {
    var toKeep = new ArrayDeque<Long>();
    toKeep.add(pinned);
    while (!toKeep.isEmpty()) {
      long ino = toKeep.remove();
      if (state.get(ino) == null && !orphans.containsKey(ino)) {
        var left = tree.get(ino).withoutName(tree);
        orphans.put(ino, left);
        if (left instanceof Directory directory) {
          pins.add(directory.parent());
          toKeep.add(directory.parent());
        }
      }
    }
  }

  private void add(Inode inode, int sign) {
    if (inode != null) {
      long[] sum = usage.computeIfAbsent(inode.uid(), uid -> new long[2]);
      sum[0] += sign * inode.chargedBytes(tree);
      sum[1] += sign * tree.chargedInodes(inode);
    }
  }
}
