package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Watches directories in memory without asking again and again: the tree tells its watches of each
 * change. A file with several names is told under one of them. Directories of the host cannot be
 * watched.
 *
 * <p>The keys that have something to tell wait in a list that needs no memory, guarded by the
 * monitor of this service: a leaf below the lock of the tree and that of a key.
 */
final class VfsWatchService implements WatchService {
  private final VfsFileSystem fileSystem;
  private final Map<FileKey, VfsWatchKey> keys = new HashMap<>();
  // As many permits as there are keys in the list; one more once this is closed.
  private final Semaphore signalled = new Semaphore(0);
  private VfsWatchKey first;
  private VfsWatchKey last;
  private boolean closed;

  VfsWatchService(VfsFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  WatchKey register(VfsPath path, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    var wanted = kinds(events);
    for (var modifier : modifiers) {
      if (modifier == null) {
        throw new NullPointerException("modifier");
      }
      throw new UnsupportedOperationException("Modifier " + modifier + " is not supported");
    }
    if (path.getFileSystem() != fileSystem) {
      throw new ProviderMismatchException();
    }
    var directory = path.file().openDirectory(true);
    try {
      var vfs = fileSystem.vfs();
      var location = vfs.directoryOf(directory);
      var file = FileKey.of(fileSystem, directory.stat());
      synchronized (location.mount().table().lock()) {
        var key = new VfsWatchKey(this, path, file, location);
        var present = add(key);
        present.want(wanted);
        if (present == key) {
          boolean watched = false;
          try {
            location.mount().fileSystem().watch(location.ino(), key);
            watched = true;
          } finally {
            if (!watched) {
              forget(key);
            }
          }
        }
        return present;
      }
    } catch (ErrnoException e) {
      throw Failures.ofDirectory(e, path);
    } finally {
      directory.release();
    }
  }

  private static Set<WatchEvent.Kind<?>> kinds(WatchEvent.Kind<?>... events) {
    var wanted = new HashSet<WatchEvent.Kind<?>>();
    for (var kind : events) {
      if (kind == null) {
        throw new NullPointerException("kind");
      }
      if (kind == StandardWatchEventKinds.ENTRY_CREATE
          || kind == StandardWatchEventKinds.ENTRY_DELETE
          || kind == StandardWatchEventKinds.ENTRY_MODIFY) {
        wanted.add(kind);
      } else if (kind != StandardWatchEventKinds.OVERFLOW) {
        throw new UnsupportedOperationException(kind.name() + " is not supported");
      }
    }
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no events to register");
    }
    return wanted;
  }

  /** Adds a key, or finds that of the same directory. */
  private synchronized VfsWatchKey add(VfsWatchKey key) {
    requireOpen();
    var present = keys.putIfAbsent(key.file(), key);
    return present == null ? key : present;
  }

  synchronized void forget(VfsWatchKey key) {
    keys.remove(key.file(), key);
  }

  /** Puts a key, which is not in the list, at its end. */
  synchronized void enqueue(VfsWatchKey key) {
    if (last == null) {
      first = key;
    } else {
      last.next = key;
    }
    last = key;
    signalled.release();
  }

  // ---- waiting ------------------------------------------------------------------------------

  @Override
  public WatchKey poll() {
    requireOpen();
    return signalled.tryAcquire() ? dequeue() : null;
  }

  @Override
  public WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    requireOpen();
    return signalled.tryAcquire(timeout, unit) ? dequeue() : null;
  }

  @Override
  public WatchKey take() throws InterruptedException {
    requireOpen();
    signalled.acquire();
    return dequeue();
  }

  private synchronized WatchKey dequeue() {
    if (closed) {
      // Whoever else waits is to be told, too.
      signalled.release();
    }
    requireOpen();
    var key = first;
    first = key.next;
    key.next = null;
    if (first == null) {
      last = null;
    }
    return key;
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new ClosedWatchServiceException();
    }
  }

  @Override
  public void close() {
    List<VfsWatchKey> ended;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      ended = List.copyOf(keys.values());
      signalled.release();
    }
    fileSystem.closed(this);
    ended.forEach(VfsWatchKey::cancel);
  }
}
