package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/**
 * Makes the inodes of a tree, and gives them names.
 *
 * <p>As for all changes of a tree, names must have been checked, and whether they are there. What
 * can still fail, for want of room, fails before anything has changed.
 */
public final class Creation {
  private final Tree tree;

  public Creation(Tree tree) {
    this.tree = tree;
  }

  /** Makes an empty regular file. */
  public Inode file(long directory, byte[] name, int permissions, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        0,
        new RegularFile(tree.epoch(), tree.nextIno(), permissions, uid, gid, tree.now()));
  }

  /** Makes a directory. */
  public Inode directory(long directory, byte[] name, int permissions, int uid, int gid)
      throws ErrnoException {
    if (tree.directory(directory).nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var made =
        create(
            directory,
            name,
            0,
            new Directory(tree.epoch(), tree.nextIno(), permissions, uid, gid, tree.now()));
    tree.directory(directory).nlink++;
    return made;
  }

  /** Makes a symbolic link. */
  public Inode symlink(long directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        target.length,
        new Symlink(tree.epoch(), tree.nextIno(), target.clone(), uid, gid, tree.now()));
  }

  /**
   * Makes a device node, a FIFO or a socket.
   *
   * @param mode with the type
   * @param rdev the device's number; 0 for what is no device
   */
  public Inode special(long directory, byte[] name, int mode, long rdev, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        0,
        new SpecialFile(tree.epoch(), tree.nextIno(), mode, rdev, uid, gid, tree.now()));
  }

  /** Takes an inode in that has just been made, with the next number. */
  private Inode create(long directory, byte[] name, long bytes, Inode inode) throws ErrnoException {
    tree.ledger().charge(inode.uid(), bytes, 1);
    boolean done = false;
    try {
      var parent = tree.ownDirectory(directory);
      var entry = Entry.of(name, inode.type(), inode.ino(), parent.nextCookie());
      tree.reserve(inode.ino());
      parent.add(entry, tree.epoch());
      tree.put(inode);
      if (!inode.isDirectory()) {
        inode.nlink = 1;
      }
      inode.setHome(directory, entry.cookie());
      parent.contentChanged(inode.birthTime());
      done = true;
      tree.watches().added(directory, name);
      return inode;
    } finally {
      if (!done) {
        tree.ledger().credit(inode.uid(), bytes, 1);
      }
    }
  }

  /**
   * Makes an empty regular file without a name, and {@linkplain Tree#pin pins} it.
   *
   * @param mayBeLinked whether {@link #link} may give it a name later
   */
  public Inode unnamed(int permissions, int uid, int gid, boolean mayBeLinked)
      throws ErrnoException {
    tree.ledger().charge(uid, 0, 1);
    boolean done = false;
    try {
      var inode = new RegularFile(tree.epoch(), tree.nextIno(), permissions, uid, gid, tree.now());
      tree.putUnnamed(inode, mayBeLinked);
      done = true;
      return inode;
    } finally {
      if (!done) {
        tree.ledger().credit(uid, 0, 1);
      }
    }
  }

  /**
   * Gives an inode one more name.
   *
   * @throws ErrnoException ENOENT if it has lost its last name, or was made to have none; EMLINK;
   *     ENOSPC, EDQUOT
   */
  public void link(long ino, long directory, byte[] name) throws ErrnoException {
    var inode = tree.get(ino);
    boolean unnamed = inode.nlink() == 0;
    if (unnamed && !tree.mayBeLinked(ino)) {
      throw Errno.ENOENT.exception();
    }
    if (inode.nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    int owner = inode.uid();
    // What has no name yet has been charged as if it had one.
    int more = unnamed ? 0 : 1;
    tree.ledger().charge(owner, 0, more);
    boolean done = false;
    try {
      long now = tree.now();
      var linked = tree.own(ino);
      var parent = tree.ownDirectory(directory);
      var entry = Entry.of(name, linked.type(), ino, parent.nextCookie());
      if (unnamed) {
        tree.reserve(ino);
      }
      parent.add(entry, tree.epoch());
      done = true;
      if (!tree.isOwn(linked)) {
        linked.adoptNames(1);
      }
      if (unnamed) {
        tree.putNamed(linked);
      }
      linked.nlink++;
      linked.setHome(directory, entry.cookie());
      linked.changed(now);
      parent.contentChanged(now);
      tree.watches().added(directory, name);
    } finally {
      if (!done) {
        tree.ledger().credit(owner, 0, more);
      }
    }
  }
}
