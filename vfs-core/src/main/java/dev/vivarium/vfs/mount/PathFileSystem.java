package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A directory of any {@code java.nio.file} provider, a zip file say, to be read: walked by paths,
 * one name at a time. A provider resolves a path anew at each call; so this is for trees that
 * nobody changes who would lead a guest astray, and {@link HostDirectory} for all others.
 *
 * <p>What the guest sees of it:
 *
 * <ul>
 *   <li>Nothing can be changed. Whoever mounts it, mounts it read-only.
 *   <li>Everything belongs to root, with the provider's permission bits; where it has none,
 *       everybody may read all, and search directories.
 *   <li>Symbolic links have the provider's text, and mean what that text means to the guest.
 *   <li>Each name is an inode of its own, with a number that it keeps.
 *   <li>What is no file, directory or symbolic link is seen as a socket: opening it is ENXIO.
 * </ul>
 */
public final class PathFileSystem implements FileSystem {
  private static final int READABLE = 0444;
  private static final int SEARCHABLE = 0555;

  private final long device;
  private final Path top;
  private final HostDirectoryNames names;
  private final boolean posix;
  // As many as there are names in the tree that the embedder chose.
  private final Map<Long, PathNode> nodes = new HashMap<>();
  private final PathNode root;

  /** A name that the guest has seen. */
  static final class PathNode implements Node {
    private final long ino;
    private final PathNode parent;
    private final byte[] name;
    private final Path path;
    private final PathContent content;
    private final Map<Path, PathNode> children = new HashMap<>();
    private Stat stat;

    PathNode(PathNode parent, byte[] name, Path path, Stat stat) {
      this.ino = stat.ino();
      this.parent = parent;
      this.name = name;
      this.path = path;
      this.content = new PathContent(path);
      this.stat = stat;
    }

    @Override
    public long ino() {
      return ino;
    }

    @Override
    public int mode() {
      return stat.mode();
    }

    @Override
    public int uid() {
      return 0;
    }

    @Override
    public int gid() {
      return 0;
    }
  }

  private PathFileSystem(long device, Path top) throws IOException {
    this.device = device;
    this.top = top;
    this.names = new HostDirectoryNames(top.getFileSystem());
    this.posix = Files.getFileAttributeView(top, PosixFileAttributeView.class) != null;
    this.root = new PathNode(null, null, top, stat(top, 1));
    if (!root.isDirectory()) {
      throw new NotDirectoryException(top.toString());
    }
    nodes.put(root.ino, root);
  }

  /**
   * A driver for a directory and all that is below it.
   *
   * @throws IOException if it is no directory that can be read
   */
  public static PathFileSystem open(long device, Path directory) throws IOException {
    return new PathFileSystem(device, directory.toRealPath());
  }

  /** Calls a provider, whatever it is like: a guest's call ends with an errno. */
  static <T> T call(HostDirectoryErrors.Call<T> call) throws ErrnoException {
    try {
      return HostDirectoryErrors.call(call);
    } catch (RuntimeException e) {
      throw Errno.EIO.exception();
    }
  }

  @Override
  public long device() {
    return device;
  }

  @Override
  public Node root() {
    return root;
  }

  @Override
  public Node node(long ino) {
    return nodes.get(ino);
  }

  @Override
  public Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException {
    byte[] name = Arrays.copyOfRange(path, offset, offset + length);
    Path hostName;
    try {
      hostName = names.toHost(name);
    } catch (ErrnoException e) {
      // What the provider cannot have is not there.
      return null;
    }
    return call(() -> find((PathNode) directory, name, hostName));
  }

  /** The node of a name, as it is now; null if there is none. */
  private PathNode find(PathNode directory, byte[] name, Path hostName) throws IOException {
    var node = directory.children.get(hostName);
    var path = node == null ? directory.path.resolve(hostName) : node.path;
    Stat stat;
    try {
      stat = stat(path, node == null ? nodes.size() + 1L : node.ino);
    } catch (NoSuchFileException e) {
      return null;
    }
    if (node == null) {
      node = new PathNode(directory, name, path, stat);
      directory.children.put(hostName, node);
      nodes.put(node.ino, node);
    }
    node.stat = stat;
    return node;
  }

  private Stat stat(Path path, long ino) throws IOException {
    if (posix) {
      var attributes =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return HostDirectoryAttributes.stat(device, ino, attributes);
    }
    var attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return HostDirectoryAttributes.stat(device, ino, attributes, everybodys(attributes));
  }

  private static Set<PosixFilePermission> everybodys(BasicFileAttributes attributes) {
    return HostDirectoryAttributes.permissions(attributes.isDirectory() ? SEARCHABLE : READABLE);
  }

  @Override
  public Node parent(Node directory) {
    var node = (PathNode) directory;
    return node == root ? root : node.parent;
  }

  /** Nobody removes anything. */
  @Override
  public boolean isRemoved(Node directory) {
    return false;
  }

  @Override
  public byte[] nameOf(Node directory) {
    return directory == root ? null : ((PathNode) directory).name.clone();
  }

  @Override
  public Stat stat(Node node) {
    return ((PathNode) node).stat;
  }

  @Override
  public byte[] readLink(Node symlink) throws ErrnoException {
    return call(() -> names.targetToGuest(Files.readSymbolicLink(((PathNode) symlink).path)));
  }

  @Override
  public void readDirectory(Node node, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    var directory = (PathNode) node;
    var parent = (PathNode) parent(directory);
    if (cookie < 1 && !visitor.entry(1, directory.ino, FileType.DIRECTORY, new byte[] {'.'})) {
      return;
    }
    if (cookie < 2 && !visitor.entry(2, parent.ino, FileType.DIRECTORY, new byte[] {'.', '.'})) {
      return;
    }
    // An inode's number is its cookie: numbers only grow, and a name keeps its own.
    for (var entry : call(() -> entries(directory))) {
      long place = entry.ino + 2;
      if (place > cookie && !visitor.entry(place, entry.ino, entry.stat.type(), entry.name)) {
        return;
      }
    }
  }

  private List<PathNode> entries(PathNode directory) throws IOException {
    var entries = new ArrayList<PathNode>();
    try (var stream = Files.newDirectoryStream(directory.path)) {
      for (var path : stream) {
        byte[] name = names.toGuest(path);
        var entry = find(directory, name, path.getFileName());
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
    entries.sort((a, b) -> Long.compare(a.ino, b.ino));
    return entries;
  }

  @Override
  public FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    if (!node.isRegular()) {
      throw Errno.ENXIO.exception();
    }
    var file = (PathNode) node;
    file.content.open();
    return new PathFile(file.content, file.stat, flags);
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    return call(
        () -> {
          var store = Files.getFileStore(top);
          long blocks = store.getTotalSpace() / Stat.BLOCK_SIZE;
          return new FileSystemStat(Stat.BLOCK_SIZE, blocks, 0, 0, 0, true);
        });
  }

  // ---- changes: none ------------------------------------------------------------------------

  @Override
  public Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void link(Node node, Node directory, byte[] name) throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void unlink(Node directory, byte[] name) throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void changeMode(Node node, int mode) throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void changeOwner(Node node, int uid, int gid, int mode) throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void setTimes(Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    throw Errno.EROFS.exception();
  }

  @Override
  public void truncate(Node file, long size, Credentials who) throws ErrnoException {
    throw Errno.EROFS.exception();
  }
}
