package dev.vivarium.vfs.nio;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permissions as java.nio.file has them, and as the bits of a mode. */
final class FilePermissions {
  private static final String ATTRIBUTE = "posix:permissions";
  // In the order of the bits, from the highest.
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  private FilePermissions() {}

  static Set<PosixFilePermission> of(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(BITS[i]);
      }
    }
    return permissions;
  }

  static int mode(Set<?> permissions) {
    int mode = 0;
    for (var permission : permissions) {
      mode |= 0400 >> ((PosixFilePermission) permission).ordinal();
    }
    return mode;
  }

  /**
   * The mode, before the umask, of a new file.
   *
   * @throws UnsupportedOperationException for attributes that a file cannot be made with
   */
  static int initial(int otherwise, FileAttribute<?>... attributes) {
    int mode = otherwise;
    for (var attribute : attributes) {
      if (!attribute.name().equals(ATTRIBUTE)) {
        throw new UnsupportedOperationException(attribute.name() + " cannot be set at creation");
      }
      mode = mode((Set<?>) attribute.value());
    }
    return mode;
  }

  /** For what is made without attributes. */
  static void requireNone(FileAttribute<?>... attributes) {
    for (var attribute : attributes) {
      throw new UnsupportedOperationException(attribute.name() + " cannot be set at creation");
    }
  }
}
