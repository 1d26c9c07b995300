package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The npm client, which knows the person's registry, proxy and credentials, and checks what it
 * downloads against the registry's own digest.
 */
final class NpmClient {
  /** What npm says on failure is short; a broken npm could say anything. */
  private static final int MOST_OUTPUT = 1 << 16;

  private static final long HEARTBEAT_MILLIS = 100;

  private final Map<String, String> environment;

  /**
   * @param environment the environment of this process; {@code PATH} says where npm is
   */
  NpmClient(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Downloads a package's archive.
   *
   * @param file what it is wanted for
   * @param directory an empty directory of the caller's, which npm works in
   * @param waiting run now and then while npm works
   * @return the archive, a gzipped tar file in that directory
   * @throws RuntimeUnavailableException if there is no npm, or it fails, or it leaves no archive
   */
  Path pack(NpmFile file, Path directory, Runnable waiting) throws IOException {
    var output = directory.resolve("npm-output");
    var process = start(file, directory, output);
    var killer = new Thread(process::destroy, "vivarium-npm-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      while (!process.waitFor(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        waiting.run();
      }
      int status = process.exitValue();
      if (status != 0) {
        throw new RuntimeUnavailableException(NpmFailure.explain(file, status, tail(output)));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new RuntimeUnavailableException("interrupted while npm fetched " + file.specifier(), e);
    } finally {
      removeHook(killer);
    }
    try (var archives = Files.newDirectoryStream(directory, "*.tgz")) {
      for (var archive : archives) {
        return archive;
      }
    }
    throw new RuntimeUnavailableException(
        "npm said that it fetched "
            + file.specifier()
            + ", and left no archive; try it by hand: npm"
            + " pack "
            + file.specifier());
  }

  private Process start(NpmFile file, Path directory, Path output) throws IOException {
    // In a directory of its own, npm packs there and sees no other project's settings.
    var builder =
        new ProcessBuilder(
                List.of(
                    find(file).toString(),
                    "pack",
                    file.specifier(),
                    "--ignore-scripts",
                    "--loglevel=error",
                    "--no-update-notifier",
                    "--no-progress",
                    // By default, npm would wait for more than a minute before it says that there
                    // is no network.
                    "--fetch-retries=2",
                    "--fetch-retry-mintimeout=500",
                    "--fetch-retry-maxtimeout=2000"))
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new RuntimeUnavailableException("npm cannot be started: " + HostReason.of(e), e);
    }
  }

  /**
   * Where npm is: the first on the path, as a shell would find it.
   *
   * @param file what it is wanted for
   * @throws RuntimeUnavailableException if there is none
   */
  Path find(NpmFile file) throws RuntimeUnavailableException {
    for (var directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      var candidate = Path.of(directory.isEmpty() ? "." : directory, "npm").toAbsolutePath();
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new RuntimeUnavailableException(
        file.specifier()
            + " has to be fetched with npm, and no npm is on the PATH; install Node.js, which"
            + " brings it");
  }

  private static List<String> tail(Path output) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(output)) {
      in.skip(Math.max(0, Files.size(output) - MOST_OUTPUT));
      bytes = in.readNBytes(MOST_OUTPUT);
    }
    return new ArrayList<>(new String(bytes, UTF_8).lines().toList());
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook is what ended npm.
    }
  }
}
