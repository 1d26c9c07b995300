package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;
import java.util.stream.LongStream;

/** An immutable state of a {@link Tree}, to be shared among threads and trees. */
public final class TreeState {
  /** Of the number of bytes in a page, which may be full. */
  private static final int PAGE_BITS = 13;

  private final Radix inodes;
  private final long nextIno;
  private final Lineage lineage;
  private final long epoch;

  /**
   * Nothing reachable from {@code inodes} is changed any more.
   *
   * @param epoch the last one that anything in it is of
   */
  TreeState(Radix inodes, long nextIno, Lineage lineage, long epoch) {
    this.inodes = inodes;
    this.nextIno = nextIno;
    this.lineage = lineage;
    this.epoch = epoch;
  }

  /** A state that is stored elsewhere, in constant time: its inodes are made as they are needed. */
  public static TreeState of(StoredTree source) {
    long epoch = Epochs.next();
    long nextIno = Tree.ROOT + source.inodes();
    var stored =
        new Radix.Source() {
          @Override
          public long next(long from) {
            long ino = Math.max(from, Tree.ROOT);
            return ino < nextIno ? ino : -1;
          }

          @Override
          public Inode value(long ino) {
            return Inode.of(source, ino, epoch);
          }
        };
    var inodes = new Radix(stored, nextIno - 1, epoch);
    return new TreeState(inodes, nextIno, new Lineage(null, Tree.ROOT + 1), epoch);
  }

  Radix inodes() {
    return inodes;
  }

  long nextIno() {
    return nextIno;
  }

  Lineage lineage() {
    return lineage;
  }

  long epoch() {
    return epoch;
  }

  /** Whether it has an inode with a number that is a directory. */
  public boolean hasDirectory(long ino) {
    return get(ino) instanceof Directory;
  }

  /** Whether a directory, by its number, has a name that means an inode. */
  public boolean hasEntry(long directory, byte[] name, long ino) {
    var entry = get(directory) instanceof Directory found ? found.find(name) : null;
    return entry != null && entry.ino() == ino;
  }

  /** The inode with a number, or null. */
  Inode get(long ino) {
    return (Inode) inodes.get(ino);
  }

  /**
   * Charges what a tree would be charged that had made all of this. Looks at every inode.
   *
   * @throws ErrnoException ENOSPC; EDQUOT
   */
  public void charge(Ledger ledger) throws ErrnoException {
    for (long ino = inodes.nextKey(Tree.ROOT); ino >= 0; ino = inodes.nextKey(ino + 1)) {
      var inode = get(ino);
      // The root is there before anything is charged.
      int names = ino == Tree.ROOT ? 0 : inode.isDirectory() ? 1 : inode.nlink();
      ledger.charge(inode.uid(), inode.bytes(), names);
    }
  }

  /**
   * How many bytes of a content that is stored outside of the heap its files have: once, however
   * many have them.
   */
  public long bytesIn(StoredContent stored) {
    var pages = LongStream.builder();
    for (long ino = inodes.nextKey(Tree.ROOT); ino >= 0; ino = inodes.nextKey(ino + 1)) {
      if (get(ino) instanceof RegularFile file) {
        file.pagesIn(stored, (position, length) -> pages.add(position << PAGE_BITS | length));
      }
    }
    long bytes = 0;
    long last = -1;
    for (long page : pages.build().sorted().toArray()) {
      bytes += page == last ? 0 : page & (1 << PAGE_BITS) - 1;
      last = page;
    }
    return bytes;
  }

  Directory root() {
    return (Directory) get(Tree.ROOT);
  }
}
