package dev.vivarium.vfs.tree;

/**
 * The time in which no path to a directory comes to mean another one, or one that somebody else may
 * search: it ends when a directory of a tree is removed, moved or given other permissions, when a
 * tree is rolled back, and when something is mounted or unmounted. What is merely added ends
 * nothing. One for all trees under a lock, which guards it.
 */
public final class PathEpoch {
  private long number;

  /** The number of the present one. */
  public long number() {
    return number;
  }

  /** Begins the next one. */
  public void next() {
    number++;
  }
}
