package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** Takes names away from the inodes of a tree, as {@link Creation} gives them. */
public final class Removal {
  private final Tree tree;

  public Removal(Tree tree) {
    this.tree = tree;
  }

  /** Removes a name of what is no directory. */
  public void unlink(long directory, Entry entry) {
    remove(directory, entry);
  }

  /**
   * Removes a directory.
   *
   * @throws ErrnoException ENOTEMPTY
   */
  public void removeDirectory(long directory, Entry entry) throws ErrnoException {
    requireEmpty(entry.ino());
    remove(directory, entry);
  }

  private void remove(long directory, Entry entry) {
    var parent = tree.ownDirectory(directory);
    var inode = tree.own(entry.ino());
    long now = tree.now();
    parent.reserve(entry, tree.epoch());
    tree.keepIfPinned(inode);
    // From here on nothing takes memory.
    parent.remove(entry);
    parent.contentChanged(now);
    if (inode.isDirectory()) {
      tree.pathsChanged();
      parent.nlink--;
    }
    lostName(inode, directory, entry, now);
    tree.watches().removed(directory, entry.name());
  }

  void requireEmpty(long directory) throws ErrnoException {
    if (tree.directory(directory).count() > 0) {
      throw Errno.ENOTEMPTY.exception();
    }
  }

  /** Counts a name less, and takes what has none left out of the table. */
  void lostName(Inode inode, long directory, Entry entry, long now) {
    inode.changed(now);
    if (!inode.isDirectory() && inode.nlink() > 1) {
      inode.nlink--;
      creditName(inode);
      if (inode.isHome(directory, entry)) {
        inode.setHome(0, 0);
      }
      return;
    }
    inode.nlink = 0;
    tree.remove(inode);
  }

  private void creditName(Inode inode) {
    if (tree.isOwn(inode)) {
      tree.ledger().credit(inode.uid(), 0, 1);
    } else if (inode.adoptedNames(tree) > 0) {
      inode.adoptNames(-1);
      tree.ledger().credit(inode.uid(), 0, 1);
    }
  }
}
