package dev.vivarium.vfs.posix;

/** The flags of {@code open(2)}, with the values that Linux gives them on most architectures. */
public final class OpenFlags {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;

  /** The bits that hold one of {@code O_RDONLY}, {@code O_WRONLY} and {@code O_RDWR}. */
  public static final int O_ACCMODE = 3;

  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DSYNC = 010000;
  public static final int O_DIRECTORY = 0200000;
  public static final int O_NOFOLLOW = 0400000;
  public static final int O_NOATIME = 01000000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_SYNC = 04010000;
  public static final int O_PATH = 010000000;

  /** Makes a file without a name; its own bit, and O_DIRECTORY. */
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  /** The flags that {@code fcntl(F_SETFL)} can change. */
  public static final int SETTABLE = O_APPEND | O_NONBLOCK | O_NOATIME;

  private OpenFlags() {}

  /** Whether the access mode allows reading. All bits of it together allow nothing. */
  public static boolean readable(int flags) {
    return (flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR;
  }

  /** Whether the access mode allows writing. */
  public static boolean writable(int flags) {
    return (flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR;
  }
}
