package dev.vivarium.vfs.image;

/** What the codec asks of the name of a directory entry. */
final class EntryName {
  private EntryName() {}

  /** Whether the name is {@code .} or {@code ..}. */
  static boolean isDots(byte[] bytes, int offset, int length) {
    return length <= 2 && bytes[offset] == '.' && bytes[offset + length - 1] == '.';
  }

  /** Whether the name, of a length that fits, can stand in a directory. */
  static boolean isValid(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == 0 || bytes[i] == '/') {
        return false;
      }
    }
    return !isDots(bytes, offset, length);
  }
}
