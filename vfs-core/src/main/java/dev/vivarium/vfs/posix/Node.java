package dev.vivarium.vfs.posix;

/** An inode as path resolution and permission checks see it. */
public interface Node {
  /** Its number on its filesystem; never 0. */
  long ino();

  /** Type and permission bits. */
  int mode();

  int uid();

  int gid();

  default FileType type() {
    return FileType.of(mode());
  }

  default boolean isDirectory() {
    return (mode() & FileMode.S_IFMT) == FileType.DIRECTORY.bits();
  }

  default boolean isSymlink() {
    return (mode() & FileMode.S_IFMT) == FileType.SYMLINK.bits();
  }

  default boolean isRegular() {
    return (mode() & FileMode.S_IFMT) == FileType.REGULAR.bits();
  }
}
