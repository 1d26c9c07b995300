package dev.vivarium.vfs.posix;

/** The flags of the {@code *at} calls, with the values that Linux gives them. */
public final class AtFlags {
  /** Do not follow a symbolic link at the end. */
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** {@code faccessat2(2)}: with the effective ids instead of the real ones. */
  public static final int AT_EACCESS = 0x200;

  /** An empty path means what the descriptor itself refers to. */
  public static final int AT_EMPTY_PATH = 0x1000;

  private AtFlags() {}
}
