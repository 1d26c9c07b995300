package dev.vivarium.conformance.suite;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.nio.VfsFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs test modules in sandboxes, each in a fork of one filesystem. */
public final class VivariumWorker implements Worker {
  /** What starts the guest on a command line, its own name first. */
  private interface Guest {
    Sandbox.Builder sandbox(List<String> arguments);
  }

  private final Guest guest;
  private final Snapshot files;
  private final Duration deadline;

  private VivariumWorker(Guest guest, Snapshot files, Duration deadline) {
    this.guest = guest;
    this.files = files;
    this.deadline = deadline;
  }

  /**
   * Serves a {@link WorkerLane}.
   *
   * @param args {@code python} or {@code ruby}; the guest's module; the image of its files; the
   *     seconds that a test module may take
   */
  public static void main(String[] args) throws Exception {
    Worker.serve(
        new VivariumWorker(
            args[0].equals("ruby") ? ruby() : command(Path.of(args[1])),
            ImageReader.open(Path.of(args[2])),
            Duration.ofSeconds(Long.parseLong(args[3]))));
  }

  private static Guest command(Path module) throws IOException {
    var engine = ChicoryEngine.withCache(CacheDirectory.of(System.getenv()).resolve("modules"));
    var loaded = engine.load(WasmSource.of(module), Progress.NONE);
    return arguments -> Sandbox.builder(loaded).arguments(arguments);
  }

  private static Guest ruby() throws IOException {
    var interpreter = Interpreter.load(RubyGuest.RUNTIME);
    return arguments ->
        interpreter.sandbox(arguments.subList(1, arguments.size()).toArray(String[]::new));
  }

  @Override
  public Ending run(List<String> arguments, Path directory) throws Exception {
    try (var output = Files.newOutputStream(directory.resolve("output"))) {
      var builder =
          guest
              .sandbox(arguments)
              .filesystem(files)
              .timeout(deadline)
              .stdout(output)
              .stderr(output);
      for (var variable : SuiteGuest.environment()) {
        var parts = variable.split("=", 2);
        builder.environment(parts[0], parts[1]);
      }
      try (var sandbox = builder.build()) {
        long start = System.nanoTime();
        var outcome = sandbox.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        keepTests(outcome, directory);
        var kind =
            outcome.reason() == Outcome.Reason.TIMED_OUT
                ? Ending.Kind.TIMED_OUT
                : Ending.Kind.ENDED;
        return new Ending(kind, outcome.status(), seconds, outcome.message());
      }
    }
  }

  private static void keepTests(Outcome outcome, Path directory) throws Exception {
    var vfs = outcome.filesystem();
    var list = VfsFileSystem.of(vfs, vfs.superuser()).getPath("/" + SuiteGuest.TESTS);
    if (Files.exists(list)) {
      Files.copy(list, directory.resolve(SuiteGuest.TESTS));
    }
  }
}
