package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.peer.ChicoryCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** Chicory's own WASI over jimfs: a JVM for each module. */
final class ChicoryLane implements Lane {
  private final SuiteGuest guest;
  private final Path classes;
  private final Duration deadline;

  /**
   * @param classes what Chicory's compiler has made of the guest
   */
  ChicoryLane(SuiteGuest guest, Path classes, Duration deadline) {
    this.guest = guest;
    this.classes = classes;
    this.deadline = deadline;
  }

  @Override
  public ModuleResult run(String module) throws IOException, InterruptedException {
    var directory = Files.createTempDirectory("vivarium-suite");
    try {
      var tests = directory.resolve(SuiteGuest.TESTS);
      var arguments = new ArrayList<>(List.of(ChicoryCommand.class.getName(), guest.language()));
      arguments.addAll(List.of(guest.root().toString(), "/" + SuiteGuest.TESTS, tests.toString()));
      arguments.add(String.join(",", SuiteGuest.environment()));
      arguments.addAll(guest.arguments(module));
      var command =
          Checkout.java(Checkout.classPath() + ":" + classes, arguments.toArray(String[]::new));
      return PeerProcess.run(guest, command, module, deadline, tests, directory.resolve("output"));
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  @Override
  public void close() {
    // Each process has ended with its module.
  }
}
