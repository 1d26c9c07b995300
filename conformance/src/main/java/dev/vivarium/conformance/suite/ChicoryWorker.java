package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.peer.ChicoryHost;
import dev.vivarium.conformance.peer.ChicoryWorld;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs test modules on Chicory's own WASI, each in a jimfs of its own. */
public final class ChicoryWorker implements Worker {
  /** What a guest has to notice an interrupt. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final ChicoryHost host;
  private final Path root;
  private final Duration deadline;

  private ChicoryWorker(ChicoryHost host, Path root, Duration deadline) {
    this.host = host;
    this.root = root;
    this.deadline = deadline;
  }

  /**
   * Serves a {@link WorkerLane}.
   *
   * @param args {@code python} or {@code ruby}; the directory that becomes the guest's root; the
   *     seconds that a test module may take
   */
  public static void main(String[] args) throws Exception {
    var deadline = Duration.ofSeconds(Long.parseLong(args[2]));
    Worker.serve(new ChicoryWorker(ChicoryHost.of(args[0]), Path.of(args[1]), deadline));
  }

  @Override
  public Ending run(List<String> arguments, Path directory) throws Exception {
    try (var files = ChicoryWorld.copy(root);
        var output = Files.newOutputStream(directory.resolve("output"))) {
      var ending = run(arguments, files, output);
      var list = files.getPath("/" + SuiteGuest.TESTS);
      if (ending.kind() == Ending.Kind.ENDED && Files.exists(list)) {
        Files.copy(list, directory.resolve(SuiteGuest.TESTS));
      }
      return ending;
    }
  }

  private Ending run(List<String> arguments, FileSystem files, OutputStream output)
      throws InterruptedException {
    var world =
        new ChicoryWorld(
            files.getPath("/"),
            SuiteGuest.environment(),
            InputStream.nullInputStream(),
            output,
            output);
    var run = new FutureTask<>(() -> host.run(world, arguments));
    var thread = new Thread(null, run, "guest", ChicoryHost.STACK_BYTES);
    thread.setDaemon(true);
    long start = System.nanoTime();
    thread.start();
    thread.join(deadline.toMillis());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!run.isDone()) {
      thread.interrupt();
      thread.join(GRACE.toMillis());
      return new Ending(run.isDone() ? Ending.Kind.TIMED_OUT : Ending.Kind.STUCK, 1, seconds, "");
    }
    try {
      return new Ending(Ending.Kind.ENDED, run.get(), seconds, "");
    } catch (ExecutionException e) {
      var message = e.getCause().toString().lines().findFirst().orElseThrow();
      return new Ending(Ending.Kind.ENDED, 1, seconds, message);
    }
  }
}
