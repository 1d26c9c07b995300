package dev.vivarium.vfs.posix;

/**
 * Every permission decision: owner, group and others, what root may do all the same, sticky
 * directories, and who may change an inode. As Linux decides without access control lists, with all
 * capabilities for user 0 and none for others.
 */
public final class AccessCheck {
  private AccessCheck() {}

  /**
   * Whether all of R_OK, W_OK and X_OK in {@code mask} are allowed. Root reads and writes anything,
   * searches any directory and executes what anybody may execute.
   */
  public static boolean allows(Credentials who, Node node, int mask) {
    int mode = node.mode();
    if (who.isRoot()) {
      return (mask & FileMode.X_OK) == 0 || node.isDirectory() || (mode & 0111) != 0;
    }
    int granted;
    if (who.uid() == node.uid()) {
      granted = mode >> 6;
    } else if (who.inGroup(node.gid())) {
      granted = mode >> 3;
    } else {
      granted = mode;
    }
    return (mask & 7 & ~granted) == 0;
  }

  /**
   * Requires {@link #allows}.
   *
   * @throws ErrnoException EACCES
   */
  public static void require(Credentials who, Node node, int mask) throws ErrnoException {
    if (!allows(who, node, mask)) {
      throw Errno.EACCES.exception();
    }
  }

  /** Whether the user may change the inode itself: mode, times. */
  public static boolean owns(Credentials who, Node node) {
    return who.isRoot() || who.uid() == node.uid();
  }

  /**
   * Requires permission to remove or replace an entry of a directory.
   *
   * @throws ErrnoException EACCES without write and search permission; EPERM if the directory is
   *     sticky and neither it nor the victim belongs to the user
   */
  public static void requireRemove(Credentials who, Node directory, Node victim)
      throws ErrnoException {
    require(who, directory, FileMode.W_OK | FileMode.X_OK);
    if ((directory.mode() & FileMode.S_ISVTX) != 0
        && !owns(who, victim)
        && who.uid() != directory.uid()) {
      throw Errno.EPERM.exception();
    }
  }

  /**
   * Requires permission to give an inode another name, as Linux does where hard links are protected
   * ({@code fs.protected_hardlinks}, the default of its distributions).
   *
   * @throws ErrnoException EPERM unless the user owns it, or it is a regular file that he may read
   *     and write, and that runs with nobody else's rights
   */
  public static void requireLink(Credentials who, Node node) throws ErrnoException {
    if (owns(who, node)) {
      return;
    }
    boolean setId =
        (node.mode() & FileMode.S_ISUID) != 0
            || (node.mode() & (FileMode.S_ISGID | 010)) == (FileMode.S_ISGID | 010);
    if (!node.isRegular() || setId || !allows(who, node, FileMode.R_OK | FileMode.W_OK)) {
      throw Errno.EPERM.exception();
    }
  }

  /**
   * Requires that what O_CREAT finds was not put there for whoever comes: in a sticky directory
   * that everybody may write, Linux opens nobody else's links and devices with O_CREAT. Root's
   * neither.
   *
   * @throws ErrnoException EACCES
   */
  public static void requireCreateOver(Credentials who, Node directory, Node node)
      throws ErrnoException {
    int open = FileMode.S_ISVTX | 0002;
    if ((directory.mode() & open) == open
        && !node.isRegular()
        && node.type() != FileType.FIFO
        && node.uid() != directory.uid()
        && node.uid() != who.uid()) {
      throw Errno.EACCES.exception();
    }
  }

  /**
   * Requires permission to set times as {@code utimensat(2)} does.
   *
   * @throws ErrnoException EACCES if both times become the present and the user neither owns the
   *     inode nor may write it; EPERM if he asks for other times and does not own it
   */
  public static void requireSetTimes(
      Credentials who, Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    if (owns(who, node)) {
      return;
    }
    if (access.kind() != TimeChange.Kind.NOW || modification.kind() != TimeChange.Kind.NOW) {
      throw Errno.EPERM.exception();
    }
    require(who, node, FileMode.W_OK);
  }

  /**
   * Requires permission for {@code chown(2)}; -1 leaves an id alone.
   *
   * @throws ErrnoException EPERM unless root, or the owner who gives the file to one of his groups
   */
  public static void requireChangeOwner(Credentials who, Node node, int uid, int gid)
      throws ErrnoException {
    if (who.isRoot()) {
      return;
    }
    boolean keepsOwner = uid == -1 || (who.uid() == node.uid() && uid == node.uid());
    boolean ownGroup =
        gid == -1 || (who.uid() == node.uid() && (gid == node.gid() || who.inGroup(gid)));
    if (!keepsOwner || !ownGroup) {
      throw Errno.EPERM.exception();
    }
  }

  /** The mode that {@code chmod(2)} gives: no set-group-id for a group that the user is not in. */
  public static int changedMode(Credentials who, Node node, int mode) {
    int changed = mode & FileMode.ALL;
    if (!who.isRoot() && !who.inGroup(node.gid())) {
      changed &= ~FileMode.S_ISGID;
    }
    return changed;
  }

  /**
   * A mode without what a change of owner takes away: set-user-id, and set-group-id where it makes
   * an executable run with the group or the user is not in that group.
   */
  public static int withoutSetId(Credentials who, Node node) {
    int mode = node.mode() & ~FileMode.S_ISUID;
    boolean groupExecutable = (mode & 010) != 0;
    if (groupExecutable || !(who.isRoot() || who.inGroup(node.gid()))) {
      mode &= ~FileMode.S_ISGID;
    }
    return mode;
  }
}
