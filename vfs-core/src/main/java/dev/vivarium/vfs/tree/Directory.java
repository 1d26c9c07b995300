package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.FileType;

/**
 * A directory: names to entries, and the entries in the order in which they came. A cookie is an
 * entry's place in that order; it never moves, and is never given twice.
 */
public final class Directory extends Inode {
  /** The cookies of {@code .} and {@code ..}. */
  public static final long SELF = 1;

  public static final long PARENT = 2;

  // What tmpfs says that an entry takes.
  private static final int ENTRY_SIZE = 20;

  final NameTrie names;
  final Radix order;
  private long nextCookie;
  private int count;

  Directory(long epoch, long ino, int permissions, int uid, int gid, long now) {
    super(epoch, ino, FileType.DIRECTORY.bits() | permissions, uid, gid, now);
    names = new NameTrie();
    order = new Radix();
    nextCookie = PARENT + 1;
    nlink = 2;
  }

  Directory(StoredTree source, long epoch, long ino, StoredInode stored) {
    super(epoch, ino, stored);
    count = stored.parts();
    nextCookie = PARENT + 1 + count;
    if (count == 0) {
      names = new NameTrie();
      order = new Radix();
    } else {
      var entries = new StoredEntries(source, ino);
      names = new NameTrie(entries, epoch);
      order = new Radix(entries, nextCookie - 1, epoch);
    }
  }

  private Directory(Tree tree, Directory original) {
    super(tree, original);
    names = original.names.copy();
    order = original.order.copy();
    nextCookie = original.nextCookie;
    count = original.count;
  }

  /** What is left of one that has been removed with all that was in it. */
  private Directory(Tree tree, Directory original, long nextCookie) {
    super(tree, original);
    names = new NameTrie();
    order = new Radix();
    this.nextCookie = nextCookie;
  }

  @Override
  Inode copy(Tree tree) {
    return new Directory(tree, this);
  }

  @Override
  Inode withoutName(Tree tree) {
    return lost(new Directory(tree, this, nextCookie));
  }

  @Override
  public long size() {
    return (2L + count) * ENTRY_SIZE;
  }

  /** How many names it has, not counting {@code .} and {@code ..}. */
  public int count() {
    return count;
  }

  /** Whether it has been removed, and is only kept open. */
  public boolean isDead() {
    return nlink == 0;
  }

  /** The inode number that {@code ..} means. */
  public long parent() {
    return homeDirectory();
  }

  /** The entry of a name, or null. Allocates nothing. */
  public Entry find(byte[] path, int offset, int length) {
    return count == 0 ? null : names.get(path, offset, length, NameHash.of(path, offset, length));
  }

  Entry find(byte[] name) {
    return find(name, 0, name.length);
  }

  /** The entry with this cookie, or null. */
  Entry at(long cookie) {
    return (Entry) order.get(cookie);
  }

  /** The first entry behind a cookie, or null. */
  public Entry after(long cookie) {
    long next = order.nextKey(Math.max(cookie, PARENT) + 1);
    return next < 0 ? null : (Entry) order.get(next);
  }

  long nextCookie() {
    return nextCookie;
  }

  /** Adds an entry with the next cookie. Takes all memory before it changes anything. */
  void add(Entry entry, long epoch) {
    order.reserve(entry.cookie(), epoch);
    names.put(entry, epoch);
    order.set(entry.cookie(), entry);
    nextCookie = entry.cookie() + 1;
    count++;
  }

  /** Makes sure that {@link #remove} of an entry needs no memory. */
  void reserve(Entry entry, long epoch) {
    order.reserve(entry.cookie(), epoch);
    names.reserve(entry, epoch);
  }

  /** Removes an entry that is {@linkplain #reserve reserved}. */
  void remove(Entry entry) {
    names.remove(entry);
    order.clear(entry.cookie());
    count--;
  }

  /**
   * Puts an entry in the place of the one, {@linkplain #reserve reserved}, that has its name; its
   * own cookie is the next one. Takes all memory before it changes anything.
   */
  void replace(Entry replaced, Entry entry, long epoch) {
    order.reserve(entry.cookie(), epoch);
    names.put(entry, epoch);
    order.set(entry.cookie(), entry);
    order.clear(replaced.cookie());
    nextCookie = entry.cookie() + 1;
  }

  /** Lets a name, {@linkplain #reserve reserved} as {@code old}, mean another inode. */
  void substitute(Entry old, Entry entry, long epoch) {
    names.put(entry, epoch);
    order.set(old.cookie(), entry);
  }

  /**
   * Gives an entry another name in the same place of the order.
   *
   * @param from reserved, as is {@code replaced}
   * @param replaced what has the new name, or null
   */
  void rename(Entry from, Entry to, Entry replaced, long epoch) {
    names.put(to, epoch);
    names.remove(from);
    order.set(to.cookie(), to);
    if (replaced != null) {
      order.clear(replaced.cookie());
      count--;
    }
  }
}
