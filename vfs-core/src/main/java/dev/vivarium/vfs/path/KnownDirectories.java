package dev.vivarium.vfs.path;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.tree.NameHash;
import dev.vivarium.vfs.tree.PathEpoch;
import java.util.Arrays;

/**
 * Which directories paths led to lately, all but their last names: most calls have a path into a
 * directory that one of the last calls had a path into. What is known is good for one {@linkplain
 * PathEpoch epoch}, from one place, and for one user, since every directory on the way has been
 * found to be searchable by him. Guarded by the lock of the tree.
 */
public final class KnownDirectories {
  // A power of two.
  private static final int SIZE = 64;
  // As much of its end as tells most directories apart.
  private static final int HASHED = Long.BYTES;

  private final PathEpoch present;
  private final Known[] all = new Known[SIZE];
  private long epoch;

  /** Knows none yet. */
  public KnownDirectories(PathEpoch present) {
    this.present = present;
    this.epoch = present.number();
  }

  /**
   * A directory.
   *
   * @param path what led to it, the slash behind it included
   */
  record Known(
      byte[] path, Mount startMount, long startIno, Credentials who, Mount mount, long ino) {

    /** The bytes of a path that lead to it. */
    int length() {
      return path.length;
    }

    Node node() {
      return mount.fileSystem().node(ino);
    }

    private boolean isReached(byte[] other, int otherLength, Location start, Credentials user) {
      return path.length == otherLength
          && who.equals(user)
          && startIno == start.ino()
          && startMount == start.mount()
          && PathBytes.startsWith(other, path);
    }
  }

  /** The directory that the last name of a path is in; null if that is not known. */
  Known find(byte[] path, Location start, Credentials who) {
    forgetPast();
    int length = PathBytes.endOfLast((byte) '/', path);
    if (length == path.length) {
      // The last name has a slash behind it.
      return null;
    }
    var known = all[slot(path, length)];
    return known != null && known.isReached(path, length, start, who) ? known : null;
  }

  /**
   * Remembers where a path leads that has nothing on its way but directories of filesystems that
   * {@linkplain dev.vivarium.vfs.mount.FileSystem#hasPathEpoch have path epochs}.
   *
   * @param length where its last name begins
   */
  void add(byte[] path, int length, Location start, Credentials who, Mount mount, Node directory) {
    // What is not longer leads nowhere: it is empty, or the root's slash.
    if (length > 1) {
      all[slot(path, length)] =
          new Known(
              Arrays.copyOf(path, length), start.mount(), start.ino(), who, mount, directory.ino());
    }
  }

  private void forgetPast() {
    if (epoch != present.number()) {
      epoch = present.number();
      Arrays.fill(all, null);
    }
  }

  private static int slot(byte[] path, int length) {
    int hashed = Math.min(length, HASHED);
    return NameHash.of(path, length - hashed, hashed) & (SIZE - 1);
  }
}
