package dev.vivarium.conformance.suite;

import java.util.ArrayList;
import java.util.List;

/** An earlier run, that a new one must not fall behind. */
record Baseline(SuiteRun earlier) {

  /** The tests and modules that passed then and do not now, a line each. */
  List<String> regressions(ModuleResult now) {
    var regressions = new ArrayList<String>();
    var then = earlier.module(now.module()).orElse(null);
    if (then == null) {
      return regressions;
    }
    if (now.isBroken() && !then.isBroken()) {
      regressions.add(now.module() + " " + now.end().word() + ", and passed before");
    }
    then.tests()
        .forEach(
            (test, verdict) -> {
              if (verdict == Verdict.PASSED && now.tests().get(test) != Verdict.PASSED) {
                regressions.add(test + " passed before");
              }
            });
    return regressions;
  }
}
