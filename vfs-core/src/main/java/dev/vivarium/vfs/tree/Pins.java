package dev.vivarium.vfs.tree;

import java.util.function.LongConsumer;

/**
 * How often inodes are pinned: a map from their numbers to counts above zero, with open addressing,
 * so that opening and closing a file leaves no garbage.
 */
final class Pins {
  private static final int FIRST_CAPACITY = 16;

  // A power of two long, and at most half full. An inode's number is never 0.
  private long[] inos = new long[FIRST_CAPACITY];
  private int[] counts = new int[FIRST_CAPACITY];
  private int size;

  Pins copy() {
    var copy = new Pins();
    copy.inos = inos.clone();
    copy.counts = counts.clone();
    copy.size = size;
    return copy;
  }

  /** Visits each pinned number; the pins must not change meanwhile. */
  void forEach(LongConsumer visitor) {
    for (long ino : inos) {
      if (ino != 0) {
        visitor.accept(ino);
      }
    }
  }

  boolean contains(long ino) {
    return inos[slot(ino)] == ino;
  }

  void add(long ino) {
    int slot = slot(ino);
    if (inos[slot] != ino) {
      if (2 * (size + 1) > inos.length) {
        grow();
        slot = slot(ino);
      }
      inos[slot] = ino;
      size++;
    }
    counts[slot]++;
  }

  /**
   * Takes one off a count.
   *
   * @return whether that was the last
   */
  boolean remove(long ino) {
    int slot = slot(ino);
    if (--counts[slot] > 0) {
      return false;
    }
    size--;
    close(slot);
    return true;
  }

  /** Moves what follows a slot, and was only put there because that was taken, into its place. */
  private void close(int slot) {
    int mask = inos.length - 1;
    int gap = slot;
    for (int i = (gap + 1) & mask; inos[i] != 0; i = (i + 1) & mask) {
      if (((i - home(inos[i])) & mask) >= ((i - gap) & mask)) {
        inos[gap] = inos[i];
        counts[gap] = counts[i];
        gap = i;
      }
    }
    inos[gap] = 0;
    counts[gap] = 0;
  }

  private void grow() {
    var oldInos = inos;
    var oldCounts = counts;
    // All memory first.
    var moreInos = new long[2 * oldInos.length];
    var moreCounts = new int[2 * oldInos.length];
    inos = moreInos;
    counts = moreCounts;
    for (int i = 0; i < oldInos.length; i++) {
      if (oldInos[i] != 0) {
        int slot = slot(oldInos[i]);
        inos[slot] = oldInos[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** Where a number is, or would be. */
  private int slot(long ino) {
    int mask = inos.length - 1;
    int slot = home(ino);
    while (inos[slot] != 0 && inos[slot] != ino) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  // Numbers are given one after the other; Fibonacci hashing spreads them.
  private int home(long ino) {
    return (int) ((ino * 0x9E3779B97F4A7C15L) >>> 32) & (inos.length - 1);
  }
}
