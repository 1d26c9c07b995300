package dev.vivarium.conformance.bench;

import dev.vivarium.box.Box;
import dev.vivarium.vfs.Vfs;
import java.nio.file.Path;

/**
 * A process that opens the same box in several stores, reads a file of each, and prints the seconds
 * of each.
 */
public final class StoredBoxOpening {
  private StoredBoxOpening() {}

  /**
   * @param args the box's name, a path in it, directories of stores
   */
  public static void main(String[] args) throws Exception {
    for (int i = 2; i < args.length; i++) {
      long start = System.nanoTime();
      try (var box = Box.open(Path.of(args[i]), args[0])) {
        Vfs.fork(box.files()).read(args[1]);
        System.out.println((System.nanoTime() - start) / 1e9);
      }
    }
  }
}
