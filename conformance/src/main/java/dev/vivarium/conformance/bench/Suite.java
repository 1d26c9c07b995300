package dev.vivarium.conformance.bench;

import java.util.Set;

/** A set of benchmarks that {@code conformance/bench} runs by its name. */
interface Suite {

  /** What the command line calls it. */
  String name();

  /** The flags that mean something to it. */
  Set<Flag> flags();

  /** Measures, and prints a Markdown table. */
  void run(Options options) throws Exception;
}
