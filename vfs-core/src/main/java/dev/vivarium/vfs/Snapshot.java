package dev.vivarium.vfs;

import dev.vivarium.vfs.tree.TreeState;
import java.util.List;

/**
 * An immutable state of a {@link Vfs}: O(1) to take, cheap to hold, the base of any number of
 * forks.
 */
public final class Snapshot {
  private final TreeState state;

  Snapshot(TreeState state) {
    this.state = state;
  }

  TreeState state() {
    return state;
  }

  /**
   * What differs from an older snapshot, a directory before what is in it, and names in the order
   * of their bytes. Costs in proportion to the difference where the two share ancestry.
   */
  public List<Change> diff(Snapshot older) {
    throw new AssertionError("to be written");
  }
}
