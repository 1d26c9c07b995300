package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes what differs between two trees as the archive of a layer: members in the order of the
 * bytes of their paths, a whiteout for what is gone. The same trees give the same bytes.
 *
 * <p>All names of a file that has several are written if one of them is, so that it stays one file.
 */
final class LayerWriter {
  private static final byte[] WHITEOUT = LayerReader.WHITEOUT;
  private static final byte[] OPAQUE = LayerReader.OPAQUE;
  private static final byte[] ROOT = {'.', '/'};

  private final Vfs vfs;
  private final FsContext root;
  private final Long time;
  private final TarWriter tar;
  private final Map<Long, byte[]> files = new HashMap<>();
  private final byte[] buffer = new byte[1 << 16];

  /** What is told of a path. */
  private enum Member {
    CHANGED,
    GONE,
    /** Nothing but that it is on the way to another. */
    PARENT
  }

  /** By their absolute paths. */
  private final TreeMap<byte[], Member> members = new TreeMap<>(Arrays::compareUnsigned);

  /** What is on the way to members, and whether it is a directory. */
  private final TreeMap<byte[], Boolean> parents = new TreeMap<>(Arrays::compareUnsigned);

  /** Directories that have nothing of the base in them. */
  private final TreeSet<byte[]> whole = new TreeSet<>(Arrays::compareUnsigned);

  private LayerWriter(Snapshot tree, Long time, OutputStream out) {
    // A fork of its own: nothing that reading it does reaches the caller's.
    this.vfs = Vfs.builder().base(tree).quota(Quota.UNLIMITED).build();
    this.root = vfs.superuser();
    this.time = time;
    this.tar = new TarWriter(out);
  }

  /**
   * Writes the archive and flushes, but does not close, the stream.
   *
   * @param base what the layer is put over; null for nothing
   * @param time the time of every member, in nanoseconds since the epoch; null for their own
   * @return how many paths it tells of
   * @throws IOException if the stream fails, or the tree has what no archive can hold
   */
  static int write(Snapshot base, Snapshot tree, Long time, OutputStream out) throws IOException {
    return writeChanges(changes(base, tree), tree, time, out);
  }

  /** What makes a tree of another; null for an empty one. */
  static List<Change> changes(Snapshot base, Snapshot tree) {
    return tree.diff(base == null ? Vfs.builder().build().snapshot() : base);
  }

  /** As {@link #write(Snapshot, Snapshot, Long, OutputStream)}, of what is known to differ. */
  static int writeChanges(List<Change> changes, Snapshot tree, Long time, OutputStream out)
      throws IOException {
    var writer = new LayerWriter(tree, time, out);
    try {
      writer.collect(changes);
      writer.addParents();
      for (var member : writer.members.entrySet()) {
        writer.write(member.getKey(), member.getValue());
      }
      writer.tar.end();
      return writer.members.size();
    } catch (ErrnoException e) {
      throw new IOException("the tree cannot be read: " + e.getMessage(), e);
    }
  }

  private void collect(List<Change> changes) throws IOException, ErrnoException {
    boolean shares = false;
    for (var change : changes) {
      if (Math.max(change.pathLength(), change.oldPathLength()) > MemberPath.MOST_BYTES) {
        throw new IOException("a path is longer than " + MemberPath.MOST_BYTES + " bytes");
      }
      if (change.kind() == Change.Kind.REMOVED) {
        gone(change.path());
        continue;
      }
      byte[] path = change.path();
      members.put(path, Member.CHANGED);
      var stat = stat(path);
      shares |= isShared(stat);
      if (change.kind() == Change.Kind.RENAMED) {
        gone(change.oldPath());
        if (stat.type() == FileType.DIRECTORY) {
          shares |= putWhole(path);
          shares |= putWhole(change.oldPath());
        }
      }
    }
    if (shares) {
      addOtherNames();
    }
  }

  /**
   * Puts a directory with all that is in it, over nothing that the base has at this path: what is
   * in a directory comes and goes along with it, and is no change of its own.
   *
   * @return whether there is a file with several names in it
   */
  private boolean putWhole(byte[] path) throws IOException, ErrnoException {
    if (!isDirectory(path)) {
      return false;
    }
    members.put(path, Member.CHANGED);
    whole.add(path);
    return walk(path, found -> members.put(found, Member.CHANGED));
  }

  /** What is gone, unless something else has the name. */
  private void gone(byte[] path) {
    members.putIfAbsent(path, Member.GONE);
  }

  private void addOtherNames() throws IOException, ErrnoException {
    var wanted = new HashMap<Long, Boolean>();
    for (var member : members.entrySet()) {
      if (member.getValue() == Member.CHANGED) {
        var stat = stat(member.getKey());
        if (isShared(stat)) {
          wanted.put(stat.ino(), true);
        }
      }
    }
    walk(
        new byte[] {'/'},
        path -> {
          if (wanted.containsKey(stat(path).ino())) {
            members.put(path, Member.CHANGED);
          }
        });
  }

  /**
   * The directories that members are in, but for the root: who unpacks a layer changes their times,
   * and makes those that it finds nowhere.
   */
  private void addParents() throws ErrnoException {
    for (byte[] path : members.keySet()) {
      hasDirectoryOf(path);
    }
    parents.forEach(
        (path, isDirectory) -> {
          if (isDirectory) {
            members.putIfAbsent(path, Member.PARENT);
          }
        });
  }

  private static boolean isShared(Stat stat) {
    return stat.type() != FileType.DIRECTORY && stat.nlink() > 1;
  }

  /** Told of each path below a directory. */
  private interface Visitor {
    void visit(byte[] path) throws IOException, ErrnoException;
  }

  /** Whether there is a file with several names among what is visited. */
  private boolean walk(byte[] top, Visitor visitor) throws IOException, ErrnoException {
    boolean shares = false;
    var directories = new ArrayDeque<byte[]>();
    directories.push(top);
    while (!directories.isEmpty()) {
      byte[] directory = directories.pop();
      for (byte[] name : new Listing(vfs).names(directory(directory))) {
        byte[] path = joined(directory, name);
        if (path.length > MemberPath.MOST_BYTES) {
          throw new IOException("a path is longer than " + MemberPath.MOST_BYTES + " bytes");
        }
        var stat = stat(path);
        if (stat.type() == FileType.DIRECTORY) {
          directories.push(path);
        }
        shares |= isShared(stat);
        visitor.visit(path);
      }
    }
    return shares;
  }

  private Location directory(byte[] path) throws ErrnoException {
    return vfs.directory(root, vfs.root(), path);
  }

  static byte[] joined(byte[] directory, byte[] name) {
    int length = directory.length == 1 ? 0 : directory.length;
    byte[] path = Arrays.copyOf(directory, length + 1 + name.length);
    path[length] = '/';
    System.arraycopy(name, 0, path, length + 1, name.length);
    return path;
  }

  private Stat stat(byte[] path) throws ErrnoException {
    return vfs.stat(root, vfs.root(), path, false);
  }

  private void write(byte[] path, Member member) throws IOException, ErrnoException {
    if (member != Member.GONE) {
      var stat = stat(path);
      byte[] link = stat.type() == FileType.SYMLINK ? vfs.readLink(root, vfs.root(), path) : null;
      if (link != null || isMarker(path)) {
        requirePackable(path, link);
      }
      byte[] first = isShared(stat) ? files.putIfAbsent(stat.ino(), path) : null;
      if (first == null) {
        writeMember(path, stat, link);
      } else {
        tar.begin(entry(path, TarEntry.HARD_LINK, stat, 0, relative(first)));
      }
    } else if (hasDirectoryOf(path)) {
      tar.begin(marker(whiteout(path)));
    }
  }

  private static void requirePackable(byte[] path, byte[] link) throws BoxFormatException {
    var why = Unpackable.why(path, link);
    if (why.isPresent()) {
      throw new BoxFormatException(new String(path, UTF_8) + ": " + why.get());
    }
  }

  private static boolean isMarker(byte[] path) {
    int name = lastSlash(path) + 1;
    int end = name + WHITEOUT.length;
    return end <= path.length && Arrays.equals(path, name, end, WHITEOUT, 0, WHITEOUT.length);
  }

  /**
   * Whether what is at a path, or is gone, is in a directory. Else that is gone, or something else
   * has its name, and takes with it what was in it.
   */
  private boolean hasDirectoryOf(byte[] path) throws ErrnoException {
    int slash = path.length == 1 ? 0 : lastSlash(path);
    if (slash == 0) {
      return true;
    }
    byte[] parent = Arrays.copyOf(path, slash);
    var known = parents.get(parent);
    if (known == null) {
      // Not by way of a link, which may have come in the place of a directory.
      known = hasDirectoryOf(parent) && isDirectory(parent);
      parents.put(parent, known);
    }
    return known;
  }

  private boolean isDirectory(byte[] path) throws ErrnoException {
    try {
      return stat(path).type() == FileType.DIRECTORY;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    }
  }

  static int lastSlash(byte[] path) {
    int slash = path.length - 1;
    while (path[slash] != '/') {
      slash--;
    }
    return slash;
  }

  private TarEntry marker(byte[] name) {
    return TarEntry.marker(name, time == null ? 0 : time);
  }

  private static byte[] whiteout(byte[] path) {
    byte[] relative = relative(path);
    int name = lastSlash(path);
    byte[] marker = Arrays.copyOf(relative, relative.length + WHITEOUT.length);
    System.arraycopy(WHITEOUT, 0, marker, name, WHITEOUT.length);
    System.arraycopy(relative, name, marker, name + WHITEOUT.length, relative.length - name);
    return marker;
  }

  private static byte[] relative(byte[] path) {
    return path.length == 1 ? ROOT : Arrays.copyOfRange(path, 1, path.length);
  }

  private void writeMember(byte[] path, Stat stat, byte[] link) throws IOException, ErrnoException {
    switch (stat.type()) {
      case DIRECTORY -> {
        tar.begin(entry(path, TarEntry.DIRECTORY, stat, 0, TarEntry.NO_LINK));
        if (whole.contains(path)) {
          tar.begin(marker(relative(joined(path, OPAQUE))));
        }
      }
      case SYMLINK -> tar.begin(entry(path, TarEntry.SYMLINK, stat, 0, link));
      case REGULAR -> {
        tar.begin(entry(path, TarEntry.REGULAR, stat, stat.size(), TarEntry.NO_LINK));
        if (stat.size() > 0) {
          writeContent(path, stat.size());
        }
      }
      case FIFO -> tar.begin(entry(path, TarEntry.FIFO, stat, 0, TarEntry.NO_LINK));
      case CHARACTER_DEVICE ->
          tar.begin(entry(path, TarEntry.CHARACTER_DEVICE, stat, 0, TarEntry.NO_LINK));
      case BLOCK_DEVICE -> tar.begin(entry(path, TarEntry.BLOCK_DEVICE, stat, 0, TarEntry.NO_LINK));
      case SOCKET -> {
        // No archive has them; whoever binds one makes it anew.
      }
    }
  }

  private TarEntry entry(byte[] path, char kind, Stat stat, long size, byte[] link)
      throws ErrnoException {
    byte[] name = relative(path);
    if (kind == TarEntry.DIRECTORY && path.length > 1) {
      name = Arrays.copyOf(name, name.length + 1);
      name[name.length - 1] = '/';
    }
    return new TarEntry(
        name,
        kind,
        stat.mode() & FileMode.ALL,
        stat.uid(),
        stat.gid(),
        size,
        time == null || members.get(path) == Member.PARENT ? stat.mtime() : time,
        link,
        stat.rdev(),
        xattrs(path, kind));
  }

  private TreeMap<String, byte[]> xattrs(byte[] path, char kind) throws ErrnoException {
    var xattrs = new TreeMap<String, byte[]>();
    if (kind == TarEntry.DIRECTORY || kind == TarEntry.REGULAR) {
      for (byte[] name : vfs.listXattr(root, vfs.root(), path, false)) {
        xattrs.put(TarEntry.xattrName(name), vfs.getXattr(root, vfs.root(), path, name, false));
      }
    }
    return xattrs;
  }

  private void writeContent(byte[] path, long size) throws IOException, ErrnoException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_NOATIME;
    FileDescription file = vfs.open(root, vfs.root(), path, flags, 0);
    try {
      for (long position = 0; position < size; ) {
        int count = file.pread(buffer, 0, buffer.length, position);
        if (count <= 0) {
          throw Errno.EIO.exception();
        }
        tar.write(buffer, 0, count);
        position += count;
      }
    } finally {
      file.release();
    }
  }
}
