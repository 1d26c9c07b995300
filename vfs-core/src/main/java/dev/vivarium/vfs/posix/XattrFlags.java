package dev.vivarium.vfs.posix;

/** The flags of {@code setxattr(2)}, and the limits of {@code xattr(7)}. */
public final class XattrFlags {
  /** Fail with EEXIST if the attribute is there. */
  public static final int XATTR_CREATE = 1;

  /** Fail with ENODATA if the attribute is not there. */
  public static final int XATTR_REPLACE = 2;

  /** The most bytes of a name. */
  public static final int XATTR_NAME_MAX = 255;

  /** The most bytes of a value. */
  public static final int XATTR_SIZE_MAX = 65536;

  private XattrFlags() {}
}
