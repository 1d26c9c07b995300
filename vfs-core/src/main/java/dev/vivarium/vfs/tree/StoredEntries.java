package dev.vivarium.vfs.tree;

/** The entries of a stored directory, which are made once, when any of them is first needed. */
final class StoredEntries implements Radix.Source {
  private static final long FIRST = Directory.PARENT + 1;

  private final StoredTree source;
  private final long directory;
  private Entry[] entries;

  StoredEntries(StoredTree source, long directory) {
    this.source = source;
    this.directory = directory;
  }

  /** All, by ascending cookies; not to be changed. */
  synchronized Entry[] all() {
    if (entries == null) {
      entries = source.entries(directory);
    }
    return entries;
  }

  @Override
  public long next(long from) {
    long cookie = Math.max(from, FIRST);
    return cookie - FIRST < all().length ? cookie : -1;
  }

  @Override
  public Entry value(long cookie) {
    return all()[(int) (cookie - FIRST)];
  }
}
