package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * What this process was given: the only place that a command takes something of the host from.
 *
 * @param directory what relative paths start from
 * @param terminals which of the three streams are terminals, in their order
 */
record Host(
    Map<String, String> environment,
    Path directory,
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean[] terminals) {

  /**
   * Set by the launcher, which can ask what the JVM cannot: {@code 1} for each that is a terminal.
   */
  private static final String TERMINALS = "vivarium.terminals";

  /** Names the time of what is made. */
  static final String SOURCE_DATE = "SOURCE_DATE_EPOCH";

  /** The seconds, before and after 1970, that trees and archives hold as nanoseconds. */
  private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000L;

  /**
   * The process that the JVM is. Its streams are not buffered: each write of a guest is one here.
   */
  static Host ofProcess() {
    var terminals = System.getProperty(TERMINALS, "000");
    return new Host(
        System.getenv(),
        Path.of(""),
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        new boolean[] {
          terminals.startsWith("1"), terminals.startsWith("1", 1), terminals.startsWith("1", 2)
        });
  }

  /** A console on standard error. */
  Console console() {
    return new Console(
        new PrintStream(new BufferedOutputStream(err), false, UTF_8),
        terminals[2],
        System::nanoTime);
  }

  /**
   * A path that a person gave, as seen from this process.
   *
   * @throws Failure if the host can have no file of that name
   */
  Path path(String given) {
    try {
      return directory.resolve(given);
    } catch (InvalidPathException e) {
      throw Failure.usage("'" + given + "' names no file");
    }
  }

  /** A path that a person gave, as seen from this process. */
  Path path(Path given) {
    return directory.resolve(given);
  }

  /**
   * The time of what is made here, as reproducible builds have it: that of the source, not of the
   * build.
   *
   * @throws Failure if {@code SOURCE_DATE_EPOCH} is no time that a file can have
   */
  Instant sourceDate() {
    return sourceDate(environment.get(SOURCE_DATE));
  }

  /** As {@link #sourceDate()}, where it may be given otherwise; null for not at all. */
  static Instant sourceDate(String epoch) {
    if (epoch == null || epoch.isEmpty()) {
      return Instant.EPOCH;
    }
    try {
      long seconds = Long.parseLong(epoch);
      if (-MOST_SECONDS <= seconds && seconds <= MOST_SECONDS) {
        return Instant.ofEpochSecond(seconds);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw Failure.usage(
        "%s is '%s', which is no number of seconds from %d to %d"
            .formatted(SOURCE_DATE, epoch, -MOST_SECONDS, MOST_SECONDS));
  }
}
