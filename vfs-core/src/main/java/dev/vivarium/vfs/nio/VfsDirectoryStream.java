package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open directory: lists it, and is where relative paths start, whatever becomes of the names
 * above it.
 */
final class VfsDirectoryStream implements SecureDirectoryStream<Path> {
  private static final int BATCH = 64;

  private final VfsFileSystem fileSystem;
  private final VfsPath directory;
  private final FileDescription description;
  private final Location location;
  private final DirectoryStream.Filter<? super Path> filter;
  private final AtomicBoolean iterated = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private VfsDirectoryStream(
      VfsFileSystem fileSystem,
      VfsPath directory,
      FileDescription description,
      Location location,
      DirectoryStream.Filter<? super Path> filter) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.description = description;
    this.location = location;
    this.filter = filter;
  }

  static VfsDirectoryStream open(
      FileRef ref, boolean follow, DirectoryStream.Filter<? super Path> filter) throws IOException {
    if (filter == null) {
      throw new NullPointerException("filter");
    }
    var description = ref.openDirectory(follow);
    boolean opened = false;
    try {
      var fileSystem = ref.fileSystem();
      var location = fileSystem.vfs().directoryOf(description);
      var stream = new VfsDirectoryStream(fileSystem, ref.shown(), description, location, filter);
      opened = true;
      fileSystem.opened(stream);
      return stream;
    } catch (ErrnoException e) {
      throw Failures.ofDirectory(e, ref.shown());
    } finally {
      if (!opened) {
        description.release();
      }
    }
  }

  /** Where relative paths start. */
  Location location() {
    requireOpen();
    return location;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new ClosedDirectoryStreamException();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      fileSystem.closed(this);
      description.release();
    }
  }

  // ---- entries ------------------------------------------------------------------------------

  @Override
  public Iterator<Path> iterator() {
    if (closed.get()) {
      throw new IllegalStateException("the directory stream is closed");
    }
    if (!iterated.compareAndSet(false, true)) {
      throw new IllegalStateException("the iterator has been obtained already");
    }
    return new Entries();
  }

  /** Fetches some entries at a time. Fails with nothing but DirectoryIteratorException. */
  private final class Entries implements Iterator<Path> {
    private final ArrayDeque<VfsPath> fetched = new ArrayDeque<>();
    private VfsPath next;
    private long cookie;
    private boolean atEnd;

    @Override
    public synchronized boolean hasNext() {
      while (next == null) {
        if (closed.get()) {
          return false;
        }
        if (fetched.isEmpty()) {
          fetch();
        }
        var candidate = fetched.poll();
        if (candidate == null) {
          return false;
        }
        if (accepts(candidate)) {
          next = candidate;
        }
      }
      return true;
    }

    @Override
    public synchronized Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var result = next;
      next = null;
      return result;
    }

    private boolean accepts(VfsPath entry) {
      try {
        return filter.accept(entry);
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
    }

    private void fetch() {
      if (atEnd) {
        return;
      }
      try {
        atEnd = true;
        description.readDirectory(
            cookie,
            (entryCookie, ino, type, name) -> {
              cookie = entryCookie;
              if (!isDots(name)) {
                fetched.add(directory.resolve(name));
              }
              atEnd = fetched.size() < BATCH;
              return atEnd;
            });
      } catch (ErrnoException e) {
        // A directory that has been removed has no entries; nor has a stream that was just closed.
        if (e.errno() != Errno.ENOENT && !closed.get()) {
          throw new DirectoryIteratorException(Failures.of(e, directory));
        }
      }
    }

    private static boolean isDots(byte[] name) {
      return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
  }

  // ---- relative to the directory ------------------------------------------------------------

  private FileRef file(Path path) {
    requireOpen();
    var own = VfsPath.of(path);
    return new FileRef(fileSystem, this, own, directory.resolve(own));
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    return open(file(path), FileRef.followsLinks(options), entry -> true);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return VfsFileChannel.open(file(path), OpenMode.of(options), attributes);
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    file(path).unlink();
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    file(path).removeDirectory();
  }

  @Override
  public void move(Path source, SecureDirectoryStream<Path> targetDirectory, Path target)
      throws IOException {
    if (targetDirectory == null) {
      throw new NullPointerException("targetDirectory");
    }
    if (!(targetDirectory instanceof VfsDirectoryStream there)) {
      throw new ProviderMismatchException();
    }
    var from = file(source);
    var to = there.file(target);
    if (fileSystem.vfs() != there.fileSystem.vfs()) {
      throw new AtomicMoveNotSupportedException(
          from.shown().toString(), to.shown().toString(), Errno.EXDEV.description());
    }
    CopyOptions.rename(from, to);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
    var self = VfsPath.of(fileSystem, new byte[] {'.'});
    return AttributeViews.of(new FileRef(fileSystem, this, self, directory), type, true);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return AttributeViews.of(file(path), type, FileRef.followsLinks(options));
  }
}
