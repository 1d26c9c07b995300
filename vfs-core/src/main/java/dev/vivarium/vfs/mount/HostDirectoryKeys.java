package dev.vivarium.vfs.mount;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes inode numbers of the platform's file keys, which are opaque but for their text: {@code
 * (dev=fe00,ino=17)}. A key of another platform is a number itself, or no mapping is possible.
 */
final class HostDirectoryKeys {
  private static final String INO = ",ino=";

  private final String device;

  private HostDirectoryKeys(String device) {
    this.device = device;
  }

  /**
   * For the files of a directory's device.
   *
   * @throws IOException if the platform's keys give no numbers; the message is for people
   */
  static HostDirectoryKeys of(Path directory, Object key) throws IOException {
    var keys = new HostDirectoryKeys(device(String.valueOf(key)));
    if (!(key instanceof Number) && ino(String.valueOf(key)) < 0) {
      throw new IOException(
          directory + " cannot be mapped: its filesystem does not number its files");
    }
    return keys;
  }

  /** The number of the inode with a key; never 0. */
  long number(Object key) {
    if (key instanceof Number number) {
      return number.longValue() + 1;
    }
    String text = String.valueOf(key);
    long ino = ino(text);
    if (ino > 0 && device(text).equals(device)) {
      return ino;
    }
    // Another device numbers its files by itself; far apart, they do not meet ours by chance.
    long mixed = (31L * device(text).hashCode() + ino + 1) * 0x9E3779B97F4A7C15L;
    return (mixed ^ (mixed >>> 29)) | (1L << 62);
  }

  private static String device(String key) {
    int end = key.indexOf(INO);
    return end < 0 ? "" : key.substring(0, end);
  }

  private static long ino(String key) {
    int start = key.indexOf(INO);
    if (start < 0 || !key.endsWith(")")) {
      return -1;
    }
    try {
      return Long.parseUnsignedLong(key, start + INO.length(), key.length() - 1, 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
