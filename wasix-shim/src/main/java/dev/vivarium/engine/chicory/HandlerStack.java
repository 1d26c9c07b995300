package dev.vivarium.engine.chicory;

import dev.vivarium.engine.HostImport;

/**
 * Sees to it that a host function never meets the end of the stack.
 *
 * <p>A guest decides how deep it calls before it calls the host. If the stack then ended while a
 * host function is in the middle of a change, the change would stay half made. So the stack that it
 * may need is touched first, by calls that do nothing; if the stack ends there, the guest traps and
 * the host function has not begun.
 *
 * <p>Touching a quarter of a megabyte is too slow for every call. It is done again only when one
 * comes from further down than any before it. Used by one thread at a time.
 */
final class HandlerStack {
  /** The frame that measures begins this far above its end, at most. */
  private static final long SLACK = 32 << 10;

  private static final long NEED = HostImport.HANDLER_STACK_BYTES + SLACK;

  /** Touched beyond what is required, so that a guest that goes deeper step by step rarely pays. */
  private static final long AHEAD = 256 << 10;

  /** No frame of a call with eight arguments that are needed afterwards is smaller. */
  private static final int LEAST_FRAME = 64;

  private final StackDepth depth;
  private Thread thread;

  /** The lowest address of the thread's stack that is known to be usable. */
  private long touched;

  HandlerStack(StackDepth depth) {
    this.depth = depth;
  }

  /**
   * Returns if there is stack for a handler.
   *
   * @throws StackOverflowError if not
   */
  void require() {
    long here = depth.measure();
    if (here == StackDepth.UNKNOWN) {
      touch();
    } else if (here - NEED < touched || thread != Thread.currentThread()) {
      probe(here);
    }
  }

  private void probe(long here) {
    if (StackDepth.moves(Thread.currentThread())) {
      touch();
      return;
    }
    if (thread != Thread.currentThread()) {
      thread = Thread.currentThread();
      touched = here;
    }
    try {
      touchTo(here - NEED - AHEAD);
    } catch (StackOverflowError e) {
      if (here - NEED < touched) {
        throw e;
      }
    }
    if (here - NEED < touched) {
      // The measure has failed on the way.
      touch();
    }
  }

  /** Calls itself until the stack is at an address. */
  private void touchTo(long address) {
    long here = depth.measure();
    if (here != StackDepth.UNKNOWN) {
      touched = Math.min(touched, here);
      if (here > address) {
        touchTo(address);
      }
    }
  }

  /** Touches what is required without a measure of it. */
  private static void touch() {
    touch(HostImport.HANDLER_STACK_BYTES / LEAST_FRAME, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  /** Calls itself, and keeps its arguments for afterwards so that every level has a frame. */
  private static long touch(
      int levels, long a, long b, long c, long d, long e, long f, long g, long h) {
    if (levels == 0) {
      return a;
    }
    long below =
        touch(
            levels - 1,
            a + levels,
            b + levels,
            c + levels,
            d + levels,
            e + levels,
            f + levels,
            g + levels,
            h + levels);
    return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
  }
}
