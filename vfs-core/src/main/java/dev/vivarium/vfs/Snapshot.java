package dev.vivarium.vfs;

import java.util.List;

/** An immutable state of a {@link Vfs}: O(1) to take, cheap to hold, the base of any number of forks. */
public final class Snapshot {

  Snapshot() {}

  /**
   * What differs from an older snapshot, sorted by path. Costs in proportion to the difference where
   * the two share ancestry.
   */
  public List<Change> diff(Snapshot older) {
    throw new AssertionError("to be written");
  }
}
