package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.AtFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;

/**
 * What is done to an inode once it has been found, by a path or by a descriptor, in the order in
 * which Linux decides. Called under the lock of the tree.
 */
public final class Attributes {
  private Attributes() {}

  /** {@code statx(2)}. */
  public static Statx statx(Mount mount, Node node) throws ErrnoException {
    var fileSystem = mount.fileSystem();
    boolean mountRoot = mount.hasRoot(node);
    return new Statx(fileSystem.stat(node), fileSystem.birthTime(node), mountRoot);
  }

  /**
   * Checks the numbers of {@code faccessat2(2)} before anything else is looked at.
   *
   * @throws ErrnoException EINVAL
   */
  public static void checkAccess(int mask, int flags) throws ErrnoException {
    int known = AtFlags.AT_EACCESS | AtFlags.AT_SYMLINK_NOFOLLOW | AtFlags.AT_EMPTY_PATH;
    if ((mask & ~(FileMode.R_OK | FileMode.W_OK | FileMode.X_OK)) != 0 || (flags & ~known) != 0) {
      throw Errno.EINVAL.exception();
    }
  }

  /**
   * {@code faccessat2(2)}.
   *
   * @throws ErrnoException EACCES, also to execute a regular file of a mount with {@code noexec};
   *     EROFS to write what is no device, FIFO or socket
   */
  public static void access(Mount mount, Node node, Credentials who, int mask)
      throws ErrnoException {
    if ((mask & FileMode.X_OK) != 0 && node.isRegular() && mount.options().noExec()) {
      throw Errno.EACCES.exception();
    }
    AccessCheck.require(who, node, mask);
    boolean stored =
        switch (node.type()) {
          case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> false;
          case REGULAR, DIRECTORY, SYMLINK -> true;
        };
    if (stored && (mask & FileMode.W_OK) != 0) {
      mount.requireWritable();
    }
  }

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
    return mount.fileSystem().statFileSystem().withFlags(mount.options().flags());
  }
}
