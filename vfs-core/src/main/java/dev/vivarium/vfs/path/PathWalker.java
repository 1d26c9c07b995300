package dev.vivarium.vfs.path;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.Node;

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

  private final byte[][] waiting = new byte[MAX_SYMLINKS][];
  private final int[] waitingFrom = new int[MAX_SYMLINKS];
  private final Lookup lookup = new Lookup();
  private final KnownDirectories known;
  private Credentials who;
  private FsContext context;
  private Location root;
  private byte[] path;
  private int at;
  private int depth;
  private int symlinks;
  // Whether each step so far was down to a directory, in a filesystem whose paths are known.
  private boolean plain;

  /**
   * @param known the directories that walks in the same tree have led to
   */
  public PathWalker(KnownDirectories known) {
    this.known = known;
  }

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
    if (lookup.last() == Lookup.Last.NAME) {
      lookup.setNode(child(lookup.directory()));
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
    setUser(other, context);
    depth = 0;
    symlinks = 0;
    var start = path[0] == '/' ? root : from;
    requirePlace(start);
    var directory = known.find(path, start, who);
    if (directory != null) {
      setPath(path, directory.length());
      lookup.setMount(directory.mount());
      toLast(directory.node());
    } else {
      toLast(begin(path, start));
      if (plain && lookup.last() == Lookup.Last.NAME && !lookup.trailingSlash) {
        known.add(path, lookup.nameOffset, start, who, lookup.mount(), lookup.directory());
      }
    }
    return lookup;
  }

  // Compared before they are stored for the reason that Lookup tells.
  private void setUser(Credentials user, FsContext process) {
    if (!user.equals(who)) {
      who = user;
    }
    if (context != process) {
      context = process;
    }
    var top = process.root();
    if (!top.equals(root)) {
      root = top;
    }
  }

  private void setPath(byte[] text, int from) {
    if (path != text) {
      path = text;
    }
    at = from;
  }

  /** Requires what every path must be: not empty, not too long, without a byte 0. */
  public static void check(byte[] path) throws ErrnoException {
    if (PathBytes.indexOf((byte) 0, path, 0) < path.length) {
      throw Errno.EINVAL.exception();
    }
    if (path.length == 0) {
      throw Errno.ENOENT.exception();
    }
    if (path.length >= PATH_MAX) {
      throw Errno.ENAMETOOLONG.exception();
    }
  }

  private static void requirePlace(Location place) throws ErrnoException {
    if (place.mount() == null) {
      throw (place.equals(Location.NOT_OPEN) ? Errno.EBADF : Errno.ENOTDIR).exception();
    }
  }

  /** Begins with a path at a place, and returns the inode there. */
  private Node begin(byte[] text, Location place) throws ErrnoException {
    setPath(text, 0);
    lookup.setMount(place.mount());
    plain = place.mount().fileSystem().hasPathEpoch();
    return present(place.mount().fileSystem().node(place.ino()));
  }

  private static Node present(Node node) throws ErrnoException {
    if (node == null) {
      throw Errno.ENOENT.exception();
    }
    return node;
  }

  /**
   * After a walk whose last name turned out to be a symbolic link: follows it, to the directory of
   * what its text ends with.
   *
   * @throws ErrnoException ELOOP; as {@link #walkToParent}
   */
  public void follow() throws ErrnoException {
    toLast(enterLink(lookup.directory(), lookup.node()));
  }

  /**
   * After {@link #walkToParent}: finds what is there, crossing onto what is mounted on it.
   *
   * @throws ErrnoException ENOENT if the directory has been removed; ENAMETOOLONG
   */
  public Lookup lookUpLast() throws ErrnoException {
    lookup.setNode(step(lookup.directory()));
    return lookup;
  }

  /** Where the component that was read last leads from a directory. */
  private Node step(Node directory) throws ErrnoException {
    var node =
        switch (lookup.last()) {
          case NAME -> child(directory);
          case DOT, ROOT -> directory;
          case DOT_DOT -> climb(directory);
        };
    boolean named = lookup.last() == Lookup.Last.NAME || lookup.last() == Lookup.Last.DOT_DOT;
    return named && node != null && lookup.mount().mayCover(node)
        ? crossMounts(directory, node)
        : node;
  }

  /** Walks from an inode until only the last component of all is left. */
  private void toLast(Node from) throws ErrnoException {
    Node node = from;
    while (true) {
      skipSlashes();
      if (at == path.length) {
        // Nothing but slashes, or a link without a path: where we are already.
        if (depth == 0) {
          lookup.setDirectory(node);
          lookup.setLast(Lookup.Last.ROOT);
          lookup.trailingSlash = false;
          return;
        }
        resume();
        continue;
      }
      if (!node.isDirectory()) {
        throw Errno.ENOTDIR.exception();
      }
      AccessCheck.require(who, node, FileMode.X_OK);
      readComponent();
      int end = at;
      skipSlashes();
      if (at == path.length) {
        if (depth == 0) {
          lookup.setDirectory(node);
          lookup.trailingSlash = at > end;
          return;
        }
        resume();
      }
      Node next = present(step(node));
      if (next.isSymlink()) {
        byte[] rest = path;
        int restFrom = at;
        next = enterLink(node, next);
        waiting[depth] = rest;
        waitingFrom[depth] = restFrom;
        depth++;
      }
      node = next;
    }
  }

  /** Goes on with the path that the text just finished came from. There is something left of it. */
  private void resume() {
    depth--;
    setPath(waiting[depth], waitingFrom[depth]);
  }

  /**
   * Takes the text of a link in a directory as the path, or goes where it leads without one.
   *
   * @return where that begins
   */
  private Node enterLink(Node directory, Node link) throws ErrnoException {
    if (symlinks++ >= MAX_SYMLINKS) {
      throw Errno.ELOOP.exception();
    }
    var caller = context.caller();
    var target = lookup.fileSystem().jump(link, caller);
    Node from = directory;
    if (target != null) {
      requirePlace(target);
      from = begin(NO_PATH, target);
    } else {
      byte[] text = lookup.fileSystem().readLink(link, caller);
      if (text.length > 0 && text[0] == '/') {
        requirePlace(root);
        from = begin(text, root);
      } else {
        setPath(text, 0);
      }
    }
    plain = false;
    return from;
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
    int end = PathBytes.indexOf((byte) '/', text, start);
    at = end;
    int length = end - start;
    var kind = Lookup.Last.NAME;
    if (length == 1 && text[start] == '.') {
      kind = Lookup.Last.DOT;
    } else if (length == 2 && text[start] == '.' && text[start + 1] == '.') {
      kind = Lookup.Last.DOT_DOT;
    }
    lookup.setName(kind, text, start, length);
  }

  /** What has the name that was read last in a directory; null if nothing has. */
  private Node child(Node directory) throws ErrnoException {
    var fileSystem = lookup.fileSystem();
    if (fileSystem.isRemoved(directory)) {
      throw Errno.ENOENT.exception();
    }
    if (lookup.nameLength > NAME_MAX) {
      throw Errno.ENAMETOOLONG.exception();
    }
    return fileSystem.lookup(directory, lookup.path, lookup.nameOffset, lookup.nameLength);
  }

  /** {@code ..}: out of what is mounted, but never out of the root. */
  private Node climb(Node directory) throws ErrnoException {
    plain = false;
    Mount mount = lookup.mount();
    Node node = directory;
    while (mount != root.mount() || node.ino() != root.ino()) {
      if (node.ino() != mount.rootIno()) {
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
    lookup.setMount(mount);
    return present(node);
  }

  /** What is on top of what a name leads to: itself, or the root of what is mounted there. */
  private Node crossMounts(Node directory, Node covered) {
    Node node = covered;
    int offset = lookup.nameOffset;
    for (Mount on =
            lookup.mount().mountedOn(node, directory, lookup.path, offset, lookup.nameLength);
        on != null;
        on = on.mountedOn(node.ino())) {
      lookup.setMount(on);
      plain &= on.fileSystem().hasPathEpoch();
      node = on.rootNode();
    }
    return node;
  }
}
