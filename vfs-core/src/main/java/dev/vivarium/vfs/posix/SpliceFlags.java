package dev.vivarium.vfs.posix;

/** The flags of {@code splice(2)}. All but SPLICE_F_NONBLOCK are hints. */
public final class SpliceFlags {
  public static final int SPLICE_F_MOVE = 1;

  /** Answer EAGAIN rather than wait for the pipe. */
  public static final int SPLICE_F_NONBLOCK = 2;

  public static final int SPLICE_F_MORE = 4;
  public static final int SPLICE_F_GIFT = 8;

  /** All that there are. */
  public static final int ALL = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

  private SpliceFlags() {}
}
