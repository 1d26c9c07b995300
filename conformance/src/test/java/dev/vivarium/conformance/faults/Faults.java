package dev.vivarium.conformance.faults;

import java.io.IOException;

/**
 * Makes one thing fail, once: instrumented code calls {@link #allocation} wherever it is about to
 * take memory, and {@link #io} wherever it is about to call what may fail with an {@link
 * IOException}; what an embedder hands in calls {@link #port}.
 */
public final class Faults {
  private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("injected");
  private static final IllegalStateException NO_PORT = new IllegalStateException("injected");

  /** What a thread was started in: handed on to the threads that it starts. */
  private static final InheritableThreadLocal<Object> ROUND = new InheritableThreadLocal<>();

  private static Thread armed;
  private static Object round;
  private static long left;
  private static long passed;

  private Faults() {}

  /**
   * From now on, the n-th point of this thread fails.
   *
   * @param n from 1; 0 for none, to count them
   */
  public static synchronized void arm(long n) {
    armed = Thread.currentThread();
    round = null;
    left = n;
    passed = 0;
  }

  /** As {@link #arm}, in the threads that this one starts from now on, and not in itself. */
  public static synchronized void armStarted(long n) {
    arm(n);
    round = new Object();
    ROUND.set(round);
  }

  /**
   * Nothing fails any more.
   *
   * @return how many points were passed since it was armed
   */
  public static synchronized long disarm() {
    armed = null;
    round = null;
    return passed;
  }

  private static synchronized boolean isDue() {
    boolean counts =
        round == null ? Thread.currentThread() == armed : isStarted(Thread.currentThread());
    if (!counts) {
      return false;
    }
    passed++;
    return --left == 0;
  }

  private static boolean isStarted(Thread thread) {
    return thread != armed && ROUND.get() == round;
  }

  /** Memory is about to be taken. */
  public static void allocation() {
    if (isDue()) {
      throw NO_MEMORY;
    }
  }

  /** The host is about to be asked for something. */
  public static void io() throws IOException {
    if (isDue()) {
      throw new IOException("injected");
    }
  }

  /** What an embedder has handed in is used. */
  public static void port() {
    if (isDue()) {
      throw NO_PORT;
    }
  }

  /** Whether it is what {@link #port} has thrown. */
  public static boolean isOfPort(Throwable failure) {
    return failure == NO_PORT;
  }
}
