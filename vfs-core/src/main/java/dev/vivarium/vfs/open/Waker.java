package dev.vivarium.vfs.open;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One waiting thread's bell: rung by any number of sources, and remembered until it is heard. */
public final class Waker {
  private final Semaphore rung = new Semaphore(0);

  /** Ends the present or the next {@link #await}. */
  public void wake() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /**
   * Waits until it is woken.
   *
   * @param nanos the longest wait; negative for no limit
   * @return false if the time ran out
   */
  public boolean await(long nanos) throws InterruptedException {
    boolean woken;
    if (nanos < 0) {
      rung.acquire();
      woken = true;
    } else {
      woken = rung.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }
    rung.drainPermits();
    return woken;
  }
}
