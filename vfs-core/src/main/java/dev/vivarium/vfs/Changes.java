package dev.vivarium.vfs;

import dev.vivarium.vfs.tree.TreeDiff;
import dev.vivarium.vfs.tree.TreeState;
import java.util.ArrayList;
import java.util.List;

/** Puts together what differs between two states. */
final class Changes implements TreeDiff.Visitor {
  private final List<Change> all = new ArrayList<>();

  private Changes() {}

  static List<Change> between(TreeState older, TreeState state) {
    var changes = new Changes();
    TreeDiff.compare(older, state, changes);
    return changes.all;
  }

  @Override
  public void added(TreeDiff.Spot spot, long ino) {
    all.add(new Change(Change.Kind.ADDED, spot, spot, 0, ino, true));
  }

  @Override
  public void changed(TreeDiff.Spot spot, long oldIno, long newIno) {
    all.add(new Change(Change.Kind.CHANGED, spot, spot, oldIno, newIno, true));
  }

  @Override
  public void removed(TreeDiff.Spot spot, long ino) {
    all.add(new Change(Change.Kind.REMOVED, spot, spot, ino, 0, true));
  }

  @Override
  public void renamed(TreeDiff.Spot from, TreeDiff.Spot spot, long ino, boolean differs) {
    all.add(new Change(Change.Kind.RENAMED, from, spot, ino, ino, differs));
  }
}
