package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.Attributes;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;

/**
 * The calls that tell and change what inodes are, in the order in which Linux decides. Called under
 * the lock of the tree.
 */
final class AttributeCalls {
  private final PathWalker walker;

  AttributeCalls(PathWalker walker) {
    this.walker = walker;
  }

  Stat stat(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    var found = walker.walk(context, at, path, followSymlink);
    return found.fileSystem().stat(found.node());
  }

  void access(FsContext context, Location at, byte[] path, int mask, boolean followSymlink)
      throws ErrnoException {
    if ((mask & ~(FileMode.R_OK | FileMode.W_OK | FileMode.X_OK)) != 0) {
      throw Errno.EINVAL.exception();
    }
    var found = walker.walk(context, at, path, followSymlink);
    Node node = found.node();
    AccessCheck.require(context.credentials(), node, mask);
    if ((mask & FileMode.W_OK) != 0 && !isDevice(node.type())) {
      found.requireWritable();
    }
  }

  private static boolean isDevice(FileType type) {
    return switch (type) {
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> true;
      case REGULAR, DIRECTORY, SYMLINK -> false;
    };
  }

  byte[] readLink(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walk(context, at, path, false);
    if (!found.node().isSymlink()) {
      throw Errno.EINVAL.exception();
    }
    return found.fileSystem().readLink(found.node()).clone();
  }

  void truncate(FsContext context, Location at, byte[] path, long size) throws ErrnoException {
    if (size < 0) {
      throw Errno.EINVAL.exception();
    }
    var found = walker.walk(context, at, path, true);
    Node node = found.node();
    if (node.isDirectory()) {
      throw Errno.EISDIR.exception();
    }
    if (!node.isRegular()) {
      throw Errno.EINVAL.exception();
    }
    found.requireWritable();
    AccessCheck.require(context.credentials(), node, FileMode.W_OK);
    found.fileSystem().truncate(node, size, context.credentials());
  }

  void changeMode(FsContext context, Location at, byte[] path, int mode, boolean followSymlink)
      throws ErrnoException {
    var found = walker.walk(context, at, path, followSymlink);
    Attributes.changeMode(found.mount(), found.node(), context.credentials(), mode);
  }

  void changeOwner(
      FsContext context, Location at, byte[] path, int uid, int gid, boolean followSymlink)
      throws ErrnoException {
    var found = walker.walk(context, at, path, followSymlink);
    Attributes.changeOwner(found.mount(), found.node(), context.credentials(), uid, gid);
  }

  void setTimes(
      FsContext context,
      Location at,
      byte[] path,
      TimeChange access,
      TimeChange modification,
      boolean followSymlink)
      throws ErrnoException {
    if (access.kind() == TimeChange.Kind.OMIT && modification.kind() == TimeChange.Kind.OMIT) {
      // Linux does not even look at the path.
      return;
    }
    var found = walker.walk(context, at, path, followSymlink);
    Attributes.setTimes(found.mount(), found.node(), context.credentials(), access, modification);
  }

  FileSystemStat statFileSystem(FsContext context, Location at, byte[] path) throws ErrnoException {
    return Attributes.statFileSystem(walker.walk(context, at, path, true).mount());
  }

  Location directory(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walk(context, at, path, true).requireDirectory();
    AccessCheck.require(context.credentials(), found.node(), FileMode.X_OK);
    return found.location();
  }
}
