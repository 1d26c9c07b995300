package dev.vivarium.conformance.oracle;

/**
 * A system call that a simulated process makes. Its text is a line of a script, and of the helper's
 * input.
 *
 * @param process the process's place in the {@link Scenario}
 * @param call which call
 * @param arguments its arguments as words, see {@link Arguments}
 */
record Operation(int process, Call call, String arguments) {

  @Override
  public String toString() {
    return process + " " + call.text() + (arguments.isEmpty() ? "" : " " + arguments);
  }
}
