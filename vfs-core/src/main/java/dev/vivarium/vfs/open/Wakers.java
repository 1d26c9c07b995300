package dev.vivarium.vfs.open;

import java.util.ArrayList;
import java.util.List;

/**
 * Those who wait for one source. Only to join them takes memory, so that who has joined can always
 * leave. Safe for use by threads; its lock is a leaf.
 */
public final class Wakers {
  private final List<Waker> waiting = new ArrayList<>();

  /** As {@link Readiness#watch}. */
  public synchronized void add(Waker waker) {
    waiting.add(waker);
  }

  /** As {@link Readiness#unwatch}; nothing happens if it has not joined. */
  public synchronized void remove(Waker waker) {
    waiting.remove(waker);
  }

  /** Wakes them all. */
  public synchronized void wake() {
    waiting.forEach(Waker::wake);
  }
}
