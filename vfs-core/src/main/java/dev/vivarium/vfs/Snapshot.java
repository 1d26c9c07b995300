package dev.vivarium.vfs;

import dev.vivarium.vfs.tree.TreeDiff;
import dev.vivarium.vfs.tree.TreeState;
import java.util.ArrayList;
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
    var changes = new ArrayList<Change>();
    TreeDiff.compare(
        older.state,
        state,
        new TreeDiff.Visitor() {
          @Override
          public void added(TreeDiff.Spot spot) {
            changes.add(new Change(Change.Kind.ADDED, spot));
          }

          @Override
          public void changed(TreeDiff.Spot spot) {
            changes.add(new Change(Change.Kind.CHANGED, spot));
          }

          @Override
          public void removed(TreeDiff.Spot spot) {
            changes.add(new Change(Change.Kind.REMOVED, spot));
          }
        });
    return changes;
  }
}
