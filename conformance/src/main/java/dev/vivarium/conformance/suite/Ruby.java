package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.HostCrash;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Runs Ruby's own tests. */
@Command(
    name = "conformance/ruby",
    description = {
      "Runs modules of Ruby's own tests, files such as test/ruby/test_dir and directories of specs"
          + " such as core/dir, in CRuby 3.3, and prints what came of them as a Markdown table.",
      "",
      "Without a MODULE, those about files, paths, input and output, and the data that goes there."
    })
public final class Ruby extends SuiteCommand {
  private Ruby() {}

  /** See {@code conformance/ruby --help}. */
  public static void main(String[] args) {
    new Ruby().execute(args);
  }

  @Override
  SuiteGuest guest() throws IOException, InterruptedException, HostCrash {
    return RubyGuest.build();
  }

  @Override
  String defaultModules() {
    return "ruby-modules.txt";
  }

  @Override
  String knownFailures() {
    return "ruby-3.3-failures.csv";
  }
}
