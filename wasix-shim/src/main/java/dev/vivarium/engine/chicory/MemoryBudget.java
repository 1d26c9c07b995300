package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Memory;

/** The pages that the memories of one instance may have together. Safe for use by many threads. */
final class MemoryBudget {
  private final int limit;
  private int left;
  private boolean refused;

  /** A budget of so many bytes, rounded down to pages, and of no more than the engine can hold. */
  MemoryBudget(long bytes) {
    limit = (int) Math.min(Memory.RUNTIME_MAX_PAGES, Math.max(0, bytes) / Memory.PAGE_SIZE);
    left = limit;
  }

  int limit() {
    return limit;
  }

  /**
   * Takes pages, as an unsigned number; answers false, and takes none, if there are not as many.
   */
  synchronized boolean take(int pages) {
    if (pages < 0 || pages > left) {
      return false;
    }
    left -= pages;
    return true;
  }

  synchronized void give(int pages) {
    left += pages;
  }

  synchronized void refuse() {
    refused = true;
  }

  /** Whether any memory asked for more than the limit or the host had. */
  synchronized boolean refused() {
    return refused;
  }
}
