package dev.vivarium.vfs.tree;

import java.util.function.Consumer;

/**
 * The inodes of a tree by number: a {@link Radix}, and in front of it those that were looked up
 * last, since every name on the way of a path means a look-up.
 */
final class InodeTable {
  // A power of two; 1 KiB in every fork.
  private static final int RECENT = 256;

  private final Radix all;
  private final Inode[] recent = new Inode[RECENT];

  InodeTable(Radix all) {
    this.all = all;
  }

  /** The inode with a number, or null. */
  Inode get(long ino) {
    int slot = slot(ino);
    var found = recent[slot];
    if (found == null || found.ino() != ino) {
      found = (Inode) all.get(ino);
      recent[slot] = found;
    }
    return found;
  }

  /** Makes sure that {@link #set} and {@link #clear} need no memory. */
  void reserve(long ino, long epoch) {
    all.reserve(ino, epoch);
  }

  /** Sets an inode whose number is {@linkplain #reserve reserved}. */
  void set(Inode inode) {
    all.set(inode.ino(), inode);
    recent[slot(inode.ino())] = inode;
  }

  /** Removes an inode whose number is {@linkplain #reserve reserved}. */
  void clear(long ino) {
    all.clear(ino);
    recent[slot(ino)] = null;
  }

  /** The content, as it is now. */
  Radix copy() {
    return all.copy();
  }

  void forEach(Consumer<Inode> visitor) {
    all.forEach(inode -> visitor.accept((Inode) inode));
  }

  /** At least those of an epoch and later ones; none of nodes that are older. */
  void forEachSince(long epoch, Consumer<Inode> visitor) {
    all.forEachSince(epoch, inode -> visitor.accept((Inode) inode));
  }

  private static int slot(long ino) {
    return (int) ino & (RECENT - 1);
  }
}
