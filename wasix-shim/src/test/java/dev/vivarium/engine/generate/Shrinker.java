package dev.vivarium.engine.generate;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Predicate;

/** Makes what fails smaller, as long as it fails: see {@link Choices}. */
public final class Shrinker {
  private final Predicate<int[]> fails;
  private final Instant end;
  private int[] script;

  private Shrinker(int[] script, Predicate<int[]> fails, Duration patience) {
    this.script = script;
    this.fails = fails;
    this.end = Instant.now().plus(patience);
  }

  /** A script that fails too, and of which no part that was tried can be left out. */
  public static int[] shrink(int[] script, Predicate<int[]> fails, Duration patience) {
    var shrinker = new Shrinker(script, fails, patience);
    boolean smaller = true;
    while (smaller && shrinker.patient()) {
      smaller = shrinker.leaveOut();
      smaller |= shrinker.zero();
    }
    return shrinker.script;
  }

  private boolean patient() {
    return Instant.now().isBefore(end);
  }

  private boolean leaveOut() {
    boolean smaller = false;
    for (int length = script.length / 2; length > 0; length /= 2) {
      for (int from = script.length - length; from >= 0 && patient(); from -= length) {
        var less = new int[script.length - length];
        System.arraycopy(script, 0, less, 0, from);
        System.arraycopy(script, from + length, less, from, less.length - from);
        smaller |= take(less);
        from = Math.min(from, script.length);
      }
    }
    return smaller;
  }

  private boolean zero() {
    boolean smaller = false;
    for (int length = script.length / 4; length > 0; length /= 4) {
      for (int from = 0; from < script.length && patient(); from += length) {
        var less = script.clone();
        Arrays.fill(less, from, Math.min(from + length, less.length), 0);
        smaller |= !Arrays.equals(less, script) && take(less);
      }
    }
    return smaller;
  }

  private boolean take(int[] less) {
    if (!fails.test(less)) {
      return false;
    }
    script = less;
    return true;
  }
}
