package dev.vivarium.vfs.tree;

/** The pages of a file by number, and how many there are. What an empty file does not need. */
final class Content extends Radix {
  /** The pages that are stored. */
  int pages;

  /** Those of them that the tree of the file's epoch made. */
  int charged;

  Content() {}

  /** A copy for another epoch, which shares all nodes. */
  Content(Content original, int charged) {
    super(original);
    this.pages = original.pages;
    this.charged = charged;
  }
}
