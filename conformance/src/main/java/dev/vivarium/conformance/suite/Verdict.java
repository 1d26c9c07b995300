package dev.vivarium.conformance.suite;

/** What became of one test. The later of two is the worse. */
enum Verdict {
  SKIPPED,
  PASSED,
  FAILED,
  ERROR;

  boolean isFailure() {
    return this == FAILED || this == ERROR;
  }
}
