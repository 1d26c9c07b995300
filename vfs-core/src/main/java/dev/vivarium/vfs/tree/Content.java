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

  /** The same pages, of which a tree pays for all. */
  Content shared(Tree tree) {
    var shared = new Content();
    for (long number = nextKey(0); number >= 0; number = nextKey(number + 1)) {
      shared.reserve(number, tree.epoch());
      shared.set(number, ((Page) get(number)).shared(tree.sharedEpoch()));
    }
    shared.pages = pages;
    shared.charged = pages;
    return shared;
  }
}
