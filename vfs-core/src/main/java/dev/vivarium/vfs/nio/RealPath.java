package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.util.Arrays;

/** {@code realpath(3)}, by what the tree says that its directories are called. */
final class RealPath {
  private static final int MAX_SYMLINKS = 40;

  private final VfsFileSystem fileSystem;

  RealPath(VfsFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  VfsPath of(VfsPath path, boolean follow) throws IOException {
    // Whatever is wrong with the path is said here, as it is said of any path.
    path.file().stat(follow);
    try {
      return follow ? followed(path) : unfollowed(path.toAbsolutePath());
    } catch (ErrnoException e) {
      throw Failures.of(e, path);
    }
  }

  private VfsPath followed(VfsPath path) throws ErrnoException, IOException {
    byte[] text = path.isEmpty() ? new byte[] {'.'} : path.bytes();
    for (int links = 0; links <= MAX_SYMLINKS; links++) {
      var present = VfsPath.of(fileSystem, text);
      var name = present.getFileName();
      if (name == null || endsWithDots(name)) {
        return directory(present);
      }
      var parent = present.getParent();
      var place = directory(parent == null ? VfsPath.of(fileSystem, new byte[] {'.'}) : parent);
      var real = place.resolve(name.bytes());
      if (!real.file().stat(false).isSymlink()) {
        return real;
      }
      byte[] target = real.file().readLink();
      text = target[0] == '/' ? target : place.resolve(target).bytes();
      PathWalker.check(text);
    }
    throw Errno.ELOOP.exception();
  }

  private VfsPath directory(VfsPath path) throws ErrnoException {
    var context = fileSystem.context();
    var vfs = fileSystem.vfs();
    var found = vfs.directory(context, context.workingDirectory(), path.bytes());
    return VfsPath.of(fileSystem, vfs.pathOf(context, found));
  }

  private static boolean endsWithDots(VfsPath name) {
    byte[] bytes = name.bytes();
    return Arrays.equals(bytes, new byte[] {'.'}) || Arrays.equals(bytes, new byte[] {'.', '.'});
  }

  /** Takes out what means nothing; a {@code ..} behind a symbolic link means something. */
  private VfsPath unfollowed(VfsPath absolute) throws IOException {
    VfsPath real = fileSystem.root();
    for (var step : absolute) {
      var name = (VfsPath) step;
      byte[] bytes = name.bytes();
      if (bytes.length == 1 && bytes[0] == '.') {
        continue;
      }
      boolean up = bytes.length == 2 && endsWithDots(name);
      if (!up || real.file().stat(false).isSymlink()) {
        real = real.resolve(bytes);
      } else if (real.getParent() != null) {
        real = real.getParent();
      }
    }
    return real;
  }
}
