package dev.vivarium.conformance.oracle;

import java.util.List;

/** A sequence of calls, with what it starts from. */
record Script(Scenario scenario, List<Operation> operations) {

  Script with(List<Operation> others) {
    return new Script(scenario, List.copyOf(others));
  }
}
