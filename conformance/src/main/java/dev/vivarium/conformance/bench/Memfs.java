package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import dev.vivarium.runtime.CacheDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** memfs, the filesystem in memory of npm, timed within node. */
final class Memfs {
  static final String VERSION = "4.80.1";

  private static final String MANIFEST =
      "{\"private\": true, \"dependencies\": {\"memfs\": \"" + VERSION + "\"}}\n";

  private Memfs() {}

  /**
   * Runs its rows.
   *
   * @param millis how long each is repeated
   * @param largest the largest directory that is listed
   * @return figures by row: nanoseconds for a call, or bytes of heap for a file
   * @throws HostCrash if node or npm is missing, or one of them fails
   */
  static Map<String, Double> measure(int millis, int largest)
      throws IOException, InterruptedException, HostCrash {
    var command =
        List.of(
            "node",
            "--expose-gc",
            Checkout.resource(Memfs.class, "memfs.mjs").toString(),
            installed().toString(),
            String.valueOf(millis),
            String.valueOf(largest));
    var figures = new LinkedHashMap<String, Double>();
    for (var line : run(command)) {
      int space = line.lastIndexOf(' ');
      figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    }
    return figures;
  }

  /** A directory that has the package, with exactly the dependencies that it was tried with. */
  private static Path installed() throws IOException, InterruptedException, HostCrash {
    var bench = CacheDirectory.of(System.getenv()).resolve("bench");
    var directory = bench.resolve("memfs-" + VERSION);
    if (!Files.exists(directory)) {
      Files.createDirectories(bench);
      var work = Files.createTempDirectory(bench, ".work-");
      Files.writeString(work.resolve("package.json"), MANIFEST);
      Files.writeString(
          work.resolve("package-lock.json"), Checkout.text(Memfs.class, "memfs-lock.json"));
      run(
          List.of(
              "npm",
              "ci",
              "--prefix",
              work.toString(),
              "--ignore-scripts",
              "--no-audit",
              "--no-fund",
              "--loglevel=error"));
      Files.move(work, directory, StandardCopyOption.ATOMIC_MOVE);
    }
    return directory;
  }

  private static List<String> run(List<String> command)
      throws IOException, InterruptedException, HostCrash {
    try (var process = HostProcess.start(command)) {
      return process.finish();
    }
  }
}
