package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;

/** The text that both sides have in common: of names, inodes and content. */
final class Text {
  /** The digest of no bytes. */
  static final long EMPTY = 0xcbf29ce484222325L;

  private static final int SHORTEST_RUN = 8;

  private Text() {}

  /** A string in quotes: {@code %HH} is a byte, {@code %xHH,N;} is N times that byte. */
  static String quote(byte[] bytes) {
    var text = new StringBuilder("\"");
    for (int i = 0, run; i < bytes.length; i += run) {
      int c = bytes[i] & 0xff;
      run = 1;
      while (i + run < bytes.length && bytes[i + run] == bytes[i]) {
        run++;
      }
      if (run >= SHORTEST_RUN) {
        text.append("%%x%02x,%d;".formatted(c, run));
        continue;
      }
      run = 1;
      if (c <= ' ' || c >= 127 || c == '"' || c == '%') {
        text.append("%%%02x".formatted(c));
      } else {
        text.append((char) c);
      }
    }
    return text.append('"').toString();
  }

  /** What {@code fstat} and its like answer; inode numbers and times are not comparable yet. */
  static String of(Stat stat) {
    FileType type = stat.type();
    String text =
        letter(type)
            + " 0"
            + Integer.toOctalString(stat.mode() & FileMode.ALL)
            + " "
            + Integer.toUnsignedString(stat.uid())
            + ":"
            + Integer.toUnsignedString(stat.gid())
            + " links="
            + stat.nlink()
            + " size="
            + stat.size()
            + " blocks="
            + stat.blocks()
            + " "
            + inode(stat.dev(), stat.ino())
            + " atime="
            + stat.atime()
            + " mtime="
            + stat.mtime()
            + " ctime="
            + stat.ctime();
    return type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE
        ? text + " rdev=" + major(stat.rdev()) + ":" + minor(stat.rdev())
        : text;
  }

  static String inode(long device, long number) {
    return "ino=" + Long.toHexString(device) + ":" + Long.toHexString(number);
  }

  static char letter(FileType type) {
    return switch (type) {
      case REGULAR -> 'f';
      case DIRECTORY -> 'd';
      case SYMLINK -> 'l';
      case FIFO -> 'p';
      case SOCKET -> 's';
      case CHARACTER_DEVICE -> 'c';
      case BLOCK_DEVICE -> 'b';
    };
  }

  private static long major(long device) {
    return (device >> 8) & 0xfff;
  }

  private static long minor(long device) {
    return (device & 0xff) | ((device >> 12) & 0xfff00);
  }

  /** FNV-1a, which goes on where {@code hash} ended. */
  static long digest(long hash, byte[] bytes, int length) {
    long result = hash;
    for (int i = 0; i < length; i++) {
      result = (result ^ (bytes[i] & 0xff)) * 0x100000001b3L;
    }
    return result;
  }

  /** The bytes that a call writes: they depend on a number and their place. */
  static byte[] pattern(int length, int start) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (start + i * 7 + i / 256);
    }
    return bytes;
  }
}
