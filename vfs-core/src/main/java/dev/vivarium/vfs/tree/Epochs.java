package dev.vivarium.vfs.tree;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The source of epochs. One for the whole JVM, since forks of one state may be made anywhere; the
 * numbers themselves are never visible.
 */
final class Epochs {
  private static final AtomicLong LAST = new AtomicLong();

  private Epochs() {}

  /** An epoch later than all before. */
  static long next() {
    return LAST.incrementAndGet();
  }
}
