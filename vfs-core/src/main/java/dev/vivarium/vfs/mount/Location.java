package dev.vivarium.vfs.mount;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.PathLimit;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;

/**
 * A place in the tree of mounts: an inode of one mounted filesystem. Where relative paths start,
 * and what a root or a working directory is.
 *
 * @param mount the mount that it lies in
 * @param ino the inode there
 */
public record Location(Mount mount, long ino) {
  /**
   * Stands for a descriptor that is not open. An absolute path does not care; a relative one is
   * EBADF, once it is its turn to be resolved.
   */
  public static final Location NOT_OPEN = new Location(null, 0);

  /** Stands for a descriptor that is no directory, in the same way: ENOTDIR. */
  public static final Location NO_DIRECTORY = new Location(null, 1);

  // Written out because generated ones make classes when they first run, at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Location place && mount == place.mount && ino == place.ino;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(mount) + Long.hashCode(ino);
  }

  /**
   * The path of this place below a root; of a file that has several names, that of one of them.
   * Called under the lock of the tree.
   *
   * @throws ErrnoException ENOENT if it has no name any more, or lies outside the root;
   *     ENAMETOOLONG
   */
  public byte[] pathBelow(Location root) throws ErrnoException {
    var names = new ArrayDeque<byte[]>();
    int length = 0;
    Mount at = mount;
    Node node = at.fileSystem().node(ino);
    while (at != root.mount() || node == null || node.ino() != root.ino()) {
      if (node != null && node.ino() == at.rootIno()) {
        var covered = at.covered();
        if (covered == null) {
          throw Errno.ENOENT.exception();
        }
        at = covered.mount();
        node = at.fileSystem().node(covered.ino());
        continue;
      }
      byte[] name = node == null ? null : at.fileSystem().nameOf(node);
      if (name == null) {
        throw Errno.ENOENT.exception();
      }
      length += 1 + name.length;
      if (length >= PathLimit.PATH_MAX.value()) {
        throw Errno.ENAMETOOLONG.exception();
      }
      names.push(name);
      node = at.fileSystem().parent(node);
    }
    var path = new ByteArrayOutputStream(length + 1);
    for (var name : names) {
      path.write('/');
      path.writeBytes(name);
    }
    return names.isEmpty() ? new byte[] {'/'} : path.toByteArray();
  }

  /**
   * What the links of {@code /proc} say of this place: its path, or the one that it had, marked
   * with {@code (deleted)}; of what is in no tree its kind. A place outside the root is told from
   * the root of all. Called under the lock of the tree.
   *
   * @throws ErrnoException ENOENT if it is gone; ENAMETOOLONG
   */
  public byte[] describedBelow(Location root) throws ErrnoException {
    if (mount.fileSystem() instanceof AnonymousFileSystem anonymous) {
      return anonymous.text();
    }
    var node = mount.fileSystem().node(ino);
    if (node == null) {
      throw Errno.ENOENT.exception();
    }
    try {
      return pathWithin(root);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    var text = new ByteArrayOutputStream();
    var former = mount.fileSystem().formerName(node);
    if (former != null) {
      text.writeBytes(parentOf(former, root));
    }
    if (text.size() == 0 || text.size() > 1) {
      text.write('/');
    }
    text.writeBytes(former == null ? ("#" + ino).getBytes(US_ASCII) : former.name());
    text.writeBytes(" (deleted)".getBytes(US_ASCII));
    return text.toByteArray();
  }

  private byte[] pathWithin(Location root) throws ErrnoException {
    try {
      return pathBelow(root);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      return pathBelow(mount.table().root().root());
    }
  }

  private byte[] parentOf(FormerName former, Location root) throws ErrnoException {
    try {
      return new Location(mount, former.directory()).pathWithin(root);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      return new byte[0];
    }
  }
}
