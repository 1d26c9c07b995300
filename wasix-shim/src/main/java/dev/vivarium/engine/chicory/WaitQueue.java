package dev.vivarium.engine.chicory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait at the addresses of a memory.
 *
 * <p>An address has state here only while a thread waits at it: a guest cannot make this grow by
 * naming addresses.
 */
final class WaitQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Deque<Waiter>> waiters = new HashMap<>();

  private static final class Waiter {
    final Condition condition;
    boolean woken;

    Waiter(Condition condition) {
      this.condition = condition;
    }
  }

  /**
   * Waits if a condition holds; it is tested once, and no wake-up is lost between test and wait.
   *
   * @param timeoutNanos relative, negative for no limit
   * @return 0 woken, 1 the condition did not hold, 2 timed out
   */
  int await(int address, BooleanSupplier holds, long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!holds.getAsBoolean()) {
        return 1;
      }
      var waiter = new Waiter(lock.newCondition());
      waiters.computeIfAbsent(address, k -> new ArrayDeque<>()).add(waiter);
      try {
        long left = timeoutNanos;
        while (!waiter.woken) {
          if (timeoutNanos < 0) {
            waiter.condition.await();
          } else if (left <= 0) {
            return 2;
          } else {
            left = waiter.condition.awaitNanos(left);
          }
        }
        return 0;
      } finally {
        if (!waiter.woken) {
          remove(address, waiter);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(int address, Waiter waiter) {
    var queue = waiters.get(address);
    queue.remove(waiter);
    if (queue.isEmpty()) {
      waiters.remove(address);
    }
  }

  /**
   * Wakes those that have waited longest.
   *
   * @param count how many at most, as an unsigned number
   * @return how many
   */
  int wake(int address, int count) {
    lock.lock();
    try {
      var queue = waiters.get(address);
      int woken = 0;
      while (queue != null && Integer.compareUnsigned(woken, count) < 0) {
        var waiter = queue.poll();
        waiter.woken = true;
        waiter.condition.signal();
        woken++;
        if (queue.isEmpty()) {
          waiters.remove(address);
          queue = null;
        }
      }
      return woken;
    } finally {
      lock.unlock();
    }
  }
}
