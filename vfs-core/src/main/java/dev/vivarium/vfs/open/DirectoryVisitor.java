package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.FileType;

/** Receives the entries of a directory. */
@FunctionalInterface
public interface DirectoryVisitor {
  /**
   * One entry.
   *
   * @param cookie where to go on behind this entry
   * @param name the name's bytes; not to be changed or kept
   * @return whether more entries are wanted
   */
  boolean entry(long cookie, long ino, FileType type, byte[] name);
}
