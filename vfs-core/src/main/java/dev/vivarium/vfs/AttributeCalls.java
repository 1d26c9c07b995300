package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.Attributes;
import dev.vivarium.vfs.mount.ExtendedAttributes;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.MountedNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.Lookup;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.AtFlags;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.List;

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

  Statx statx(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    var found = walker.walk(context, at, path, followSymlink);
    return Attributes.statx(found.mount(), found.node());
  }

  void access(FsContext context, Location at, byte[] path, int mask, int flags)
      throws ErrnoException {
    Attributes.checkAccess(mask, flags);
    var all = context.credentials();
    var who = (flags & AtFlags.AT_EACCESS) != 0 ? all : all.real();
    if (path.length == 0 && (flags & AtFlags.AT_EMPTY_PATH) != 0) {
      var node = at.mount().fileSystem().node(at.ino());
      Attributes.access(at.mount(), node, who, mask);
      return;
    }
    boolean follow = (flags & AtFlags.AT_SYMLINK_NOFOLLOW) == 0;
    var found = walker.walkAs(who, context, at, path, follow);
    Attributes.access(found.mount(), found.node(), who, mask);
  }

  byte[] readLink(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walk(context, at, path, false);
    if (!found.node().isSymlink()) {
      throw Errno.EINVAL.exception();
    }
    return found.fileSystem().readLink(found.node(), context.caller()).clone();
  }

  byte[] readLink(FsContext context, FileDescription symlink) throws ErrnoException {
    if (symlink.type() != FileType.SYMLINK || !(symlink.place() instanceof MountedNode place)) {
      throw Errno.ENOENT.exception();
    }
    return place.mount().fileSystem().readLink(place.node(), context.caller()).clone();
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

  Lookup lookUp(FsContext context, Location at, byte[] path) throws ErrnoException {
    return walker.walk(context, at, path, true);
  }

  Location directory(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walk(context, at, path, true).requireDirectory();
    AccessCheck.require(context.credentials(), found.node(), FileMode.X_OK);
    return found.location();
  }

  byte[] getXattr(FsContext context, Location at, byte[] path, byte[] name, boolean followSymlink)
      throws ErrnoException {
    ExtendedAttributes.check(name);
    var found = walker.walk(context, at, path, followSymlink);
    return ExtendedAttributes.get(found.mount(), found.node(), context.credentials(), name);
  }

  void setXattr(
      FsContext context,
      Location at,
      byte[] path,
      byte[] name,
      byte[] value,
      int flags,
      boolean followSymlink)
      throws ErrnoException {
    ExtendedAttributes.check(name, value, flags);
    var found = walker.walk(context, at, path, followSymlink);
    ExtendedAttributes.set(found.mount(), found.node(), context.credentials(), name, value, flags);
  }

  void removeXattr(FsContext context, Location at, byte[] path, byte[] name, boolean followSymlink)
      throws ErrnoException {
    ExtendedAttributes.check(name);
    var found = walker.walk(context, at, path, followSymlink);
    ExtendedAttributes.remove(found.mount(), found.node(), context.credentials(), name);
  }

  List<byte[]> listXattr(FsContext context, Location at, byte[] path, boolean followSymlink)
      throws ErrnoException {
    var found = walker.walk(context, at, path, followSymlink);
    return ExtendedAttributes.list(found.mount(), found.node());
  }
}
