package dev.vivarium.engine.generate;

import java.util.Arrays;
import java.util.Random;

/**
 * The numbers that a generator goes by: drawn from a seed, or from a script of numbers that were
 * drawn before. A generator makes something valid of any script, and the less of it, the smaller
 * the numbers are; behind a script's end all are 0. So what fails can be made smaller without
 * knowing what it is.
 */
public final class Choices {
  private final Random random;
  private final int[] script;
  private int[] taken = new int[1024];
  private int count;

  private Choices(Random random, int[] script) {
    this.random = random;
    this.script = script;
  }

  public static Choices of(long seed) {
    return new Choices(new Random(seed), new int[0]);
  }

  public static Choices of(int[] script) {
    return new Choices(null, script);
  }

  /** What was drawn until now; a script that leads to the same. */
  public int[] taken() {
    return Arrays.copyOf(taken, count);
  }

  /** Any 32 bits. */
  int any() {
    return take(random == null ? scripted() : random.nextInt());
  }

  /** A number that is not negative, and below the bound. */
  int below(int bound) {
    return take(random == null ? Math.floorMod(scripted(), bound) : random.nextInt(bound));
  }

  /** True once in so many times, and never for a number that is 0. */
  boolean oneIn(int times) {
    return below(times) == times - 1;
  }

  private int scripted() {
    return count < script.length ? script[count] : 0;
  }

  private int take(int value) {
    if (count == taken.length) {
      taken = Arrays.copyOf(taken, 2 * count);
    }
    taken[count++] = value;
    return value;
  }
}
