package dev.vivarium.vfs;

import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.StoredContent;
import dev.vivarium.vfs.tree.TreeState;
import java.util.List;

/**
 * An immutable state of a {@link Vfs}: O(1) to take, cheap to hold, the base of any number of
 * forks.
 */
public final class Snapshot {
  private final TreeState state;

  /** For the codecs of images and other sources of trees. */
  public Snapshot(TreeState state) {
    this.state = state;
  }

  TreeState state() {
    return state;
  }

  /**
   * Whether a filesystem with these limits would have had room to make all of this. Looks at every
   * inode.
   */
  public boolean fits(Quota quota) {
    try {
      state.charge(
          new Ledger(quota.bytes(), quota.inodes(), quota.userBytes(), quota.userInodes()));
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /**
   * How many bytes of a content that is stored outside of the heap its files have: once, however
   * many have them. Looks at every inode.
   */
  public long bytesIn(StoredContent content) {
    return state.bytesIn(content);
  }

  /**
   * What differs from an older snapshot, each path once: a directory before what is in it, and
   * names in the order of their bytes. Costs in proportion to the difference where the two share
   * ancestry; a directory that has moved is one change, whatever is in it.
   *
   * <p>Inodes are the same if they were made before the two parted. One that has lost a name and
   * got another has been renamed; as often as both, if it has hard links. Another inode at the same
   * path is a change, and none if it looks the same.
   */
  public List<Change> diff(Snapshot older) {
    return Changes.between(older.state, state);
  }
}
