package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Translates between the platform's attributes of files and those of POSIX. */
final class HostDirectoryAttributes {
  // In the order of the bits, the highest first.
  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

  private HostDirectoryAttributes() {}

  /** The type; a socket stands for all that is no file, directory or symbolic link. */
  static FileType type(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return FileType.REGULAR;
    } else if (attributes.isDirectory()) {
      return FileType.DIRECTORY;
    }
    return attributes.isSymbolicLink() ? FileType.SYMLINK : FileType.SOCKET;
  }

  static Stat stat(long device, long ino, PosixFileAttributes attributes) {
    return stat(device, ino, attributes, attributes.permissions());
  }

  static Stat stat(
      long device, long ino, BasicFileAttributes attributes, Set<PosixFilePermission> permissions) {
    int mode = type(attributes).bits();
    for (var permission : permissions) {
      mode |= bit(permission);
    }
    long modified = nanos(attributes.lastModifiedTime());
    return new Stat(
        device,
        ino,
        mode,
        1,
        0,
        0,
        0,
        attributes.size(),
        blocks(attributes.size()),
        nanos(attributes.lastAccessTime()),
        modified,
        modified);
  }

  /** What is known of an inode that has no name any more. */
  static Stat withoutNames(Stat last, long size) {
    return with(last, 0, size);
  }

  /** The same with another size. */
  static Stat withSize(Stat stat, long size) {
    return with(stat, stat.nlink(), size);
  }

  private static Stat with(Stat last, long nlink, long size) {
    return new Stat(
        last.dev(),
        last.ino(),
        last.mode(),
        nlink,
        last.uid(),
        last.gid(),
        last.rdev(),
        size,
        blocks(size),
        last.atime(),
        last.mtime(),
        last.ctime());
  }

  static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (var permission : PERMISSIONS) {
      if ((mode & bit(permission)) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  /** Permissions for what is made, of which the host's umask takes its part. */
  static FileAttribute<Set<PosixFilePermission>> initial(int mode) {
    return PosixFilePermissions.asFileAttribute(permissions(mode));
  }

  private static int bit(PosixFilePermission permission) {
    return 0400 >> permission.ordinal();
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  private static long blocks(long size) {
    return size / 512 + (size % 512 == 0 ? 0 : 1);
  }
}
