package dev.vivarium.vfs.tree;

/** The pages of a file by number, and how many there are. What an empty file does not need. */
final class Content extends Radix {
  /** The pages that are stored. */
  int pages;

  /** Those of them that the tree of the file's epoch made. */
  int charged;

  Content() {}

  /** What is stored; see {@link Radix#Radix(Source, long, long)}. */
  Content(Source stored, long last, int pages, long epoch) {
    super(stored, last, epoch);
    this.pages = pages;
  }

  /** A copy for another epoch, which shares all nodes. */
  Content(Content original, int charged) {
    super(original);
    this.pages = original.pages;
    this.charged = charged;
  }
}
