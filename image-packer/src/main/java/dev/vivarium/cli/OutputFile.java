package dev.vivarium.cli;

import dev.vivarium.image.HostReason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that a person asked for, which is there when it is whole. */
final class OutputFile {
  private final Path given;
  private final Path chosen;

  private OutputFile(Path given, Path chosen) {
    this.given = given;
    this.chosen = chosen;
  }

  /**
   * Checks that there can be such a file.
   *
   * @throws Failure if there cannot
   */
  static OutputFile of(Host host, Path given) {
    var output = host.path(given);
    if (Files.exists(output) && !Files.isRegularFile(output)) {
      throw Failure.usage(given + ": is there, and is no regular file");
    }
    var folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw Failure.usage(given + ": " + folder + " is no directory");
    }
    return new OutputFile(given, output);
  }

  /** Where it is or will be. */
  Path path() {
    return chosen;
  }

  /** Writes content to a stream. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes the file in one step or not at all.
   *
   * @throws Failure if it cannot be written
   */
  void write(Content content) {
    try {
      // Behind a symbolic link, which stays.
      var output = Files.exists(chosen) ? chosen.toRealPath() : chosen.toAbsolutePath();
      // Beside its final place, so that it gets there in one step or not at all.
      var unfinished =
          output.resolveSibling("." + output.getFileName() + "." + ProcessHandle.current().pid());
      // When it is interrupted too.
      unfinished.toFile().deleteOnExit();
      try {
        try (var out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
          content.writeTo(out);
        }
        Files.move(unfinished, output, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw Failure.host("cannot write " + given + ": " + HostReason.of(e));
    }
  }
}
