package dev.vivarium.vfs.posix;

/** The bits of a mode below the {@link FileType}: {@code <sys/stat.h>}. */
public final class FileMode {
  /** The type bits of a mode. */
  public static final int S_IFMT = 0170000;

  public static final int S_ISUID = 04000;
  public static final int S_ISGID = 02000;
  public static final int S_ISVTX = 01000;

  /** All permission bits of owner, group and others. */
  public static final int PERMISSIONS = 0777;

  /** The bits that {@code chmod(2)} can change. */
  public static final int ALL = 07777;

  /** Bits of {@code access(2)}, and of one octal digit of the permissions. */
  public static final int R_OK = 4;

  public static final int W_OK = 2;
  public static final int X_OK = 1;
  public static final int F_OK = 0;

  private FileMode() {}
}
