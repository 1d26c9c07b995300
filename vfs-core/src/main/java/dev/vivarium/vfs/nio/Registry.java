package dev.vivarium.vfs.nio;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.FileSystemAlreadyExistsException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The filesystems that URIs can name: those that are open and that somebody still refers to. One
 * for the JVM, as the installed provider is.
 */
final class Registry {
  private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<VfsFileSystem> GONE = new ReferenceQueue<>();
  private static final AtomicLong LAST = new AtomicLong();

  private static final class Entry extends WeakReference<VfsFileSystem> {
    final String id;

    Entry(VfsFileSystem fileSystem) {
      super(fileSystem, GONE);
      id = fileSystem.id();
    }
  }

  private Registry() {}

  /** Registers a filesystem under an id that is made up for it. */
  static VfsFileSystem register(Function<String, VfsFileSystem> maker) {
    while (true) {
      var fileSystem = maker.apply(Long.toString(LAST.incrementAndGet()));
      if (add(fileSystem)) {
        return fileSystem;
      }
    }
  }

  /** Registers a filesystem under the id that it has. */
  static VfsFileSystem register(VfsFileSystem fileSystem) {
    if (!add(fileSystem)) {
      throw new FileSystemAlreadyExistsException(fileSystem.toString());
    }
    return fileSystem;
  }

  private static boolean add(VfsFileSystem fileSystem) {
    for (var gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      ENTRIES.remove(((Entry) gone).id, gone);
    }
    return ENTRIES.putIfAbsent(fileSystem.id(), new Entry(fileSystem)) == null;
  }

  /** The filesystem with an id, or null. */
  static VfsFileSystem get(String id) {
    var entry = ENTRIES.get(id);
    return entry == null ? null : entry.get();
  }

  static void remove(VfsFileSystem fileSystem) {
    var entry = ENTRIES.get(fileSystem.id());
    if (entry != null && entry.refersTo(fileSystem)) {
      ENTRIES.remove(fileSystem.id(), entry);
    }
  }
}
