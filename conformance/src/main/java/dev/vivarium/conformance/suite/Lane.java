package dev.vivarium.conformance.suite;

import java.io.IOException;

/** One place to run test modules in, one after another, each in a world of its own. */
interface Lane extends AutoCloseable {

  /** Runs a module; whatever happens to the guest, or to its host, is a result. */
  ModuleResult run(String module) throws IOException, InterruptedException;

  @Override
  void close();
}
