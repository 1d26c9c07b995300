package dev.vivarium.conformance.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that is written when all has been run, and so is looked at before. */
public final class ResultFile {
  private ResultFile() {}

  /** Why it cannot be written. */
  public static Optional<String> objection(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || directory == null) {
      return Optional.of(file + ": is a directory");
    }
    if (!Files.isDirectory(directory)) {
      return Optional.of(file + ": no directory " + directory);
    }
    if (!Files.isWritable(Files.exists(file) ? file : directory)) {
      return Optional.of(file + ": cannot be written");
    }
    return Optional.empty();
  }
}
