package dev.vivarium.conformance.suite;

import dev.vivarium.Outcome;
import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;

/** A JVM that lives for many modules; one that dies is replaced, and costs one module. */
final class VivariumLane implements Lane {
  // Compiling the guest takes longer than any module.
  private static final Duration START = Duration.ofMinutes(5);

  private final SuiteGuest guest;
  private final Duration deadline;
  private HostProcess worker;

  VivariumLane(SuiteGuest guest, Duration deadline) {
    this.guest = guest;
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
      var answer = worker.line().split(" ", 4);
      double seconds = Double.parseDouble(answer[1]);
      var reason = Outcome.Reason.valueOf(answer[2]);
      if (reason == Outcome.Reason.TIMED_OUT) {
        return new ModuleResult(module, End.TIMED_OUT, seconds, new TreeMap<>(), answer[3]);
      }
      return guest.result(
          module,
          Integer.parseInt(answer[0]),
          answer[3],
          seconds,
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
    var command =
        Checkout.java(
            Checkout.classPath(),
            VivariumWorker.class.getName(),
            guest.language(),
            guest.module().toString(),
            guest.image().toString(),
            String.valueOf(deadline.toSeconds()));
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
