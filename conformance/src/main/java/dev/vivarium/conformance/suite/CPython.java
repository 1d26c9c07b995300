package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.HostCrash;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Runs CPython's own tests. */
@Command(
    name = "conformance/cpython",
    description = {
      "Runs modules of CPython's own tests, such as test_os, in CPython 3.11.2, which is built first"
          + " if need be, and prints what came of them as a Markdown table.",
      "",
      "Without a MODULE, those about files, paths, processes, time, input and output, imports and"
          + " archives."
    })
public final class CPython extends SuiteCommand {
  private CPython() {}

  /** See {@code conformance/cpython --help}. */
  public static void main(String[] args) {
    new CPython().execute(args);
  }

  @Override
  SuiteGuest guest() throws IOException, InterruptedException, HostCrash {
    return PythonGuest.build();
  }

  @Override
  String defaultModules() {
    return "cpython-modules.txt";
  }

  @Override
  String knownFailures() {
    return "cpython-3.11-failures.csv";
  }
}
