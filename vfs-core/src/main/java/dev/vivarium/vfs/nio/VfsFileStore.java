package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/** A mount, called by where it is. */
final class VfsFileStore extends FileStore {
  private final VfsFileSystem fileSystem;
  private final Mount mount;

  VfsFileStore(VfsFileSystem fileSystem, Mount mount) {
    this.fileSystem = fileSystem;
    this.mount = mount;
  }

  /** The store that a file is in. */
  static VfsFileStore of(VfsPath path) throws IOException {
    long device = path.file().stat(true).dev();
    var fileSystem = path.getFileSystem();
    VfsFileStore found = null;
    for (var mount : fileSystem.context().root().mount().table().mounts()) {
      if (mount.fileSystem().device() == device) {
        var store = new VfsFileStore(fileSystem, mount);
        // Of what is mounted over itself, the path tells whether it is meant.
        found = found == null || store.isAbove(path) ? store : found;
      }
    }
    if (found == null) {
      throw new IOException(path + " is on a filesystem that was unmounted");
    }
    return found;
  }

  private boolean isAbove(VfsPath path) throws IOException {
    return path.toRealPath().startsWith(fileSystem.getPath(name()));
  }

  private FileSystemStat stat() throws IOException {
    fileSystem.vfs();
    try {
      synchronized (mount.table().lock()) {
        return mount.fileSystem().statFileSystem();
      }
    } catch (ErrnoException e) {
      throw Failures.of(e, fileSystem.root());
    }
  }

  private static long bytes(long blocks, int blockSize) {
    return blocks > Long.MAX_VALUE / blockSize ? Long.MAX_VALUE : blocks * blockSize;
  }

  /** Where it is mounted; {@code "?"} if that is outside the view's root. */
  @Override
  public String name() {
    try {
      return PathText.decode(fileSystem.vfs().pathOf(fileSystem.context(), mount.root()));
    } catch (ErrnoException e) {
      return "?";
    }
  }

  @Override
  public String type() {
    return PathUri.SCHEME;
  }

  @Override
  public boolean isReadOnly() {
    return mount.readOnly() || fileSystem.isReadOnly();
  }

  /** The limit; {@link Long#MAX_VALUE} if there is none. */
  @Override
  public long getTotalSpace() throws IOException {
    var stat = stat();
    return bytes(stat.blocks(), stat.blockSize());
  }

  @Override
  public long getUsableSpace() throws IOException {
    return getUnallocatedSpace();
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    var stat = stat();
    return bytes(stat.freeBlocks(), stat.blockSize());
  }

  @Override
  public long getBlockSize() throws IOException {
    return stat().blockSize();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return type == BasicFileAttributeView.class
        || type == FileOwnerAttributeView.class
        || type == PosixFileAttributeView.class
        || type == UserDefinedFileAttributeView.class;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return VfsFileSystem.VIEWS.contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
    if (type == null) {
      throw new NullPointerException("type");
    }
    return null;
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      case "blockSize" -> getBlockSize();
      default -> throw new UnsupportedOperationException("'" + attribute + "' not recognized");
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VfsFileStore that && mount == that.mount;
  }

  @Override
  public int hashCode() {
    return mount.hashCode();
  }

  @Override
  public String toString() {
    return name() + " (" + type() + ")";
  }
}
