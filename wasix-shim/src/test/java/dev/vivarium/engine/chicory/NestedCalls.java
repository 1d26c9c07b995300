package dev.vivarium.engine.chicory;

/** Uses up stack by calls. */
final class NestedCalls {
  /** The most that a frame of {@link #deeper} takes: interpreted 240, by the first compiler 272. */
  private static final int FRAME_BYTES = 280;

  private NestedCalls() {}

  /** Calls itself until nearly so many bytes of stack are in use, then returns something. */
  static long use(int bytes) {
    return deeper(bytes / FRAME_BYTES, 1, 2, 3, 4, 5, 6, 7, 8) | 1;
  }

  private static long deeper(
      int levels, long a, long b, long c, long d, long e, long f, long g, long h) {
    if (levels == 0) {
      return a;
    }
    long below = deeper(levels - 1, a + 1, b + 1, c + 1, d + 1, e + 1, f + 1, g + 1, h + 1);
    return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
  }
}
