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

  /**
   * Work has ended, with something to tell of it.
   *
   * @param what the work, as in its reports
   * @param total its units, as in its reports
   * @param result what came of it, for people
   */
  default void ended(String what, long total, String result) {
    report(what, total, total);
  }
}
