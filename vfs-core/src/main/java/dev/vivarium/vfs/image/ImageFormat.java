package dev.vivarium.vfs.image;

/** The constants of the format that {@code package-info} defines. */
final class ImageFormat {
  /** Not ASCII in its first byte, so that no text file passes for an image; then VIVTREE. */
  static final long MAGIC = 0x89_56_49_56_54_52_45_45L;

  static final int VERSION = 3;

  /** The magic and the version. */
  static final int HEADER = 9;

  /** What is verified as a whole when some of it is read first. */
  static final int BLOCK = 1 << 16;

  static final int PAGE = 4096;

  static final int INODE = 72;
  static final int ENTRY = 12;
  static final int EXTENT = 20;
  static final int SUM = 4;
  static final int TRAILER = 40;

  static final int NAME_MAX = 255;
  static final int TARGET_MAX = 4095;
  static final int SYMLINK_MODE = 0777;

  private ImageFormat() {}

  static ImageFormatException damaged(String how) {
    return new ImageFormatException("the image is damaged: " + how);
  }
}
