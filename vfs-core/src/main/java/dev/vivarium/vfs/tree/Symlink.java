package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.FileType;

/** A symbolic link. */
public final class Symlink extends Inode {
  // What tmpfs keeps in the inode itself; a longer text takes a page there.
  private static final int SHORT = 127;

  private final byte[] target;

  Symlink(long epoch, long ino, byte[] target, int uid, int gid, long now) {
    super(epoch, ino, FileType.SYMLINK.bits() | 0777, uid, gid, now);
    this.target = target;
  }

  Symlink(long epoch, long ino, StoredInode stored, byte[] target) {
    super(epoch, ino, stored);
    this.target = target;
  }

  private Symlink(Tree tree, Symlink original) {
    super(tree, original);
    target = original.target;
  }

  @Override
  Inode copy(Tree tree) {
    return new Symlink(tree, this);
  }

  /** The text; not to be changed. */
  public byte[] target() {
    return target;
  }

  @Override
  public long size() {
    return target.length;
  }

  @Override
  long blocks() {
    return target.length <= SHORT ? 0 : Page.SIZE / 512;
  }

  @Override
  long contentBytes() {
    return target.length;
  }

  @Override
  long chargedContent(Tree tree) {
    return tree.isOwn(this) ? target.length : 0;
  }
}
