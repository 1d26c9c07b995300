package dev.vivarium.conformance.suite;

import java.util.SortedMap;

/**
 * What the run of a test module came to.
 *
 * @param tests what became of each test, by name; empty if the module ended in the middle
 * @param detail why it did not pass, in a line; else empty
 */
record ModuleResult(
    String module, End end, double seconds, SortedMap<String, Verdict> tests, String detail) {

  long count(Verdict verdict) {
    return tests.values().stream().filter(each -> each == verdict).count();
  }

  long failures() {
    return tests.values().stream().filter(Verdict::isFailure).count();
  }

  /** Whether it is known what became of each of its tests. */
  boolean gotToItsEnd() {
    return end != End.CRASHED && end != End.TIMED_OUT;
  }

  /** Whether anything in it did not go as its authors want it. */
  boolean isBroken() {
    return end != End.PASSED && end != End.SKIPPED;
  }
}
