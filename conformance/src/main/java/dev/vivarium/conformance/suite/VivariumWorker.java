package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.nio.VfsFileSystem;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Runs test modules in sandboxes, each in a fork of one filesystem. */
public final class VivariumWorker {
  private final EngineBinding.Module module;
  private final Snapshot files;
  private final Duration deadline;

  private VivariumWorker(EngineBinding.Module module, Snapshot files, Duration deadline) {
    this.module = module;
    this.files = files;
    this.deadline = deadline;
  }

  /**
   * Reads lines of a test module and a directory, and answers each when that module has been run
   * and has left there its output and its list of tests: {@code STATUS SECONDS REASON MESSAGE}.
   *
   * @param args the guest's module; the image of its files; the seconds that a test module may take
   */
  public static void main(String[] args) throws Exception {
    var engine = ChicoryEngine.withCache(CacheDirectory.of(System.getenv()).resolve("modules"));
    var worker =
        new VivariumWorker(
            engine.load(WasmSource.of(Path.of(args[0])), Progress.NONE),
            ImageReader.open(Path.of(args[1])),
            Duration.ofSeconds(Long.parseLong(args[2])));
    System.out.println("ready");
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      var words = line.split(" ", 2);
      System.out.println(worker.run(words[0], Path.of(words[1])));
    }
  }

  private String run(String test, Path directory) throws Exception {
    try (var output = Files.newOutputStream(directory.resolve("output"))) {
      var builder =
          Sandbox.builder(module)
              .filesystem(files)
              .arguments(GuestRun.arguments(test))
              .timeout(deadline)
              .stdout(output)
              .stderr(output);
      for (var variable : GuestRun.environment()) {
        var parts = variable.split("=", 2);
        builder.environment(parts[0], parts[1]);
      }
      try (var sandbox = builder.build()) {
        long start = System.nanoTime();
        var outcome = sandbox.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        keepTests(outcome, directory);
        return outcome.status() + " " + seconds + " " + outcome.reason() + " " + outcome.message();
      }
    }
  }

  private static void keepTests(Outcome outcome, Path directory) throws Exception {
    var vfs = outcome.filesystem();
    var list = VfsFileSystem.of(vfs, vfs.superuser()).getPath("/" + GuestRun.TESTS);
    if (Files.exists(list)) {
      Files.copy(list, directory.resolve(GuestRun.TESTS));
    }
  }
}
