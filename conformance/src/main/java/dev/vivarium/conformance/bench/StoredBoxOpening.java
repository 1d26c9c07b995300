package dev.vivarium.conformance.bench;

import dev.vivarium.box.Box;
import dev.vivarium.vfs.Vfs;
import java.nio.file.Path;

/**
 * A process that opens the same box in several stores and reads a file of each. For each it prints
 * a line: the seconds until it is open, and until the file has been read.
 */
public final class StoredBoxOpening {
  private StoredBoxOpening() {}

  /**
   * @param args the box's name, a path in it, directories of stores; in front of them what the
   *     launcher gives to the JVM, if this takes the place of its main class
   */
  public static void main(String[] args) throws Exception {
    int name = args[0].equals("-jar") ? 2 : 0;
    for (int i = name + 2; i < args.length; i++) {
      long start = System.nanoTime();
      try (var box = Box.open(Path.of(args[i]), args[name])) {
        long opened = System.nanoTime();
        Vfs.fork(box.files()).read(args[name + 1]);
        long read = System.nanoTime();
        System.out.println((opened - start) / 1e9 + " " + (read - start) / 1e9);
      }
    }
  }
}
