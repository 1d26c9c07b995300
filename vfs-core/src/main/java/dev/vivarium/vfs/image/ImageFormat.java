package dev.vivarium.vfs.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The constants of the format that {@code package-info} defines. */
final class ImageFormat {
  /** Not ASCII in its first byte, so that no text file passes for an image. */
  private static final byte[] MAGIC = {(byte) 0x89, 'V', 'I', 'V', 'T', 'R', 'E', 'E'};

  static final int VERSION = 1;

  /** The most bytes that a block decodes to; every block but the last has as many. */
  static final int BLOCK = 1 << 18;

  static final int END = 0;
  static final int DIRECTORY = 1;
  static final int REGULAR = 2;
  static final int SYMLINK = 3;
  static final int LINK = 4;
  static final int NODE = 5;

  /** In the tag of a REGULAR, SYMLINK or NODE that a LINK may name. */
  static final int SHARED = 0x10;

  /** In the mode of an inode that has extended attributes. */
  static final int HAS_XATTRS = 010000;

  static final int NAME_MAX = 255;
  static final int TARGET_MAX = 4095;
  static final int SYMLINK_MODE = 0777;

  private ImageFormat() {}

  static byte[] magic() {
    return MAGIC.clone();
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
