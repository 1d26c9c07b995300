package dev.vivarium.conformance.faults.scenario;

import static dev.vivarium.conformance.faults.scenario.World.content;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory of the host with some files, which a guest is shown. */
final class MappedDirectory implements AutoCloseable {
  private final Path top = Files.createTempDirectory("vivarium-faults");
  private final Path mapped = Files.createDirectory(top.resolve("mapped"));

  MappedDirectory() throws IOException {
    Files.createDirectory(mapped.resolve("d"));
    Files.createDirectory(mapped.resolve("e"));
    Files.write(mapped.resolve("f"), content('f', 100));
    Files.write(mapped.resolve("d/f"), content('g', 100));
  }

  Path path() {
    return mapped;
  }

  /** What is in it, and beside it. */
  String state() throws IOException {
    var state = new StringBuilder();
    try (var files = Files.walk(top)) {
      for (var file : files.sorted().toList()) {
        state.append(top.relativize(file)).append(' ');
        if (Files.isRegularFile(file)) {
          state.append(new String(Files.readAllBytes(file), US_ASCII).hashCode());
        }
        state.append(Files.getPosixFilePermissions(file)).append('\n');
      }
    }
    return state.toString();
  }

  /** How many descriptors this process has of what is in it. */
  long descriptors() throws IOException {
    long count = 0;
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      for (var descriptor : open.toList()) {
        try {
          count += Files.readSymbolicLink(descriptor).startsWith(top) ? 1 : 0;
        } catch (NoSuchFileException e) {
          // That of the list itself.
        }
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(top)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
