package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.FileMode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/**
 * The provider of {@link VfsFileSystem}s, installed for the scheme {@code vivarium}, so that the
 * URI of a path leads to it again as long as its filesystem is open and referred to.
 *
 * <p>Filesystems are made by {@link VfsFileSystem#of}; {@link #newFileSystem(URI, Map)} makes one
 * under the URI's authority from the entries {@code vfs} and, optionally, {@code context}.
 */
public final class VfsFileSystemProvider extends FileSystemProvider {
  static final VfsFileSystemProvider INSTANCE = new VfsFileSystemProvider();

  /** For the JDK, which looks for installed providers. */
  public VfsFileSystemProvider() {}

  @Override
  public String getScheme() {
    return PathUri.SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    String id = PathUri.id(uri);
    if (!(env.get("vfs") instanceof Vfs vfs)) {
      throw new IllegalArgumentException("the environment has no Vfs as \"vfs\"");
    }
    Object context = env.containsKey("context") ? env.get("context") : vfs.superuser();
    if (!(context instanceof FsContext given)) {
      throw new IllegalArgumentException("\"context\" is no FsContext");
    }
    return Registry.register(new VfsFileSystem(vfs, given, false, id));
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    var fileSystem = Registry.get(PathUri.id(uri));
    if (fileSystem == null) {
      throw new FileSystemNotFoundException(uri.toString());
    }
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return VfsPath.of((VfsFileSystem) getFileSystem(uri), PathUri.path(uri));
  }

  // ---- opening ------------------------------------------------------------------------------

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return VfsFileChannel.open(file(path), OpenMode.of(options), attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return VfsDirectoryStream.open(file(directory), true, filter);
  }

  // ---- entries ------------------------------------------------------------------------------

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    file(directory).makeDirectory(FilePermissions.initial(FileMode.PERMISSIONS, attributes));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    FilePermissions.requireNone(attributes);
    file(link).makeSymlink(VfsPath.of(target).bytes());
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    var file = file(existing);
    if (VfsPath.of(link).getFileSystem() != file.fileSystem()) {
      throw new ProviderMismatchException();
    }
    file(link).makeLinkTo(file);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    var path = VfsPath.of(link);
    return VfsPath.of(path.getFileSystem(), path.file().readLink());
  }

  @Override
  public void delete(Path path) throws IOException {
    file(path).remove();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyOptions.ofCopy(options).copy(file(source), file(target));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    CopyOptions.ofMove(options).move(file(source), file(target));
  }

  // ---- attributes ---------------------------------------------------------------------------

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    var file = VfsPath.of(path);
    if (file.equals(other)) {
      return true;
    }
    if (!(other instanceof VfsPath that)) {
      file.file().stat(true);
      return false;
    }
    return key(file).equals(key(that));
  }

  private static FileKey key(VfsPath path) throws IOException {
    return FileKey.of(path.getFileSystem(), path.file().stat(true));
  }

  /** Whether the name begins with a dot. */
  @Override
  public boolean isHidden(Path path) {
    var name = VfsPath.of(path).getFileName();
    return name != null && !name.isEmpty() && name.bytes()[0] == '.';
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return VfsFileStore.of(VfsPath.of(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    int mask = FileMode.F_OK;
    for (var mode : modes) {
      mask |=
          switch (mode) {
            case READ -> FileMode.R_OK;
            case WRITE -> FileMode.W_OK;
            case EXECUTE -> FileMode.X_OK;
          };
    }
    file(path).access(mask);
  }

  /** As the JDK has it from version 20 on: without an exception for what is not there. */
  public boolean exists(Path path, LinkOption... options) {
    return file(path).exists(FileRef.followsLinks(options));
  }

  /** As the JDK has it from version 20 on: null for what is not there. */
  public <A extends BasicFileAttributes> A readAttributesIfExists(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    requireSupported(type);
    try {
      return type.cast(file(path).attributes(FileRef.followsLinks(options)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    requireSupported(type);
    return type.cast(file(path).attributes(FileRef.followsLinks(options)));
  }

  private static void requireSupported(Class<?> type) {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      if (type == null) {
        throw new NullPointerException("type");
      }
      throw new UnsupportedOperationException("no attributes of " + type);
    }
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return AttributeViews.of(file(path), type, FileRef.followsLinks(options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return NamedAttributes.read(file(path), attributes, FileRef.followsLinks(options));
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    NamedAttributes.set(file(path), attribute, value, FileRef.followsLinks(options));
  }

  private static FileRef file(Path path) {
    return VfsPath.of(path).file();
  }
}
