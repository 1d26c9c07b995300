package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.posix.ErrnoException;
import java.nio.charset.StandardCharsets;

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

  /** The path of an entry for people, on one line whatever the names hold. */
  static String describe(Vfs vfs, Location directory, byte[] name) {
    String parent;
    try {
      parent = text(vfs.pathOf(vfs.superuser(), directory));
    } catch (ErrnoException e) {
      // A path too long to be told: its end must do.
      parent = "...";
    }
    return (parent.equals("/") ? "" : parent) + "/" + text(name);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
