package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;

/** A JVM that lives for many modules; one that dies is replaced, and costs one module. */
final class WorkerLane implements Lane {
  // Compiling the guest takes longer than any module.
  private static final Duration START = Duration.ofMinutes(5);

  private final SuiteGuest guest;
  private final List<String> command;
  private final Duration deadline;
  private HostProcess worker;

  /**
   * @param command starts a {@link Worker}
   * @param deadline after which the worker ends a guest
   */
  WorkerLane(SuiteGuest guest, List<String> command, Duration deadline) {
    this.guest = guest;
    this.command = command;
    this.deadline = deadline;
  }

  @Override
  public ModuleResult run(String module) throws IOException, InterruptedException {
    var directory = Files.createTempDirectory("vivarium-suite");
    long start = System.nanoTime();
    try {
      if (worker == null) {
        worker = start();
      }
      worker.send(directory + " " + String.join(" ", guest.arguments(module)));
      var ending = Ending.parse(worker.line());
      if (ending.kind() == Ending.Kind.STUCK) {
        close();
      }
      if (ending.kind() != Ending.Kind.ENDED) {
        return new ModuleResult(
            module, End.TIMED_OUT, ending.seconds(), new TreeMap<>(), ending.message());
      }
      return guest.result(
          module,
          ending.status(),
          ending.message(),
          ending.seconds(),
          directory.resolve("output"),
          directory.resolve(SuiteGuest.TESTS));
    } catch (HostCrash e) {
      close();
      double seconds = (System.nanoTime() - start) / 1e9;
      var why = "the host: " + e.getMessage();
      return new ModuleResult(module, End.CRASHED, seconds, new TreeMap<>(), why);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private HostProcess start() throws IOException, HostCrash, InterruptedException {
    var started = HostProcess.start(command, START.plus(deadline));
    var ready = started.line();
    if (!ready.equals("ready")) {
      started.close();
      throw new HostCrash("it says " + ready);
    }
    return started;
  }

  @Override
  public void close() {
    if (worker != null) {
      worker.close();
      worker = null;
    }
  }
}
