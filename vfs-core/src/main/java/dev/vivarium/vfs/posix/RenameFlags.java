package dev.vivarium.vfs.posix;

/** The flags of {@code renameat2(2)}. */
public final class RenameFlags {
  /** Fail with EEXIST rather than replace anything. */
  public static final int RENAME_NOREPLACE = 1;

  /** Exchange the two, whatever they are. */
  public static final int RENAME_EXCHANGE = 2;

  /** Leave a whiteout where the old name was. Not supported: EINVAL. */
  public static final int RENAME_WHITEOUT = 4;

  private RenameFlags() {}
}
