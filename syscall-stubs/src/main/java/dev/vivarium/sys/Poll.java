package dev.vivarium.sys;

import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** {@code poll(2)}: waits until something is ready. */
public final class Poll {

  /**
   * What is waited on.
   *
   * @param interest {@link Readiness#READABLE}, {@link Readiness#WRITABLE} or both; HANGUP and
   *     ERROR are always of interest
   */
  public record Target(Readiness readiness, int interest) {

    int ready() {
      return readiness.events() & (interest | Readiness.HANGUP | Readiness.ERROR);
    }
  }

  private Poll() {}

  /**
   * Waits until one target is ready or the time is over.
   *
   * @param timeoutNanos 0 to look once; negative for no limit
   * @return the events of each target, all 0 if the time ran out
   */
  public static int[] await(Clock clock, List<Target> targets, long timeoutNanos)
      throws InterruptedException {
    var events = new int[targets.size()];
    if (collect(targets, events) || timeoutNanos == 0) {
      return events;
    }
    long start = timeoutNanos < 0 ? 0 : clock.monotonicNanos();
    var waker = new Waker();
    // Each source once, however many targets it has: a guest may name it 65,536 times.
    Set<Readiness> sources = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var target : targets) {
      sources.add(target.readiness());
    }
    try {
      for (var source : sources) {
        source.watch(waker);
      }
      while (!collect(targets, events)) {
        long left = -1;
        if (timeoutNanos > 0) {
          left = timeoutNanos - (clock.monotonicNanos() - start);
          if (left <= 0) {
            break;
          }
        }
        if (!clock.await(waker, left)) {
          collect(targets, events);
          break;
        }
      }
      return events;
    } finally {
      for (var source : sources) {
        source.unwatch(waker);
      }
    }
  }

  private static boolean collect(List<Target> targets, int[] events) {
    boolean any = false;
    for (int i = 0; i < events.length; i++) {
      events[i] = targets.get(i).ready();
      any |= events[i] != 0;
    }
    return any;
  }
}
