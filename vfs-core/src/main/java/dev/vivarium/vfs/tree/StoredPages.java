package dev.vivarium.vfs.tree;

/**
 * The pages of a stored file.
 *
 * @param size of the file, which its last page may not fill
 */
record StoredPages(StoredTree source, long file, long size, long epoch) implements Radix.Source {
  @Override
  public long next(long from) {
    return source.nextPage(file, from);
  }

  @Override
  public Page value(long number) {
    int length = (int) Math.min(Page.SIZE, size - number * Page.SIZE);
    return new StoredPage(source, source.page(file, number), length, epoch);
  }
}
