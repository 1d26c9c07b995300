package dev.vivarium.conformance.suite;

/** How the run of a test module ended. */
enum End {
  PASSED,
  /** Some of its tests failed. */
  FAILED,
  /** The module found nothing here that it could test. */
  SKIPPED,
  /** It ended in the middle: by a trap, a signal or an exit of its own. */
  CRASHED,
  TIMED_OUT;

  /** As a table says it. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
