package dev.vivarium.vfs.posix;

/** What {@code pathconf(3)} answers; the same for every path. */
public enum PathLimit {
  /** The most names of a file. */
  LINK_MAX(Integer.MAX_VALUE),
  /** The most bytes of a name. */
  NAME_MAX(255),
  /** The bytes of a path, with the 0 behind it. */
  PATH_MAX(4096),
  /** The most bytes that are written to a pipe in one piece. */
  PIPE_BUF(4096),
  /** Files are not given away. */
  CHOWN_RESTRICTED(1),
  /** A name that is too long is an error. */
  NO_TRUNC(1),
  /** The bits of a file's size. */
  FILESIZEBITS(64),
  /** Symbolic links can be made. */
  POSIX2_SYMLINKS(1),
  /** The most bytes of a symbolic link's text. */
  SYMLINK_MAX(4095);

  private final long value;

  PathLimit(long value) {
    this.value = value;
  }

  public long value() {
    return value;
  }
}
