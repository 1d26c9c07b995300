package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;

/**
 * Content of files that is stored outside of the heap, by positions. What has a position does not
 * change any more; many threads read it at once.
 */
public interface StoredContent {
  /**
   * Reads content: all of it, from a position on that something is stored at.
   *
   * @throws ErrnoException EIO if it has become damaged
   */
  void read(long position, byte[] target, int offset, int length) throws ErrnoException;
}
