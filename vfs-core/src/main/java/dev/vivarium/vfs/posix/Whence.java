package dev.vivarium.vfs.posix;

/** What an offset of {@code lseek(2)} counts from. */
public enum Whence {
  SET,
  CUR,
  END,
  /** The next byte of data at or after the offset. */
  DATA,
  /** The next hole at or after the offset; the end of the file is one. */
  HOLE
}
