package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A directory of any {@code java.nio.file} provider, a zip file say: walked by paths, one name at a
 * time. A provider resolves a path anew at each call; so this is for trees that nobody changes who
 * would lead a guest astray, and {@link HostDirectory} for all others.
 *
 * <p>What the guest sees of it:
 *
 * <ul>
 *   <li>Everything belongs to root, with the provider's permission bits; where it has none,
 *       everybody may read all, and search directories. Owners, set-id bits and the sticky bit
 *       cannot be set (EPERM), nor permissions where there are none.
 *   <li>Symbolic links have the provider's text, and mean what that text means to the guest. A text
 *       that the provider would not keep as it is, is EPERM.
 *   <li>Each name is an inode of its own, with a number that it keeps, also when it is moved. Hard
 *       links are EPERM.
 *   <li>What is no file, directory or symbolic link is seen as a socket: opening it is ENXIO.
 *   <li>What the provider cannot do is EOPNOTSUPP, as symbolic links in a zip file. A name moves in
 *       one piece or, where the provider cannot do that, not at all: EXDEV, at which programs copy.
 *   <li>How much fits in is the provider's affair.
 * </ul>
 */
public final class PathFileSystem implements FileSystem {
  private static final int READABLE = 0444;
  private static final int SEARCHABLE = 0555;
  private static final int PERMISSIONS = 0777;
  private static final int OWNERS = 0600;

  private final Object lock;
  private final InstantSource clock;
  private final long device;
  private final Path top;
  private final HostDirectoryNames names;
  private final boolean posix;
  // As many as there are names in the tree, and what is gone and still in use.
  private final Map<Long, PathNode> nodes = new HashMap<>();
  private final PathNode root;
  private long nextIno = 1;
  private PathContent created;

  private PathFileSystem(Object lock, InstantSource clock, long device, Path top)
      throws IOException {
    this.lock = lock;
    this.clock = clock;
    this.device = device;
    this.top = top;
    this.names = new HostDirectoryNames(top.getFileSystem());
    this.posix = Files.getFileAttributeView(top, PosixFileAttributeView.class) != null;
    this.root = new PathNode(null, null, top, stat(top, nextIno++));
    if (!root.isDirectory()) {
      throw new NotDirectoryException(top.toString());
    }
    nodes.put(root.ino(), root);
  }

  /**
   * A driver for a directory and all that is below it.
   *
   * @param lock the lock of the tree that it is mounted in
   * @param clock for times that are set to the present
   * @throws IOException if it is no directory that can be read
   */
  public static PathFileSystem open(Object lock, InstantSource clock, long device, Path directory)
      throws IOException {
    return new PathFileSystem(lock, clock, device, directory.toRealPath());
  }

  /** Calls a provider, whatever it is like: a guest's call ends with an errno. */
  static <T> T call(HostDirectoryErrors.Call<T> call) throws ErrnoException {
    try {
      return HostDirectoryErrors.call(call);
    } catch (RuntimeException e) {
      throw Errno.EIO.exception();
    }
  }

  /** As {@link #call}, for what a provider may have no notion of. */
  static <T> T change(HostDirectoryErrors.Call<T> call) throws ErrnoException {
    return call(
        () -> {
          try {
            return call.run();
          } catch (ReadOnlyFileSystemException e) {
            throw Errno.EROFS.exception();
          } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw Errno.EOPNOTSUPP.exception();
          } catch (OutOfMemoryError e) {
            // A provider that keeps files in memory has no other limit.
            throw Errno.ENOSPC.exception();
          }
        });
  }

  @Override
  public String type() {
    return "nio";
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
    var node = directory.children().get(hostName);
    Stat stat;
    try {
      stat = stat(directory.path().resolve(hostName), node == null ? nextIno : node.ino());
    } catch (NoSuchFileException e) {
      if (node != null) {
        forget(node);
      }
      return null;
    }
    if (node == null) {
      nextIno++;
      node = new PathNode(directory, name, hostName, stat);
      directory.children().put(hostName, node);
      nodes.put(node.ino(), node);
    }
    seen(node, stat);
    return node;
  }

  /** A provider may learn of what is written only when it is closed. */
  private static void seen(PathNode node, Stat stat) throws IOException {
    long size = node.content().size(stat.size());
    node.seenAs(size == stat.size() ? stat : HostDirectoryAttributes.withSize(stat, size));
  }

  /** What has just been made there. */
  private PathNode require(PathNode directory, byte[] name, Path hostName)
      throws IOException, ErrnoException {
    var node = find(directory, name, hostName);
    if (node == null) {
      throw Errno.ENOENT.exception();
    }
    return node;
  }

  /** A name is gone, with all that was seen below it. */
  private void forget(PathNode node) {
    var gone = new ArrayDeque<PathNode>();
    gone.add(node);
    while (!gone.isEmpty()) {
      var each = gone.remove();
      gone.addAll(each.children().values());
      each.removed();
      drop(each);
    }
  }

  private void drop(PathNode node) {
    if (node != root && node.parent() == null && !node.isPinned()) {
      nodes.remove(node.ino());
    }
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
  public Node parent(Node node) {
    return node == root ? root : ((PathNode) node).parent();
  }

  @Override
  public boolean isRemoved(Node directory) {
    return directory != root && ((PathNode) directory).parent() == null;
  }

  @Override
  public byte[] nameOf(Node node) {
    return node == root || isRemoved(node) ? null : ((PathNode) node).name().clone();
  }

  @Override
  public Stat stat(Node node) {
    var path = (PathNode) node;
    return isRemoved(node)
        ? HostDirectoryAttributes.withoutNames(path.stat(), path.stat().size())
        : path.stat();
  }

  /** What is known of a file that is open, by whatever way it was changed. */
  Stat statOfOpen(PathNode node) throws ErrnoException {
    synchronized (lock) {
      if (isRemoved(node)) {
        return HostDirectoryAttributes.withoutNames(node.stat(), node.content().size());
      }
      return call(
          () -> {
            seen(node, stat(node.path(), node.ino()));
            return node.stat();
          });
    }
  }

  @Override
  public byte[] readLink(Node symlink, Caller caller) throws ErrnoException {
    return call(() -> names.targetToGuest(Files.readSymbolicLink(((PathNode) symlink).path())));
  }

  @Override
  public void readDirectory(Node node, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    var directory = (PathNode) node;
    var parent = parent(directory);
    if (isRemoved(directory)) {
      throw Errno.ENOENT.exception();
    }
    if (cookie < 1 && !visitor.entry(1, directory.ino(), FileType.DIRECTORY, new byte[] {'.'})) {
      return;
    }
    if (cookie < 2 && !visitor.entry(2, parent.ino(), FileType.DIRECTORY, new byte[] {'.', '.'})) {
      return;
    }
    // An inode's number is its cookie: numbers only grow, and a name keeps its own.
    for (var entry : call(() -> entries(directory))) {
      long place = entry.ino() + 2;
      if (place > cookie && !visitor.entry(place, entry.ino(), entry.type(), entry.name())) {
        return;
      }
    }
  }

  private List<PathNode> entries(PathNode directory) throws IOException, ErrnoException {
    var entries = new ArrayList<PathNode>();
    try (var stream = Files.newDirectoryStream(directory.path())) {
      for (var path : stream) {
        byte[] name = names.toGuest(path);
        var entry = find(directory, name, names.toHost(name));
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
    entries.sort((a, b) -> Long.compare(a.ino(), b.ino()));
    return entries;
  }

  @Override
  public FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    if (!node.isRegular()) {
      throw Errno.ENXIO.exception();
    }
    var file = (PathNode) node;
    boolean truncates = (flags & OpenFlags.O_TRUNC) != 0;
    file.content().open(file.path(), truncates || OpenFlags.writable(flags));
    if (truncates) {
      try {
        file.content().truncate(0);
      } catch (ErrnoException e) {
        file.content().close();
        throw e;
      }
    }
    file.pin();
    return new PathFile(this, file, flags);
  }

  /** A description of a file has been closed. */
  void closed(PathNode node) {
    synchronized (lock) {
      node.unpin();
      drop(node);
    }
  }

  @Override
  public Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    var parent = (PathNode) directory;
    var hostName = names.toHost(name);
    return change(
        () -> {
          var path = parent.path().resolve(hostName);
          Files.createFile(path, initial(mode | OWNERS));
          try {
            var node = require(parent, name, hostName);
            var channel = PathContent.openToWrite(path);
            closeCreated();
            created = node.content();
            created.created(channel);
            if (posix && (mode & OWNERS) != OWNERS) {
              Files.setPosixFilePermissions(path, HostDirectoryAttributes.permissions(mode));
            }
            return require(parent, name, hostName);
          } catch (IOException | ErrnoException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
          }
        });
  }

  private FileAttribute<?>[] initial(int mode) {
    return posix
        ? new FileAttribute<?>[] {HostDirectoryAttributes.initial(mode)}
        : new FileAttribute<?>[0];
  }

  /** What was made and never opened need not stay open. */
  private void closeCreated() {
    if (created != null) {
      created.closeIfUnused();
      created = null;
    }
  }

  @Override
  public Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    var parent = (PathNode) directory;
    var hostName = names.toHost(name);
    return change(
        () -> {
          Files.createDirectory(parent.path().resolve(hostName), initial(mode));
          return require(parent, name, hostName);
        });
  }

  @Override
  public Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    var parent = (PathNode) directory;
    var hostName = names.toHost(name);
    return change(
        () -> {
          Files.createSymbolicLink(parent.path().resolve(hostName), names.targetToHost(target));
          return require(parent, name, hostName);
        });
  }

  @Override
  public void unlink(Node directory, byte[] name) throws ErrnoException {
    remove((PathNode) directory, name);
  }

  @Override
  public void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    remove((PathNode) directory, name);
  }

  private void remove(PathNode directory, byte[] name) throws ErrnoException {
    var hostName = names.toHost(name);
    change(
        () -> {
          Files.delete(directory.path().resolve(hostName));
          forget(directory.children().get(hostName));
          return null;
        });
  }

  @Override
  public void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    var source = (PathNode) fromDirectory;
    var target = (PathNode) toDirectory;
    var hostFrom = names.toHost(from);
    var hostTo = names.toHost(to);
    change(
        () -> {
          Files.move(
              source.path().resolve(hostFrom),
              target.path().resolve(hostTo),
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
          var replaced = target.children().get(hostTo);
          if (replaced != null) {
            forget(replaced);
          }
          source.children().get(hostFrom).movedTo(target, to, hostTo);
          return null;
        });
  }

  @Override
  public void changeMode(Node node, int mode) throws ErrnoException {
    if (!posix || (mode & ~PERMISSIONS) != 0) {
      throw Errno.EPERM.exception();
    }
    var path = ((PathNode) node).path();
    change(() -> Files.setPosixFilePermissions(path, HostDirectoryAttributes.permissions(mode)));
  }

  @Override
  public void setTimes(Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    var path = ((PathNode) node).path();
    change(
        () -> {
          Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .setTimes(time(modification), time(access), null);
          return null;
        });
  }

  private FileTime time(TimeChange change) {
    return switch (change.kind()) {
      case SET -> FileTime.from(change.nanos(), TimeUnit.NANOSECONDS);
      case NOW -> FileTime.from(clock.instant());
      case OMIT -> null;
    };
  }

  @Override
  public void truncate(Node file, long size, Credentials who) throws ErrnoException {
    var node = (PathNode) file;
    node.content().open(node.path(), true);
    try {
      node.content().truncate(size);
    } finally {
      node.content().close();
    }
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    return call(
        () -> {
          var store = Files.getFileStore(top);
          long blocks = store.getTotalSpace() / Stat.BLOCK_SIZE;
          boolean readOnly = store.isReadOnly() || top.getFileSystem().isReadOnly();
          return new FileSystemStat(
              Stat.BLOCK_SIZE,
              blocks,
              readOnly ? 0 : freeBlocks(store),
              0,
              0,
              readOnly ? FileSystemStat.ST_RDONLY : 0);
        });
  }

  private static long freeBlocks(FileStore store) throws IOException {
    try {
      return store.getUsableSpace() / Stat.BLOCK_SIZE;
    } catch (UnsupportedOperationException e) {
      return 0;
    }
  }

  /** The platform writes single files at once, but no filesystem. */
  @Override
  public void sync() throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  @Override
  public void unmounted() {
    closeCreated();
  }

  /** The tree itself is whose it was. */
  @Override
  public void releaseHost() {
    closeCreated();
  }

  @Override
  public void pin(long ino) {
    nodes.get(ino).pin();
  }

  @Override
  public void unpin(long ino) {
    var node = nodes.get(ino);
    node.unpin();
    drop(node);
  }
}
