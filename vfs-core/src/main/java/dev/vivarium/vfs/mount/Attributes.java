package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.TimeChange;

/**
 * What is done to an inode once it has been found, by a path or by a descriptor, in the order in
 * which Linux decides. Called under the lock of the tree.
 */
public final class Attributes {
  private Attributes() {}

  /**
   * {@code chmod(2)}.
   *
   * @throws ErrnoException EROFS; EOPNOTSUPP for a symbolic link; EPERM unless the owner or root
   */
  public static void changeMode(Mount mount, Node node, Credentials who, int mode)
      throws ErrnoException {
    mount.requireWritable();
    if (node.isSymlink()) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (!AccessCheck.owns(who, node)) {
      throw Errno.EPERM.exception();
    }
    mount.fileSystem().changeMode(node, AccessCheck.changedMode(who, node, mode));
  }

  /**
   * {@code chown(2)}; -1 leaves an id alone. Takes the set-id bits away.
   *
   * @throws ErrnoException EROFS; EPERM as {@link AccessCheck#requireChangeOwner}, and where bits
   *     would go from what the user does not own; EDQUOT
   */
  public static void changeOwner(Mount mount, Node node, Credentials who, int uid, int gid)
      throws ErrnoException {
    mount.requireWritable();
    AccessCheck.requireChangeOwner(who, node, uid, gid);
    int mode = node.isDirectory() ? node.mode() : AccessCheck.withoutSetId(who, node);
    if (mode != node.mode() && !AccessCheck.owns(who, node)) {
      throw Errno.EPERM.exception();
    }
    mount.fileSystem().changeOwner(node, uid, gid, mode & FileMode.ALL);
  }

  /**
   * {@code utimensat(2)}, where not both times are left alone.
   *
   * @throws ErrnoException EROFS; EPERM, EACCES as {@link AccessCheck#requireSetTimes}
   */
  public static void setTimes(
      Mount mount, Node node, Credentials who, TimeChange access, TimeChange modification)
      throws ErrnoException {
    mount.requireWritable();
    AccessCheck.requireSetTimes(who, node, access, modification);
    mount.fileSystem().setTimes(node, access, modification);
  }

  /** {@code statvfs(3)}. */
  public static FileSystemStat statFileSystem(Mount mount) throws ErrnoException {
    var stat = mount.fileSystem().statFileSystem();
    return new FileSystemStat(
        stat.blockSize(),
        stat.blocks(),
        stat.freeBlocks(),
        stat.inodes(),
        stat.freeInodes(),
        stat.readOnly() || mount.readOnly());
  }
}
