package dev.vivarium.engine.split;

/**
 * How large the methods may become that the engine's compiler makes of a module's functions; all in
 * bytes of JVM bytecode.
 *
 * @param whole functions up to this size are not taken apart
 * @param piece the size that the parts of a larger function are to have
 * @param hard no method may be larger, whatever it costs; for HotSpot a little below its
 *     HugeMethodLimit of 8,000
 */
public record Limits(int whole, int piece, int hard) {
  /** What was measured to run fastest on HotSpot without flags. */
  public static final Limits HOTSPOT = new Limits(4_000, 2_500, 7_800);

  public Limits {
    if (piece < 1 || whole < piece || hard < whole) {
      throw new IllegalArgumentException("limits must be ordered: 0 < piece <= whole <= hard");
    }
  }
}
