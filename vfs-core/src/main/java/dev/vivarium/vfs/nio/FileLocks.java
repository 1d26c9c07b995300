package dev.vivarium.vfs.nio;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locks that channels of this JVM hold. They are the JVM's, not a channel's: two that overlap
 * are refused, whoever asks and whichever way both of them are shared. One table for the JVM, as
 * several views can show the same file.
 */
final class FileLocks {
  private static final Map<FileKey, List<Lock>> HELD = new HashMap<>();

  private FileLocks() {}

  /** A lock of a channel. */
  private static final class Lock extends FileLock {
    private final FileKey file;
    private boolean released;

    Lock(VfsFileChannel channel, FileKey file, long position, long size, boolean shared) {
      super(channel, position, size, shared);
      this.file = file;
    }

    @Override
    public boolean isValid() {
      synchronized (HELD) {
        return !released && acquiredBy().isOpen();
      }
    }

    @Override
    public void release() throws IOException {
      synchronized (HELD) {
        if (!acquiredBy().isOpen()) {
          throw new ClosedChannelException();
        }
        if (!released) {
          released = true;
          remove(this);
        }
      }
    }
  }

  /**
   * Locks a range.
   *
   * @throws OverlappingFileLockException if a part of it is locked
   */
  static FileLock lock(
      VfsFileChannel channel, FileKey file, long position, long size, boolean shared) {
    var lock = new Lock(channel, file, position, size, shared);
    synchronized (HELD) {
      var held = HELD.computeIfAbsent(file, key -> new ArrayList<>());
      for (var other : held) {
        if (other.overlaps(position, size)) {
          throw new OverlappingFileLockException();
        }
      }
      held.add(lock);
    }
    return lock;
  }

  /** Ends all locks of a channel that has been closed. */
  static void releaseAll(VfsFileChannel channel, FileKey file) {
    synchronized (HELD) {
      for (var lock : List.copyOf(HELD.getOrDefault(file, List.of()))) {
        if (lock.acquiredBy() == channel) {
          lock.released = true;
          remove(lock);
        }
      }
    }
  }

  private static void remove(Lock lock) {
    var held = HELD.get(lock.file);
    held.remove(lock);
    if (held.isEmpty()) {
      HELD.remove(lock.file);
    }
  }
}
