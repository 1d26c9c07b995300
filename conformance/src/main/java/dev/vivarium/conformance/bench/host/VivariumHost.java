package dev.vivarium.conformance.bench.host;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageReader;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Vivarium as an embedder uses it. */
public final class VivariumHost {
  private VivariumHost() {}

  private interface Guests {
    Sandbox.Builder next() throws IOException;
  }

  /**
   * Runs instances of a guest.
   *
   * @param args the runtime's name, or a module's and its image's paths with a comma between them;
   *     how many instances; the program
   */
  public static void main(String[] args) throws Exception {
    var guests = guests(args[0], args[2]);
    Instances.run(
        Integer.parseInt(args[1]),
        () -> {
          var builder =
              guests
                  .next()
                  .stdin(new FileInputStream(FileDescriptor.in))
                  .stdout(new FileOutputStream(FileDescriptor.out))
                  .stderr(new FileOutputStream(FileDescriptor.err));
          try (var sandbox = builder.build()) {
            return status(sandbox.run());
          }
        });
  }

  private static Guests guests(String guest, String program) throws IOException {
    if (!guest.contains("/")) {
      var interpreter = Interpreter.load(guest);
      var flag = guest.equals("ruby") ? "-e" : "-c";
      return () -> interpreter.sandbox(flag, program);
    }
    var paths = guest.split(",");
    var cache = CacheDirectory.of(System.getenv()).resolve("modules");
    var module =
        ChicoryEngine.withCache(cache).load(WasmSource.of(Path.of(paths[0])), Progress.NONE);
    var root = image(Path.of(paths[1]));
    return () -> Sandbox.builder(module).filesystem(root).arguments("python", "-c", program);
  }

  private static Snapshot image(Path path) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      return ImageReader.read(in, Quota.UNLIMITED);
    }
  }

  private static int status(Outcome outcome) {
    if (!outcome.message().isEmpty()) {
      System.err.println(outcome.message());
    }
    return outcome.status();
  }
}
