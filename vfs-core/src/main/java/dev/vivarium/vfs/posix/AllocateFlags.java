package dev.vivarium.vfs.posix;

/** The modes of {@code fallocate(2)}. */
public final class AllocateFlags {
  /** The file's size stays, also where storage is given behind its end. */
  public static final int FALLOC_FL_KEEP_SIZE = 0x01;

  /** The range becomes a hole; only with FALLOC_FL_KEEP_SIZE. */
  public static final int FALLOC_FL_PUNCH_HOLE = 0x02;

  public static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;
  public static final int FALLOC_FL_ZERO_RANGE = 0x10;
  public static final int FALLOC_FL_INSERT_RANGE = 0x20;
  public static final int FALLOC_FL_UNSHARE_RANGE = 0x40;

  private AllocateFlags() {}

  /** Whether Linux knows a mode, on whatever filesystem. */
  public static boolean known(int mode) {
    boolean keepsSize = (mode & FALLOC_FL_KEEP_SIZE) != 0;
    return switch (mode & ~FALLOC_FL_KEEP_SIZE) {
      case 0, FALLOC_FL_ZERO_RANGE, FALLOC_FL_UNSHARE_RANGE -> true;
      case FALLOC_FL_PUNCH_HOLE -> keepsSize;
      case FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE -> !keepsSize;
      default -> false;
    };
  }
}
