package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;

/**
 * A file as a call names it: by a path, from the working directory or an open directory on. Has the
 * system calls, whose errors are translated here.
 */
final class FileRef {
  private static final byte[] SELF = {'.'};

  private final VfsFileSystem fileSystem;
  private final VfsDirectoryStream from;
  private final VfsPath path;
  private final VfsPath shown;

  /**
   * @param from where a relative path starts; null for the working directory
   * @param shown what exceptions call the file
   */
  FileRef(VfsFileSystem fileSystem, VfsDirectoryStream from, VfsPath path, VfsPath shown) {
    this.fileSystem = fileSystem;
    this.from = from;
    this.path = path;
    this.shown = shown;
  }

  static boolean followsLinks(LinkOption... options) {
    boolean follows = true;
    for (var option : options) {
      if (option == null) {
        throw new NullPointerException("option");
      }
      follows &= option != LinkOption.NOFOLLOW_LINKS;
    }
    return follows;
  }

  VfsFileSystem fileSystem() {
    return fileSystem;
  }

  VfsPath shown() {
    return shown;
  }

  // ---- looking ------------------------------------------------------------------------------

  Stat stat(boolean follow) throws IOException {
    try {
      return vfs().stat(context(), at(), bytes(), follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  VfsFileAttributes attributes(boolean follow) throws IOException {
    try {
      return new VfsFileAttributes(fileSystem, vfs().statx(context(), at(), bytes(), follow));
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  /** As {@link #stat}; null if there is nothing. */
  Stat statIfPresent(boolean follow) throws IOException {
    try {
      return vfs().stat(context(), at(), bytes(), follow);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw Failures.of(e, shown);
    }
  }

  boolean exists(boolean follow) {
    try {
      vfs().access(context(), at(), bytes(), FileMode.F_OK, follow);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  void access(int mask) throws IOException {
    if (fileSystem.isReadOnly() && (mask & FileMode.W_OK) != 0) {
      access(mask & ~FileMode.W_OK);
      throw Failures.plain(Errno.EROFS.exception(), shown);
    }
    try {
      vfs().access(context(), at(), bytes(), mask, true);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  byte[] readLink() throws IOException {
    try {
      return vfs().readLink(context(), at(), bytes());
    } catch (ErrnoException e) {
      throw Failures.ofLink(e, shown);
    }
  }

  /** Opens a directory to be listed. */
  FileDescription openDirectory(boolean follow) throws IOException {
    int flags = OpenFlags.O_DIRECTORY | (follow ? 0 : OpenFlags.O_NOFOLLOW);
    try {
      return vfs().open(context(), at(), bytes(), flags, 0);
    } catch (ErrnoException e) {
      throw Failures.ofDirectory(e, shown);
    }
  }

  FileDescription open(int flags, int mode) throws IOException {
    if (OpenFlags.writable(flags) || (flags & OpenFlags.O_CREAT) != 0) {
      requireWritable();
    }
    try {
      return vfs().open(context(), at(), bytes(), flags, mode);
    } catch (ErrnoException e) {
      throw (flags & OpenFlags.O_NOFOLLOW) != 0
          ? Failures.ofUnfollowed(e, shown)
          : Failures.of(e, shown);
    }
  }

  // ---- changing -----------------------------------------------------------------------------

  void makeDirectory(int mode) throws IOException {
    requireWritable();
    try {
      vfs().makeDirectory(context(), at(), bytes(), mode);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void makeSymlink(byte[] target) throws IOException {
    requireWritable();
    try {
      vfs().symlink(context(), target, at(), bytes());
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  /** Makes this a further name of a file, not followed if it is a symbolic link. */
  void makeLinkTo(FileRef existing) throws IOException {
    requireWritable();
    try {
      vfs().link(context(), existing.at(), existing.bytes(), false, at(), bytes());
    } catch (ErrnoException e) {
      throw Failures.of(e, shown, existing.shown);
    }
  }

  /** Removes a file or an empty directory. */
  void remove() throws IOException {
    requireWritable();
    try {
      try {
        vfs().unlink(context(), at(), bytes());
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EISDIR) {
          throw e;
        }
        vfs().removeDirectory(context(), at(), bytes());
      }
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void unlink() throws IOException {
    requireWritable();
    try {
      vfs().unlink(context(), at(), bytes());
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void removeDirectory() throws IOException {
    requireWritable();
    try {
      vfs().removeDirectory(context(), at(), bytes());
    } catch (ErrnoException e) {
      throw Failures.ofDirectory(e, shown);
    }
  }

  /**
   * {@code renameat2(2)} within one filesystem; the errno tells whether it can be done otherwise.
   */
  void renameTo(FileRef target, int flags) throws ErrnoException {
    requireWritable();
    vfs().rename(context(), at(), bytes(), target.at(), target.bytes(), flags);
  }

  void changeMode(int mode, boolean follow) throws IOException {
    requireWritable();
    try {
      vfs().changeMode(context(), at(), bytes(), mode, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  /** Sets owner and group; -1 leaves one alone. */
  void changeOwner(int uid, int gid, boolean follow) throws IOException {
    requireWritable();
    try {
      vfs().changeOwner(context(), at(), bytes(), uid, gid, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void setTimes(TimeChange access, TimeChange modification, boolean follow) throws IOException {
    requireWritable();
    try {
      vfs().setTimes(context(), at(), bytes(), access, modification, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  byte[] getXattr(byte[] name, boolean follow) throws IOException {
    try {
      return vfs().getXattr(context(), at(), bytes(), name, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  List<byte[]> listXattr(boolean follow) throws IOException {
    try {
      return vfs().listXattr(context(), at(), bytes(), follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void setXattr(byte[] name, byte[] value, boolean follow) throws IOException {
    requireWritable();
    try {
      vfs().setXattr(context(), at(), bytes(), name, value, 0, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  void removeXattr(byte[] name, boolean follow) throws IOException {
    requireWritable();
    try {
      vfs().removeXattr(context(), at(), bytes(), name, follow);
    } catch (ErrnoException e) {
      throw Failures.of(e, shown);
    }
  }

  // ---- below --------------------------------------------------------------------------------

  void requireWritable() {
    if (fileSystem.isReadOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  private Vfs vfs() {
    return fileSystem.vfs();
  }

  private FsContext context() {
    return fileSystem.context();
  }

  private Location at() {
    return from == null ? fileSystem.context().workingDirectory() : from.location();
  }

  private byte[] bytes() {
    return path.isEmpty() ? SELF : path.bytes();
  }
}
