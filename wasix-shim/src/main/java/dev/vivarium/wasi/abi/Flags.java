package dev.vivarium.wasi.abi;

/** The flag bits of preview1 and WASIX. */
public final class Flags {
  /** {@code lookupflags}: follow a symbolic link in the last component. */
  public static final int SYMLINK_FOLLOW = 1;

  /** {@code oflags}. */
  public static final int O_CREAT = 1;

  public static final int O_DIRECTORY = 2;
  public static final int O_EXCL = 4;
  public static final int O_TRUNC = 8;

  /** {@code fdflags}. */
  public static final int APPEND = 1;

  public static final int DSYNC = 2;
  public static final int NONBLOCK = 4;
  public static final int RSYNC = 8;
  public static final int SYNC = 16;

  /** {@code fdflagsext} of WASIX. */
  public static final int CLOEXEC = 1;

  /** {@code fstflags}. */
  public static final int ATIM = 1;

  public static final int ATIM_NOW = 2;
  public static final int MTIM = 4;
  public static final int MTIM_NOW = 8;

  /** {@code subclockflags}: the time-out is a point in time, not a span. */
  public static final int ABSTIME = 1;

  /** {@code eventrwflags}: the other side is gone. */
  public static final int HANGUP = 1;

  /** {@code riflags}. */
  public static final int RECV_PEEK = 1;

  public static final int RECV_WAITALL = 2;

  private Flags() {}
}
