package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.tree.DirectoryWatch;
import java.util.List;
import java.util.OptionalLong;

/**
 * A driver: the operations on inodes that a mounted filesystem has. It knows neither paths nor
 * other mounts nor who may do what: path resolution, permissions, read-only mounts and the rules of
 * {@code open}, {@code unlink} and {@code rename} are decided above it, once for all drivers. What
 * it has to answer itself is said at each operation; whatever it does not support is EPERM or
 * EOPNOTSUPP, and that is what the operations answer that a driver leaves as they are here.
 *
 * <p>Every call is made under the {@linkplain MountTable#lock() lock of the tree}, so a memory
 * driver needs none of its own, and nothing comes between a look-up and the change that follows
 * from it. The methods of a {@link FileDescription} that a driver makes are called without that
 * lock.
 *
 * <p>A {@link Node} that a driver hands out tells the truth at least until the next change. Whoever
 * keeps an inode keeps its number. A name is one component: no {@code /}, no 0, 1 to 255 bytes,
 * neither {@code .} nor {@code ..}.
 */
public interface FileSystem {

  /** What {@code /proc/filesystems} calls it: {@code tmpfs}, say. */
  String type();

  /** {@code st_dev}: never 0, and no other mount's. See {@link MountTable#newDevice()}. */
  long device();

  /**
   * Whether the {@link MountTable#pathEpoch} of its mounts ends when a path in it may have come to
   * mean another directory; else nobody may remember what one means.
   */
  default boolean hasPathEpoch() {
    return false;
  }

  /** Whether nothing of it can be changed, however it is mounted. */
  default boolean isReadOnly() {
    return false;
  }

  /** The root directory; of a single file's, that. */
  Node root();

  /** The inode with a number, or null if there is none (any more). */
  Node node(long ino);

  /**
   * The entry of a directory, or null if it has none. A miss allocates nothing where that is
   * possible. The name lies within {@code path}.
   */
  Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException;

  /**
   * The directory that an inode's {@link #nameOf name} is in, and for a directory what {@code ..}
   * means, also once it has been removed. The root's is itself; null if it is gone.
   */
  Node parent(Node node) throws ErrnoException;

  /** Whether a directory has been removed, and is only still open: nothing can be made in it. */
  boolean isRemoved(Node directory);

  /** A name that an inode has in its {@link #parent}; null if it has none, or is the root. */
  byte[] nameOf(Node node) throws ErrnoException;

  /** Where an inode was before it lost its name; null if that is not known. */
  default FormerName formerName(Node node) {
    return null;
  }

  /** Everything about an inode. */
  Stat stat(Node node) throws ErrnoException;

  /** When an inode was made, in nanoseconds since the epoch; empty if that is not known. */
  default OptionalLong birthTime(Node node) throws ErrnoException {
    return OptionalLong.empty();
  }

  /** The text of a symbolic link; not to be changed. */
  byte[] readLink(Node symlink, Caller caller) throws ErrnoException;

  /**
   * The place that a link of {@code /proc} leads to, which its text only describes; null for one
   * whose text is followed.
   */
  default Location jump(Node symlink, Caller caller) throws ErrnoException {
    return null;
  }

  /**
   * Lists a directory as {@link FileDescription#readDirectory} does, with {@code .} and {@code ..}.
   *
   * @throws ErrnoException ENOENT if it has been removed
   */
  void readDirectory(Node directory, long cookie, DirectoryVisitor visitor) throws ErrnoException;

  /** Notes that an open directory is read, as {@code relatime} asks for it. */
  default void accessed(Node directory) throws ErrnoException {}

  /**
   * Opens what is neither a directory nor a symbolic link. Permissions have been checked; O_CREAT,
   * O_EXCL, O_NOFOLLOW, O_DIRECTORY and O_PATH do not get here. Truncates with O_TRUNC.
   *
   * @param who whose writing clears set-id bits (unless root)
   * @throws ErrnoException ENXIO for a device that nothing stands behind, a socket, and a FIFO
   *     without readers for O_WRONLY with O_NONBLOCK
   */
  FileDescription open(Node node, int flags, Credentials who) throws ErrnoException;

  /**
   * Makes an empty regular file. The name is not there yet.
   *
   * @param mode the permission bits, the umask applied
   * @throws ErrnoException ENOSPC, EDQUOT
   */
  default Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Makes an empty regular file without a name, as {@link #createFile}, and opens it.
   *
   * @param flags as in {@link #open}; with O_EXCL it never gets a name
   * @throws ErrnoException EOPNOTSUPP if the filesystem has no such files
   */
  default FileDescription openUnnamed(int flags, int mode, int gid, Credentials who)
      throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  /** Makes a directory, as {@link #createFile}. */
  default Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Makes a device node, a FIFO or a socket, as {@link #createFile}.
   *
   * @param mode with the type
   * @param rdev the device's number; 0 for what is no device
   * @throws ErrnoException EPERM if the filesystem has no such nodes
   */
  default Node makeNode(Node directory, byte[] name, int mode, long rdev, int uid, int gid)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /** Makes a symbolic link, as {@link #createFile}. */
  default Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Gives an inode, which is no directory, one more name, which is not there yet.
   *
   * @throws ErrnoException EPERM if the filesystem has no hard links; ENOENT if the inode has lost
   *     its last name; EMLINK, ENOSPC, EDQUOT
   */
  default void link(Node node, Node directory, byte[] name) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /** Removes an entry that is there and no directory. */
  default void unlink(Node directory, byte[] name) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Removes an entry that is there and a directory.
   *
   * @throws ErrnoException ENOTEMPTY
   */
  default void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Moves an entry that is there. What has the new name is replaced; it is a directory if and only
   * if the moved inode is, and another inode. No directory is moved below itself.
   *
   * @throws ErrnoException ENOTEMPTY if a directory to be replaced is not empty; ENOSPC
   */
  default void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * As {@link #rename}, and leaves a whiteout where the old name was: a character device 0 without
   * permissions.
   *
   * @throws ErrnoException EINVAL if the filesystem cannot do that; ENOTEMPTY; ENOSPC, EDQUOT
   */
  default void renameToWhiteout(
      Node fromDirectory, byte[] from, Node toDirectory, byte[] to, int uid, int gid)
      throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  /**
   * Exchanges two entries that are there, other inodes, and neither above the other.
   *
   * @throws ErrnoException EINVAL if the filesystem cannot do that; ENOSPC
   */
  default void exchange(Node firstDirectory, byte[] first, Node secondDirectory, byte[] second)
      throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  /**
   * Sets the permission bits ({@link dev.vivarium.vfs.posix.FileMode#ALL}).
   *
   * @throws ErrnoException EPERM if it has none of its own
   */
  default void changeMode(Node node, int mode) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Sets owner and group, -1 leaving one alone, and the permission bits.
   *
   * @throws ErrnoException EPERM if it has no owners; EDQUOT if the new owner has no room
   */
  default void changeOwner(Node node, int uid, int gid, int mode) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /** Sets the times; not both of them are OMIT. */
  default void setTimes(Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * Sets the size of a regular file; {@code size} is not negative.
   *
   * @param who whose change clears set-id bits (unless root)
   * @throws ErrnoException EFBIG; ENOSPC if a shared page has to be copied
   */
  default void truncate(Node file, long size, Credentials who) throws ErrnoException {
    throw Errno.EPERM.exception();
  }

  /**
   * The value of an extended attribute {@code user.*}, not to be changed, or null.
   *
   * @throws ErrnoException EOPNOTSUPP if the filesystem has no extended attributes
   */
  default byte[] getXattr(Node node, byte[] name) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  /**
   * Sets an extended attribute {@code user.*}. Both arrays are the driver's from then on.
   *
   * @throws ErrnoException EOPNOTSUPP; ENOSPC, EDQUOT
   */
  default void setXattr(Node node, byte[] name, byte[] value) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  /** Removes an extended attribute that is there. */
  default void removeXattr(Node node, byte[] name) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  /** The names of the extended attributes; none where there cannot be any. */
  default List<byte[]> listXattr(Node node) throws ErrnoException {
    return List.of();
  }

  /** {@code statvfs(3)}; the mount adds the flags that are its own. */
  FileSystemStat statFileSystem() throws ErrnoException;

  /**
   * {@code syncfs(2)}. Nothing to do where nothing is delayed.
   *
   * @throws ErrnoException EOPNOTSUPP if something may be, and there is no way to write it now
   */
  default void sync() throws ErrnoException {}

  /** It has been unmounted, and nobody is in it: what it holds can go. */
  default void unmounted() {}

  /**
   * It stays mounted, and nobody is to use it any more: what it holds of the host goes, and what
   * would need it is EIO from then on. Called under the lock of the tree, any number of times.
   */
  default void releaseHost() {}

  /** Keeps an inode, whatever becomes of its names, until the matching {@link #unpin}. */
  default void pin(long ino) {}

  /** Ends a {@link #pin}. */
  default void unpin(long ino) {}

  /**
   * Tells a watch what happens to the entries of a directory, until {@link #unwatch}.
   *
   * @throws ErrnoException EOPNOTSUPP if changes can come unnoticed
   */
  default void watch(long directory, DirectoryWatch watch) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  /** Ends a {@link #watch}, if it has not ended. */
  default void unwatch(long directory, DirectoryWatch watch) {}
}
