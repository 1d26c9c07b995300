package dev.vivarium.vfs.tree;

/** An immutable state of a {@link Tree}, to be shared among threads and trees. */
public final class TreeState {
  private final Radix inodes;
  private final long nextIno;

  /** Nothing reachable from {@code inodes} is changed any more. */
  TreeState(Radix inodes, long nextIno) {
    this.inodes = inodes;
    this.nextIno = nextIno;
  }

  Radix inodes() {
    return inodes;
  }

  long nextIno() {
    return nextIno;
  }

  /** The inode with a number, or null. */
  Inode get(long ino) {
    return (Inode) inodes.get(ino);
  }

  Directory root() {
    return (Directory) get(Tree.ROOT);
  }
}
