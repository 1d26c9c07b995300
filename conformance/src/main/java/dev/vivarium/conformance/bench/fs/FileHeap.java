package dev.vivarium.conformance.bench.fs;

/** Measures what files cost of the heap, in a process of its own. */
public final class FileHeap {
  private static final int FILES = 100_000;

  private FileHeap() {}

  /**
   * Prints the bytes of heap for each file of a directory, with a name of eight characters.
   *
   * @param args the contender; the length of each file
   */
  public static void main(String[] args) throws Exception {
    var tree = Contender.valueOf(args[0]).open();
    tree.at("/d").makeDirectory();
    add(tree, 1, 0);
    long before = used();
    add(tree, FILES, Integer.parseInt(args[1]));
    System.out.println((used() - before) / (double) FILES);
    tree.close();
  }

  private static void add(FileTree tree, int count, int length) throws Exception {
    var content = new byte[length];
    for (int i = 0; i < count; i++) {
      var place = tree.at("/d/%c%07d".formatted(count == 1 ? 'a' : 'f', i));
      if (length == 0) {
        place.create();
      } else {
        try (var file = place.openToWrite()) {
          file.write(content);
        }
      }
    }
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
