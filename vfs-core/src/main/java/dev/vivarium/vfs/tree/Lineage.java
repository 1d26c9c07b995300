package dev.vivarium.vfs.tree;

/**
 * Where a tree's inode numbers come from. Forks of one state give the same numbers to different
 * inodes; so two states mean the same inode by a number only if it was given before they parted.
 * Compared by identity.
 */
final class Lineage {
  private final Lineage parent;
  private final long first;

  /**
   * @param parent that of the tree whose state was the base; null if there was none
   * @param first the first number of its own
   */
  Lineage(Lineage parent, long first) {
    this.parent = parent;
    this.first = first;
  }

  boolean descendsFrom(Lineage other) {
    var ancestor = parent;
    while (ancestor != null && ancestor != other) {
      ancestor = ancestor.parent;
    }
    return ancestor != null;
  }

  /** The number from which on two states no longer mean the same by theirs. */
  static long parting(TreeState a, TreeState b) {
    return b.lineage().parting(a, b.nextIno());
  }

  /** As {@link #parting(TreeState, TreeState)}, of a state and a tree of this lineage. */
  long parting(TreeState state, long nextIno) {
    var left = state.lineage();
    var right = this;
    long bound = Math.min(state.nextIno(), nextIno);
    // The one that began later cannot be an ancestor of the other.
    while (left != right && left != null && right != null) {
      if (left.first >= right.first) {
        bound = Math.min(bound, left.first);
        left = left.parent;
      } else {
        bound = Math.min(bound, right.first);
        right = right.parent;
      }
    }
    // The root is the root, whoever made it.
    return left == right ? bound : Tree.ROOT + 1;
  }
}
