package dev.vivarium.engine;

/** Hears what a long preparation is doing. Called from any thread. */
@FunctionalInterface
public interface Progress {

  /** Hears nothing. */
  Progress NONE = (what, done, total) -> {};

  /**
   * Some of the work is done.
   *
   * @param what the work, for people: {@code compiling python}
   * @param done the units that are done
   * @param total the units in all, at least 1; {@code done == total} says that the work has ended
   */
  void report(String what, long done, long total);
}
