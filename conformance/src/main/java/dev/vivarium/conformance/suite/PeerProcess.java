package dev.vivarium.conformance.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A process of a peer's that runs one module, and ends with the guest's status. */
final class PeerProcess {
  private PeerProcess() {}

  /**
   * Runs it.
   *
   * @param tests where it leaves the list of tests
   * @param output where its output goes
   */
  static ModuleResult run(
      SuiteGuest guest,
      List<String> command,
      String module,
      Duration deadline,
      Path tests,
      Path output)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!ended) {
      process.destroyForcibly().waitFor();
      return new ModuleResult(module, End.TIMED_OUT, seconds, new TreeMap<>(), "");
    }
    return guest.result(module, process.exitValue(), "", seconds, output, tests);
  }
}
