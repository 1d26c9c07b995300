package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.FileSystem;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.mount.MountedNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.Lookup;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.RenameFlags;

/**
 * The calls that make, remove and move names, in the order in which Linux decides. Called under the
 * lock of the tree.
 */
final class EntryCalls {
  private final PathWalker walker;
  private final PathWalker second;

  /**
   * @param second for the other path of a call that has two
   */
  EntryCalls(PathWalker walker, PathWalker second) {
    this.walker = walker;
    this.second = second;
  }

  void makeDirectory(FsContext context, Location at, byte[] path, int mode) throws ErrnoException {
    var found = walker.walkToEntry(context, at, path);
    requireNew(found, true);
    found.requireWritable();
    var who = context.credentials();
    requireCreate(who, found);
    Node parent = found.directory();
    int permissions = mode & (FileMode.PERMISSIONS | FileMode.S_ISVTX) & ~context.umask();
    permissions |= parent.mode() & FileMode.S_ISGID;
    found
        .fileSystem()
        .makeDirectory(parent, found.name(), permissions, who.uid(), groupOfNew(who, parent));
  }

  void makeNode(FsContext context, Location at, byte[] path, int mode, long rdev)
      throws ErrnoException {
    int type = mode & FileMode.S_IFMT;
    requireMakeable(type);
    var found = walker.walkToEntry(context, at, path);
    requireNew(found, false);
    found.requireWritable();
    var who = context.credentials();
    requireCreate(who, found);
    boolean character = type == FileType.CHARACTER_DEVICE.bits();
    boolean device = character || type == FileType.BLOCK_DEVICE.bits();
    long number = device ? rdev & 0xFFFF_FFFFL : 0;
    if (device && !who.isRoot() && !(character && number == 0)) {
      throw Errno.EPERM.exception();
    }
    Node parent = found.directory();
    int permissions = permissionsOfNew(context, parent, mode);
    int gid = groupOfNew(who, parent);
    var fileSystem = found.fileSystem();
    if (type == 0 || type == FileType.REGULAR.bits()) {
      fileSystem.createFile(parent, found.name(), permissions, who.uid(), gid);
    } else {
      fileSystem.makeNode(parent, found.name(), type | permissions, number, who.uid(), gid);
    }
  }

  private static void requireMakeable(int type) throws ErrnoException {
    if (type == FileType.DIRECTORY.bits()) {
      throw Errno.EPERM.exception();
    }
    if (type != 0
        && type != FileType.REGULAR.bits()
        && type != FileType.CHARACTER_DEVICE.bits()
        && type != FileType.BLOCK_DEVICE.bits()
        && type != FileType.FIFO.bits()
        && type != FileType.SOCKET.bits()) {
      throw Errno.EINVAL.exception();
    }
  }

  void symlink(FsContext context, byte[] target, Location at, byte[] path) throws ErrnoException {
    PathWalker.check(target);
    var found = walker.walkToEntry(context, at, path);
    requireNew(found, false);
    found.requireWritable();
    var who = context.credentials();
    requireCreate(who, found);
    Node parent = found.directory();
    found.fileSystem().symlink(parent, found.name(), target, who.uid(), groupOfNew(who, parent));
  }

  void link(
      FsContext context,
      Location fromAt,
      byte[] from,
      boolean followSymlink,
      Location toAt,
      byte[] to)
      throws ErrnoException {
    var old = walker.walk(context, fromAt, from, followSymlink);
    link(context, old.mount(), old.node(), toAt, to);
  }

  void link(FsContext context, FileDescription from, Location toAt, byte[] to)
      throws ErrnoException {
    if (!(from.place() instanceof MountedNode place)) {
      // What is in no tree is on a filesystem of its own.
      link(context, null, null, toAt, to);
      return;
    }
    var who = context.credentials();
    if (!who.isRoot() && !who.equals(place.opener())) {
      throw Errno.ENOENT.exception();
    }
    link(context, place.mount(), place.node(), toAt, to);
  }

  private void link(FsContext context, Mount mount, Node node, Location toAt, byte[] to)
      throws ErrnoException {
    var found = second.walkToEntry(context, toAt, to);
    requireNew(found, false);
    found.requireWritable();
    if (mount != found.mount()) {
      throw Errno.EXDEV.exception();
    }
    AccessCheck.requireLink(context.credentials(), node);
    requireCreate(context.credentials(), found);
    if (node.isDirectory()) {
      throw Errno.EPERM.exception();
    }
    found.fileSystem().link(node, found.directory(), found.name());
  }

  void unlink(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walkToParent(context, at, path);
    if (found.last() != Lookup.Last.NAME) {
      throw Errno.EISDIR.exception();
    }
    found.requireWritable();
    walker.lookUpEntry().requirePresent();
    if (found.trailingSlash()) {
      throw (found.node().isDirectory() ? Errno.EISDIR : Errno.ENOTDIR).exception();
    }
    AccessCheck.requireRemove(context.credentials(), found.directory(), found.node());
    if (found.node().isDirectory()) {
      throw Errno.EISDIR.exception();
    }
    requireNotMounted(found);
    found.fileSystem().unlink(found.directory(), found.name());
  }

  void removeDirectory(FsContext context, Location at, byte[] path) throws ErrnoException {
    var found = walker.walkToParent(context, at, path);
    switch (found.last()) {
      case DOT -> throw Errno.EINVAL.exception();
      case DOT_DOT -> throw Errno.ENOTEMPTY.exception();
      case ROOT -> throw Errno.EBUSY.exception();
      case NAME -> found.requireWritable();
    }
    walker.lookUpEntry().requirePresent();
    AccessCheck.requireRemove(context.credentials(), found.directory(), found.node());
    found.requireDirectory();
    requireNotMounted(found);
    found.fileSystem().removeDirectory(found.directory(), found.name());
  }

  void rename(FsContext context, Location fromAt, byte[] from, Location toAt, byte[] to, int flags)
      throws ErrnoException {
    boolean keeps = (flags & RenameFlags.RENAME_NOREPLACE) != 0;
    boolean exchanges = (flags & RenameFlags.RENAME_EXCHANGE) != 0;
    boolean leavesWhiteout = (flags & RenameFlags.RENAME_WHITEOUT) != 0;
    if ((flags & ~RenameFlags.ALL) != 0 || (exchanges && (keeps || leavesWhiteout))) {
      throw Errno.EINVAL.exception();
    }
    var old = walker.walkToParent(context, fromAt, from);
    var found = second.walkToParent(context, toAt, to);
    if (old.mount() != found.mount()) {
      throw Errno.EXDEV.exception();
    }
    if (old.last() != Lookup.Last.NAME) {
      throw Errno.EBUSY.exception();
    }
    if (found.last() != Lookup.Last.NAME) {
      throw (keeps ? Errno.EEXIST : Errno.EBUSY).exception();
    }
    old.requireWritable();
    walker.lookUpEntry().requirePresent();
    second.lookUpEntry();
    if (keeps && found.node() != null) {
      throw Errno.EEXIST.exception();
    }
    if (exchanges) {
      requireDirectoryIfSlash(found.requirePresent());
    }
    Node moved = old.node();
    boolean isDirectory = moved.isDirectory();
    requireDirectoryIfSlash(old);
    if (!isDirectory && !exchanges && found.trailingSlash()) {
      throw Errno.ENOTDIR.exception();
    }
    var fileSystem = old.fileSystem();
    boolean within = old.directory().ino() == found.directory().ino();
    if (!within) {
      requireUnrelated(fileSystem, old, found, exchanges ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    if (found.node() != null && found.node().ino() == moved.ino()) {
      return;
    }
    var who = context.credentials();
    AccessCheck.requireRemove(who, old.directory(), moved);
    if (found.node() == null) {
      requireCreate(who, found);
    } else {
      AccessCheck.requireRemove(who, found.directory(), found.node());
      if (!exchanges) {
        requireSameKind(found, isDirectory);
      }
    }
    if (isDirectory && !within) {
      AccessCheck.require(who, moved, FileMode.W_OK);
    }
    if (exchanges && !within && found.node().isDirectory()) {
      AccessCheck.require(who, found.node(), FileMode.W_OK);
    }
    requireNotMounted(old);
    if (found.node() != null) {
      requireNotMounted(found);
    }
    if (exchanges) {
      fileSystem.exchange(old.directory(), old.name(), found.directory(), found.name());
    } else if (leavesWhiteout) {
      int gid = groupOfNew(who, old.directory());
      fileSystem.renameToWhiteout(
          old.directory(), old.name(), found.directory(), found.name(), who.uid(), gid);
    } else {
      fileSystem.rename(old.directory(), old.name(), found.directory(), found.name());
    }
  }

  private static void requireDirectoryIfSlash(Lookup found) throws ErrnoException {
    if (found.trailingSlash()) {
      found.requireDirectory();
    }
  }

  /** Requires that neither of two entries is an ancestor of the other one's directory. */
  private static void requireUnrelated(
      FileSystem fileSystem, Lookup old, Lookup found, Errno foundIsAncestor)
      throws ErrnoException {
    if (old.node().isDirectory() && isWithin(fileSystem, found.directory(), old.node().ino())) {
      throw Errno.EINVAL.exception();
    }
    if (found.node() != null
        && found.node().isDirectory()
        && isWithin(fileSystem, old.directory(), found.node().ino())) {
      throw foundIsAncestor.exception();
    }
  }

  private static boolean isWithin(FileSystem fileSystem, Node directory, long ancestor)
      throws ErrnoException {
    long root = fileSystem.root().ino();
    Node node = directory;
    while (node != null && node.ino() != ancestor) {
      if (node.ino() == root) {
        return false;
      }
      node = fileSystem.parent(node);
    }
    return node != null;
  }

  private static void requireSameKind(Lookup found, boolean directory) throws ErrnoException {
    if (directory) {
      found.requireDirectory();
    } else if (found.node().isDirectory()) {
      throw Errno.EISDIR.exception();
    }
  }

  private static void requireNotMounted(Lookup found) throws ErrnoException {
    if (found.isMountPoint()) {
      throw Errno.EBUSY.exception();
    }
  }

  /**
   * Requires that a name is not there, and with a slash behind it, that it is to be a directory.
   */
  private static void requireNew(Lookup found, boolean directory) throws ErrnoException {
    if (found.last() != Lookup.Last.NAME || found.node() != null) {
      throw Errno.EEXIST.exception();
    }
    if (found.trailingSlash() && !directory) {
      throw Errno.ENOENT.exception();
    }
  }

  /**
   * Requires permission to make a name in the directory of a look-up.
   *
   * @throws ErrnoException EACCES
   */
  static void requireCreate(Credentials who, Lookup found) throws ErrnoException {
    AccessCheck.require(who, found.directory(), FileMode.W_OK | FileMode.X_OK);
  }

  /**
   * The permissions of a new inode that is no directory: without the umask, and without
   * set-group-id where that would hand out a directory's group to who is not in it.
   */
  static int permissionsOfNew(FsContext context, Node directory, int mode) {
    int permissions = mode & FileMode.ALL & ~context.umask();
    var who = context.credentials();
    int runsAsGroup = FileMode.S_ISGID | 010;
    boolean strange =
        // Decided on what was asked for, before the umask.
        (mode & runsAsGroup) == runsAsGroup
            && (directory.mode() & FileMode.S_ISGID) != 0
            && !who.isRoot()
            && !who.inGroup(directory.gid());
    return strange ? permissions & ~FileMode.S_ISGID : permissions;
  }

  /** The group of a new inode: the directory's, if that is set-group-id. */
  static int groupOfNew(Credentials who, Node directory) {
    return (directory.mode() & FileMode.S_ISGID) != 0 ? directory.gid() : who.gid();
  }
}
