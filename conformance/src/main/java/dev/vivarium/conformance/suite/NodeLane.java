package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** node's own WASI: a process for each module, in a copy of the files on Linux's tmpfs. */
final class NodeLane implements Lane {
  private static final Path TMPFS = Path.of("/dev/shm");

  private final SuiteGuest guest;
  private final Duration deadline;

  NodeLane(SuiteGuest guest, Duration deadline) {
    this.guest = guest;
    this.deadline = deadline;
  }

  @Override
  public ModuleResult run(String module) throws IOException, InterruptedException {
    var directory = Files.createTempDirectory(TMPFS, "vivarium-suite");
    try {
      var root = directory.resolve("root");
      copy(guest.root(), root);
      Files.createDirectories(root.resolve("tmp"));
      return run(module, root, directory);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private ModuleResult run(String module, Path root, Path directory)
      throws IOException, InterruptedException {
    // With its fast calls node 20 often aborts, without a word.
    var command = new ArrayList<>(List.of("node", "--no-warnings", "--no-turbo-fast-api-calls"));
    command.add(Checkout.resource(NodeLane.class, "node.mjs").toString());
    command.addAll(List.of(guest.language(), guest.module().toString(), root.toString()));
    command.add(String.join(",", SuiteGuest.environment()));
    command.addAll(guest.arguments(module));
    return PeerProcess.run(
        guest,
        command,
        module,
        deadline,
        root.resolve(SuiteGuest.TESTS),
        directory.resolve("output"));
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    var status = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start().waitFor();
    if (status != 0) {
      throw new IOException("cannot copy " + from + " to " + to);
    }
  }

  @Override
  public void close() {
    // Each process has ended with its module.
  }
}
