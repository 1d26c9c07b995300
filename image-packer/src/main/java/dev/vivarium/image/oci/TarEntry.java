package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A member of a tar archive, without its content. Names are the bytes that they are.
 *
 * @param kind the type flag: one of the constants
 * @param mode permission bits
 * @param mtime nanoseconds since the epoch
 * @param link where a symbolic link leads, or what a hard link is another name of
 * @param device as {@code makedev(3)} encodes it in 32 bits
 * @param xattrs values by name, whose characters are its bytes
 */
record TarEntry(
    byte[] name,
    char kind,
    int mode,
    int uid,
    int gid,
    long size,
    long mtime,
    byte[] link,
    long device,
    SortedMap<String, byte[]> xattrs) {
  static final char REGULAR = '0';
  static final char HARD_LINK = '1';
  static final char SYMLINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';

  static final int BLOCK = 512;
  static final byte[] NO_LINK = {};

  /** What begins the names of extended attributes among the records of a header. */
  static final String XATTR = "SCHILY.xattr.";

  TarEntry {
    xattrs = new TreeMap<>(xattrs);
  }

  /** An empty file of root's, which a whiteout is. */
  static TarEntry marker(byte[] name, long mtime) {
    return new TarEntry(name, REGULAR, 0, 0, 0, 0, mtime, NO_LINK, 0, new TreeMap<>(Map.of()));
  }

  /** The name of an extended attribute as text, which gives its bytes back in ISO 8859-1. */
  static String xattrName(byte[] name) {
    return new String(name, ISO_8859_1);
  }

  /** The name for people. */
  String text() {
    return new String(name, UTF_8);
  }
}
