package dev.vivarium.vfs.image;

/** What the codec asks of the name of a directory entry. */
final class EntryName {
  private EntryName() {}

  /** Whether the name is {@code .} or {@code ..}. */
  static boolean isDots(byte[] name) {
    return name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
  }

  /** Whether the name, of a length that fits, can stand in a directory. */
  static boolean isValid(byte[] name) {
    for (byte b : name) {
      if (b == 0 || b == '/') {
        return false;
      }
    }
    return !isDots(name);
  }
}
