package dev.vivarium.vfs.path;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.Node;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The only path resolution: {@code path_resolution(7)}.
 *
 * <p>A walker works for one call at a time, under the lock of the tree; it is used again and again,
 * so that a walk, and above all one that finds nothing, allocates nothing. Symbolic links do not
 * recurse: what is left of a path waits on a stack while a link in it is followed.
 */
public final class PathWalker {
  /** The bytes of a path, with the 0 behind it that there is in C. */
  public static final int PATH_MAX = 4096;

  /** The bytes of a component. */
  public static final int NAME_MAX = 255;

  private static final int MAX_SYMLINKS = 40;
  private static final byte[] NO_PATH = {};

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = LOW_BITS << 7;

  private final byte[][] waiting = new byte[MAX_SYMLINKS][];
  private final int[] waitingFrom = new int[MAX_SYMLINKS];
  private final Lookup lookup = new Lookup();
  private Credentials who;
  private FsContext context;
  private Location root;
  private byte[] path;
  private int at;
  private int depth;
  private int symlinks;

  /**
   * Looks up what a path means, which must be there.
   *
   * @param followLast whether a symbolic link at the end is followed (one with a slash behind it
   *     is)
   * @throws ErrnoException as {@link #walkToParent}; ENOENT; ENOTDIR for a slash behind what is no
   *     directory
   */
  public Lookup walk(FsContext context, Location from, byte[] path, boolean followLast)
      throws ErrnoException {
    return walkAs(context.credentials(), context, from, path, followLast);
  }

  /**
   * As {@link #walk}, but with the permissions of somebody else.
   *
   * @throws ErrnoException as {@link #walk}
   */
  public Lookup walkAs(
      Credentials other, FsContext context, Location from, byte[] path, boolean followLast)
      throws ErrnoException {
    walkToParentAs(other, context, from, path);
    boolean mustBeDirectory = false;
    while (true) {
      lookUpLast();
      mustBeDirectory |= lookup.trailingSlash;
      lookup.requirePresent();
      if (!lookup.endsWithLink() || !(followLast || mustBeDirectory)) {
        break;
      }
      follow();
    }
    if (mustBeDirectory) {
      lookup.requireDirectory();
    }
    return lookup;
  }

  /**
   * Looks up what a path means, but not through a symbolic link or onto a mount at its end: what
   * {@code unlink(2)} and its like need.
   *
   * @throws ErrnoException as {@link #walkToParent}
   */
  public Lookup walkToEntry(FsContext context, Location from, byte[] path) throws ErrnoException {
    walkToParent(context, from, path);
    return lookUpEntry();
  }

  /**
   * After {@link #walkToParent}: finds what the entry itself is, if the path ends with a name.
   *
   * @throws ErrnoException ENOENT if the directory has been removed; ENAMETOOLONG
   */
  public Lookup lookUpEntry() throws ErrnoException {
    if (lookup.last == Lookup.Last.NAME) {
      lookUpName();
    }
    return lookup;
  }

  /**
   * Walks to the directory that a path's last name is in. The look-up then tells that directory and
   * the name, and nothing yet of what is there.
   *
   * @throws ErrnoException EINVAL for a byte 0; ENOENT for an empty path; ENAMETOOLONG; EBADF or
   *     ENOTDIR for a relative path that starts nowhere; on the way EACCES without search
   *     permission, ENAMETOOLONG, ENOENT, ENOTDIR, ELOOP
   */
  public Lookup walkToParent(FsContext context, Location from, byte[] path) throws ErrnoException {
    return walkToParentAs(context.credentials(), context, from, path);
  }

  private Lookup walkToParentAs(Credentials other, FsContext context, Location from, byte[] path)
      throws ErrnoException {
    check(path);
    who = other;
    this.context = context;
    root = context.root();
    depth = 0;
    symlinks = 0;
    start(path, path[0] == '/' ? root : from);
    toLast();
    return lookup;
  }

  /** Requires what every path must be: not empty, not too long, without a byte 0. */
  public static void check(byte[] path) throws ErrnoException {
    if (indexOf((byte) 0, path, 0) < path.length) {
      throw Errno.EINVAL.exception();
    }
    if (path.length == 0) {
      throw Errno.ENOENT.exception();
    }
    if (path.length >= PATH_MAX) {
      throw Errno.ENAMETOOLONG.exception();
    }
  }

  /** The first place from {@code from} on that has a byte, or the end; eight bytes at a time. */
  private static int indexOf(byte wanted, byte[] text, int from) {
    int i = from;
    for (; i + Long.BYTES <= text.length; i += Long.BYTES) {
      long zeros = (long) LONG.get(text, i) ^ LOW_BITS * wanted;
      // The lowest bit that is left is in the lowest byte that is zero.
      long found = (zeros - LOW_BITS) & ~zeros & HIGH_BITS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < text.length && text[i] != wanted) {
      i++;
    }
    return i;
  }

  private void start(byte[] text, Location place) throws ErrnoException {
    if (place.mount() == null) {
      throw (place.equals(Location.NOT_OPEN) ? Errno.EBADF : Errno.ENOTDIR).exception();
    }
    path = text;
    at = 0;
    lookup.mount = place.mount();
    lookup.node = place.mount().fileSystem().node(place.ino());
    lookup.requirePresent();
  }

  /**
   * After a walk whose last name turned out to be a symbolic link: follows it, to the directory of
   * what its text ends with.
   *
   * @throws ErrnoException ELOOP; as {@link #walkToParent}
   */
  public void follow() throws ErrnoException {
    enterLink();
    toLast();
  }

  /**
   * After {@link #walkToParent}: finds what is there, crossing onto what is mounted on it.
   *
   * @throws ErrnoException ENOENT if the directory has been removed; ENAMETOOLONG
   */
  public Lookup lookUpLast() throws ErrnoException {
    switch (lookup.last) {
      case NAME -> lookUpName();
      case DOT, ROOT -> lookup.node = lookup.directory;
      case DOT_DOT -> climb();
    }
    boolean named = lookup.last == Lookup.Last.NAME || lookup.last == Lookup.Last.DOT_DOT;
    if (named && lookup.node != null && lookup.node.isDirectory()) {
      crossMounts();
    }
    return lookup;
  }

  /** Walks from {@link Lookup#node} until only the last component of all is left. */
  private void toLast() throws ErrnoException {
    while (true) {
      skipSlashes();
      lookup.directory = lookup.node;
      if (at == path.length) {
        // Nothing but slashes, or a link without a path: where we are already.
        if (depth == 0) {
          lookup.last = Lookup.Last.ROOT;
          lookup.trailingSlash = false;
          return;
        }
        resume();
        continue;
      }
      lookup.requireDirectory();
      AccessCheck.require(who, lookup.node, FileMode.X_OK);
      readComponent();
      int end = at;
      skipSlashes();
      if (at == path.length) {
        if (depth == 0) {
          lookup.trailingSlash = at > end;
          return;
        }
        resume();
      }
      lookUpLast().requirePresent();
      if (lookup.node.isSymlink()) {
        byte[] rest = path;
        int restFrom = at;
        enterLink();
        waiting[depth] = rest;
        waitingFrom[depth] = restFrom;
        depth++;
      }
    }
  }

  /** Goes on with the path that the text just finished came from. There is something left of it. */
  private void resume() {
    depth--;
    path = waiting[depth];
    at = waitingFrom[depth];
  }

  /**
   * Takes the text of the link at {@link Lookup#node} as the path, from the directory it is in; or
   * goes where it leads without a path.
   */
  private void enterLink() throws ErrnoException {
    if (symlinks++ >= MAX_SYMLINKS) {
      throw Errno.ELOOP.exception();
    }
    var caller = context.caller();
    var target = lookup.fileSystem().jump(lookup.node, caller);
    if (target != null) {
      start(NO_PATH, target);
      return;
    }
    byte[] text = lookup.fileSystem().readLink(lookup.node, caller);
    if (text.length > 0 && text[0] == '/') {
      start(text, root);
    } else {
      path = text;
      at = 0;
      lookup.node = lookup.directory;
    }
  }

  private void skipSlashes() {
    byte[] text = path;
    int next = at;
    while (next < text.length && text[next] == '/') {
      next++;
    }
    at = next;
  }

  private void readComponent() {
    byte[] text = path;
    int start = at;
    int end = indexOf((byte) '/', text, start);
    at = end;
    int length = end - start;
    lookup.path = text;
    lookup.nameOffset = start;
    lookup.nameLength = length;
    if (length == 1 && text[start] == '.') {
      lookup.last = Lookup.Last.DOT;
    } else if (length == 2 && text[start] == '.' && text[start + 1] == '.') {
      lookup.last = Lookup.Last.DOT_DOT;
    } else {
      lookup.last = Lookup.Last.NAME;
    }
  }

  private void lookUpName() throws ErrnoException {
    if (lookup.fileSystem().isRemoved(lookup.directory)) {
      throw Errno.ENOENT.exception();
    }
    if (lookup.nameLength > NAME_MAX) {
      throw Errno.ENAMETOOLONG.exception();
    }
    lookup.node =
        lookup
            .fileSystem()
            .lookup(lookup.directory, lookup.path, lookup.nameOffset, lookup.nameLength);
  }

  /** {@code ..}: out of what is mounted, but never out of the root. */
  private void climb() throws ErrnoException {
    Mount mount = lookup.mount;
    Node node = lookup.directory;
    while (mount != root.mount() || node.ino() != root.ino()) {
      if (node.ino() != mount.fileSystem().root().ino()) {
        node = mount.fileSystem().parent(node);
        break;
      }
      var covered = mount.covered();
      if (covered == null) {
        break;
      }
      mount = covered.mount();
      node = mount.fileSystem().node(covered.ino());
    }
    lookup.mount = mount;
    lookup.node = node;
    lookup.requirePresent();
  }

  private void crossMounts() {
    for (Mount on = lookup.mount.mountedOn(lookup.node.ino());
        on != null;
        on = on.mountedOn(lookup.node.ino())) {
      lookup.mount = on;
      lookup.node = on.fileSystem().root();
    }
  }
}
