package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;

/**
 * A tree that is stored outside of the heap, or in a form of its own: what a {@link TreeState} has
 * that makes its inodes when they are first looked up. Immutable, and used by many threads at once.
 *
 * <p>Its inodes have the numbers from {@link Tree#ROOT} on, all of them are there, and names, link
 * counts and homes agree. What became damaged since it was written is told in two places: when an
 * inode is looked up, together with all that says what it contains, and when content is read.
 */
public interface StoredTree extends StoredContent {
  /** How many inodes there are. */
  long inodes();

  /**
   * An inode, without what it contains. What the other methods say of it can be had from now on.
   *
   * @throws ErrnoException EIO if it or what it contains has become damaged, content aside
   */
  StoredInode inode(long ino) throws ErrnoException;

  /** The entries of a directory; the first has the cookie 3, the others follow. */
  Entry[] entries(long directory);

  /** The text of a symbolic link, which becomes the caller's. */
  byte[] target(long symlink);

  /** The first page from {@code from} on that a regular file has, or -1. */
  long nextPage(long file, long from);

  /** Where the content has a page of a regular file that is not in a hole. */
  long page(long file, long number);
}
