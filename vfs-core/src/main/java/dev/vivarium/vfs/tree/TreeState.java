package dev.vivarium.vfs.tree;

/** An immutable state of a {@link Tree}, to be shared among threads and trees. */
public final class TreeState {
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

  /** The inode with a number, or null. */
  Inode get(long ino) {
    return (Inode) inodes.get(ino);
  }

  Directory root() {
    return (Directory) get(Tree.ROOT);
  }
}
