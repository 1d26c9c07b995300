package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;

/** Moves and exchanges names in a tree: {@link Creation} and {@link Removal} in one. */
public final class Renaming {
  private final Tree tree;
  private final Removal removal;

  public Renaming(Tree tree, Removal removal) {
    this.tree = tree;
    this.removal = removal;
  }

  /**
   * Moves an entry, in the place of one of the same kind if the new name is taken.
   *
   * @param victim what has the new name, or null
   * @throws ErrnoException ENOTEMPTY; EMLINK
   */
  public void rename(long fromDirectory, Entry old, long toDirectory, byte[] to, Entry victim)
      throws ErrnoException {
    rename(fromDirectory, old, toDirectory, to, victim, null);
  }

  /**
   * As {@link #rename(long, Entry, long, byte[], Entry)}, and leaves a whiteout where the old name
   * was: a character device 0 without permissions, which is charged as any new inode.
   *
   * @throws ErrnoException ENOTEMPTY; EMLINK; ENOSPC, EDQUOT
   */
  public void renameToWhiteout(
      long fromDirectory, Entry old, long toDirectory, byte[] to, Entry victim, int uid, int gid)
      throws ErrnoException {
    tree.ledger().charge(uid, 0, 1);
    long made = tree.nextIno();
    try {
      tree.reserve(made);
      int mode = FileType.CHARACTER_DEVICE.bits();
      var whiteout = new SpecialFile(tree.epoch(), made, mode, 0, uid, gid, tree.now());
      rename(fromDirectory, old, toDirectory, to, victim, whiteout);
    } finally {
      if (tree.nextIno() == made) {
        tree.ledger().credit(uid, 0, 1);
      }
    }
  }

  /**
   * @param left what takes the place of the old name, with the next inode number, whose place in
   *     the table has been reserved; null for nothing
   */
  private void rename(
      long fromDirectory, Entry old, long toDirectory, byte[] to, Entry victim, SpecialFile left)
      throws ErrnoException {
    if (victim != null && victim.ino() == old.ino()) {
      return;
    }
    boolean isDirectory = old.type() == FileType.DIRECTORY;
    boolean within = fromDirectory == toDirectory;
    if (victim != null && isDirectory) {
      removal.requireEmpty(victim.ino());
    }
    if (isDirectory
        && victim == null
        && !within
        && tree.directory(toDirectory).nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var source = tree.ownDirectory(fromDirectory);
    var target = tree.ownDirectory(toDirectory);
    var moved = tree.own(old.ino());
    var replaced = victim == null ? null : tree.own(victim.ino());
    long now = tree.now();

    source.reserve(old, tree.epoch());
    if (victim != null) {
      target.reserve(victim, tree.epoch());
    }
    long cookie = within && left == null ? old.cookie() : target.nextCookie();
    var entry = Entry.of(to, old.type(), old.ino(), cookie);
    var leftEntry =
        left == null ? null : Entry.of(old.name(), left.type(), left.ino(), old.cookie());
    boolean done = false;
    try {
      if (replaced != null) {
        tree.keepIfPinned(replaced);
      }
      // Each of these takes its memory first; the removal takes none.
      if (within && left == null) {
        target.rename(old, entry, victim, tree.epoch());
      } else if (victim == null) {
        target.add(entry, tree.epoch());
      } else {
        target.replace(victim, entry, tree.epoch());
      }
      done = true;
      if (left != null) {
        source.substitute(old, leftEntry, tree.epoch());
      } else if (!within) {
        source.remove(old);
      }
    } finally {
      if (!done && replaced != null) {
        tree.noLongerKeep(replaced);
      }
    }

    if (isDirectory) {
      tree.pathsChanged();
      source.nlink--;
      if (victim == null) {
        target.nlink++;
      }
    }
    moveHome(moved, fromDirectory, old, toDirectory, entry);
    if (left != null) {
      tree.put(left);
      left.nlink = 1;
      left.setHome(fromDirectory, old.cookie());
    }
    moved.changed(now);
    source.contentChanged(now);
    target.contentChanged(now);
    if (replaced != null) {
      removal.lostName(replaced, toDirectory, victim, now);
    }
    tree.watches().removed(fromDirectory, old.name());
    if (left != null) {
      tree.watches().added(fromDirectory, leftEntry.name());
    }
    tree.watches().added(toDirectory, entry.name());
  }

  /**
   * Exchanges what two names mean; neither is an ancestor of the other.
   *
   * @throws ErrnoException EMLINK
   */
  public void exchange(long firstDirectory, Entry a, long secondDirectory, Entry b)
      throws ErrnoException {
    if (a.ino() == b.ino()) {
      return;
    }
    int moreInSecond = subdirectories(a) - subdirectories(b);
    if (firstDirectory == secondDirectory) {
      moreInSecond = 0;
    }
    if (moreInSecond != 0
        && tree.directory(moreInSecond > 0 ? secondDirectory : firstDirectory).nlink()
            == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var left = tree.ownDirectory(firstDirectory);
    var right = tree.ownDirectory(secondDirectory);
    var x = tree.own(a.ino());
    var y = tree.own(b.ino());
    long now = tree.now();
    left.reserve(a, tree.epoch());
    right.reserve(b, tree.epoch());
    // Names keep their places in the listing.
    var newLeft = Entry.of(a.name(), b.type(), b.ino(), a.cookie());
    var newRight = Entry.of(b.name(), a.type(), a.ino(), b.cookie());
    // From here on nothing takes memory.
    left.substitute(a, newLeft, tree.epoch());
    right.substitute(b, newRight, tree.epoch());
    moveHome(x, firstDirectory, a, secondDirectory, newRight);
    moveHome(y, secondDirectory, b, firstDirectory, newLeft);
    tree.pathsChanged();
    left.nlink -= moreInSecond;
    right.nlink += moreInSecond;
    x.changed(now);
    y.changed(now);
    left.contentChanged(now);
    right.contentChanged(now);
    tree.watches().removed(firstDirectory, a.name());
    tree.watches().added(firstDirectory, newLeft.name());
    tree.watches().removed(secondDirectory, b.name());
    tree.watches().added(secondDirectory, newRight.name());
  }

  private static int subdirectories(Entry entry) {
    return entry.type() == FileType.DIRECTORY ? 1 : 0;
  }

  private static void moveHome(Inode inode, long from, Entry old, long to, Entry entry) {
    if (inode.isDirectory() || inode.nlink() == 1 || inode.isHome(from, old)) {
      inode.setHome(to, entry.cookie());
    }
  }
}
