package dev.vivarium.image.oci;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are whole or not there, whenever the process or the machine stops. */
final class Durable {

  private Durable() {}

  /** Writes a file beside its place and moves it there; else nothing is left. */
  static void write(Path file, Path unfinished, byte[] content) throws IOException {
    try {
      write(unfinished, content);
      move(unfinished, file);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    // Not by a channel, which an interrupt would close.
    try (var out = new FileOutputStream(file.toFile())) {
      out.write(content);
      out.getFD().sync();
    }
  }

  /** Moves a file that is on the disk to its place, in the place of what is there. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var directory = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // A host on which directories cannot be opened: the file is whole, wherever it is found.
    }
  }
}
