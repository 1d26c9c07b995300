package dev.vivarium.vfs.posix;

/** The flags of {@code renameat2(2)}. */
public final class RenameFlags {
  /** Fail with EEXIST rather than replace anything. */
  public static final int RENAME_NOREPLACE = 1;

  /** Exchange the two, whatever they are. */
  public static final int RENAME_EXCHANGE = 2;

  /** Leave a whiteout where the old name was: a character device 0, which anybody may make. */
  public static final int RENAME_WHITEOUT = 4;

  /** All of them. */
  public static final int ALL = RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT;

  private RenameFlags() {}
}
