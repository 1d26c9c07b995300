package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The host's live view of a {@link Vfs} through {@code java.nio.file}: what a guest changes is seen
 * at once, and the other way round.
 *
 * <ul>
 *   <li>Every call is made as the {@link FsContext} says: its user, umask, root and working
 *       directory. {@link Vfs#superuser} is root and may do everything.
 *   <li>Names are bytes. In text, a byte that is no UTF-8 is the lone surrogate U+DC00 + byte, so
 *       every name has a text that leads to it; text with other lone surrogates names nothing.
 *   <li>Attribute views: basic, owner, posix, unix, user. The time of creation is that of the
 *       inode's birth, which cannot be set; where it is not known, that of the last change.
 *   <li>Users and groups have the names of the tree's own {@code /etc/passwd} and {@code
 *       /etc/group}, and otherwise their numbers as names.
 *   <li>{@code newDirectoryStream} gives secure directory streams. Channels cannot be mapped;
 *       asynchronous channels are not supported.
 *   <li>To guests, this JVM is one more process with POSIX record locks: a channel's lock and
 *       theirs conflict. Two locks of the JVM on one range are refused, whoever asks.
 * </ul>
 */
public final class VfsFileSystem extends FileSystem {
  static final Set<String> VIEWS = Set.of("basic", "owner", "posix", "unix", "user");

  private final Vfs vfs;
  private final FsContext context;
  private final boolean readOnly;
  private final String id;
  private final VfsPath root;
  private final Set<Closeable> opened = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  VfsFileSystem(Vfs vfs, FsContext context, boolean readOnly, String id) {
    this.vfs = Objects.requireNonNull(vfs, "vfs");
    this.context = Objects.requireNonNull(context, "context");
    this.readOnly = readOnly;
    this.id = id;
    this.root = VfsPath.of(this, new byte[] {'/'});
  }

  /** A view of a filesystem as root has it, until it is closed. */
  public static VfsFileSystem of(Vfs vfs) {
    return of(vfs, vfs.superuser());
  }

  /** A view of a filesystem, until it is closed. The context is used, and not closed with it. */
  public static VfsFileSystem of(Vfs vfs, FsContext context) {
    return Registry.register(id -> new VfsFileSystem(vfs, context, false, id));
  }

  /**
   * As {@link #of(Vfs, FsContext)}, but nothing can be changed by way of it: that is a {@link
   * java.nio.file.ReadOnlyFileSystemException}. Times of access are noted all the same.
   */
  public static VfsFileSystem readOnly(Vfs vfs, FsContext context) {
    return Registry.register(id -> new VfsFileSystem(vfs, context, true, id));
  }

  /** The filesystem, if it is still open. */
  Vfs vfs() {
    if (closed) {
      throw new ClosedFileSystemException();
    }
    return vfs;
  }

  FsContext context() {
    return context;
  }

  /** What URIs call it. */
  String id() {
    return id;
  }

  VfsPath root() {
    return root;
  }

  /** Where relative paths start. */
  VfsPath workingDirectory() throws IOException {
    try {
      return VfsPath.of(this, vfs().pathOf(context, context.workingDirectory()));
    } catch (ErrnoException e) {
      throw Failures.of(e, VfsPath.of(this, new byte[] {'.'}));
    }
  }

  // ---- what is open -------------------------------------------------------------------------

  /** Closes something with the filesystem. */
  void opened(Closeable what) throws IOException {
    opened.add(what);
    if (closed) {
      what.close();
      throw new ClosedFileSystemException();
    }
  }

  /** The counterpart of {@link #opened}. */
  void closed(Closeable what) {
    opened.remove(what);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Registry.remove(this);
    IOException failed = null;
    for (var what : opened) {
      try {
        what.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  // ---- the rest -----------------------------------------------------------------------------

  @Override
  public VfsFileSystemProvider provider() {
    return VfsFileSystemProvider.INSTANCE;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(root);
  }

  /** The mounts, the root filesystem first. */
  @Override
  public Iterable<FileStore> getFileStores() {
    vfs();
    var stores = new ArrayList<FileStore>();
    for (var mount : context.root().mount().table().mounts()) {
      stores.add(new VfsFileStore(this, mount));
    }
    return stores;
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return VIEWS;
  }

  @Override
  public Path getPath(String first, String... more) {
    var text = new StringBuilder(first);
    for (var name : more) {
      if (!name.isEmpty()) {
        if (text.length() > 0) {
          text.append('/');
        }
        text.append(name);
      }
    }
    return VfsPath.of(this, PathText.encode(text.toString()));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    return Glob.matcher(syntaxAndPattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return new Accounts(this);
  }

  @Override
  public WatchService newWatchService() throws IOException {
    vfs();
    var service = new VfsWatchService(this);
    opened(service);
    return service;
  }

  @Override
  public String toString() {
    return PathUri.SCHEME + "://" + id + "/";
  }
}
