package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/** node's own WASI: a process for each module, in a copy of the files on Linux's tmpfs. */
final class NodeLane implements Lane {
  private static final Path TMPFS = Path.of("/dev/shm");

  private final PythonGuest guest;
  private final Duration deadline;

  NodeLane(PythonGuest guest, Duration deadline) {
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
    long start = System.nanoTime();
    var script = Checkout.resource(NodeLane.class, "node.mjs").toString();
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("node", "--no-warnings", script));
    command.addAll(java.util.List.of(guest.module().toString(), root.toString()));
    command.add(String.join(",", GuestRun.environment()));
    command.addAll(GuestRun.arguments(module));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!ended) {
      process.destroyForcibly().waitFor();
      return new ModuleResult(module, End.TIMED_OUT, seconds, new TreeMap<>(), "");
    }
    var list = root.resolve(GuestRun.TESTS);
    if (Files.exists(list)) {
      Files.move(list, directory.resolve(GuestRun.TESTS));
    }
    return GuestRun.result(module, process.exitValue(), "", seconds, directory);
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
