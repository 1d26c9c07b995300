package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostProgram;
import dev.vivarium.image.HostReason;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The npm client, which knows the person's registry, proxy and credentials, and checks what it
 * downloads against the registry's own digest.
 */
final class NpmClient {
  /** What npm says on failure is short; a broken npm could say anything. */
  private static final int MOST_LINES = 100;

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
    var process = start(file, directory);
    // Not to a file: a full disk is one of the things that npm may have to tell.
    var errors = new Tail(process.getErrorStream());
    var killer = new Thread(process::destroy, "vivarium-npm-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      while (!process.waitFor(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        waiting.run();
      }
      int status = process.exitValue();
      if (status != 0) {
        throw new RuntimeUnavailableException(NpmFailure.explain(file, status, errors.lines()));
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

  private Process start(NpmFile file, Path directory) throws IOException {
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
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
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
    return HostProgram.find("npm", environment)
        .orElseThrow(
            () ->
                new RuntimeUnavailableException(
                    file.specifier()
                        + " has to be fetched with npm, and no npm is on the PATH; install Node.js,"
                        + " which brings it"));
  }

  /** The last that a process says, read while it runs so that it never waits for a reader. */
  private static final class Tail {
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private final Thread reader;

    Tail(InputStream stream) {
      reader = new Thread(() -> read(stream), "vivarium-npm-errors");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (var lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
        for (String line; (line = lines.readLine()) != null; ) {
          last.add(line);
          if (last.size() > MOST_LINES) {
            last.remove();
          }
        }
      } catch (IOException e) {
        last.add(String.valueOf(e.getMessage()));
      }
    }

    List<String> lines() throws InterruptedException {
      reader.join();
      return List.copyOf(last);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook is what ended npm.
    }
  }
}
