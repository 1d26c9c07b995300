package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locks that channels of this JVM hold, or wait for. They are the JVM's, not a channel's: two
 * that overlap are refused, whoever asks and whichever way both of them are shared. One table for
 * the JVM, as several views can show the same file. To guests the JVM is one process with record
 * locks; unlike on Linux, closing a channel gives no lock of another channel back.
 */
final class FileLocks {
  private static final Map<FileKey, List<Lock>> HELD = new HashMap<>();
  // As Linux tells of a process outside the name space of who asks.
  private static final int PID = 0;

  private FileLocks() {}

  /** A lock of a channel. */
  private static final class Lock extends FileLock {
    private final FileDescription description;
    private final FileKey file;
    private boolean acquired;
    private boolean released;

    Lock(
        VfsFileChannel channel,
        FileDescription description,
        FileKey file,
        long position,
        long size,
        boolean shared) {
      super(channel, position, size, shared);
      this.description = description;
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
        end();
      }
    }

    void acquire(boolean waits) throws ErrnoException, InterruptedException {
      // A lock of no bytes is in nobody's way; to fcntl, 0 would mean all that follows.
      if (size() > 0) {
        set(isShared() ? LockType.READ : LockType.WRITE, waits);
        synchronized (HELD) {
          acquired = true;
          if (released) {
            giveBack();
          }
        }
      }
    }

    private void set(LockType type, boolean waits) throws ErrnoException, InterruptedException {
      var request = LockRequest.of(type, position(), size() == Long.MAX_VALUE ? 0 : size());
      description.setRecordLock(this, PID, request, waits);
    }

    void end() {
      if (!released) {
        released = true;
        var held = HELD.get(file);
        held.remove(this);
        if (held.isEmpty()) {
          HELD.remove(file);
        }
        if (acquired) {
          giveBack();
        }
      }
    }

    private void giveBack() {
      try {
        set(LockType.NONE, false);
      } catch (ErrnoException | InterruptedException e) {
        throw new AssertionError("all of what has been got can be given back", e);
      }
    }
  }

  /**
   * Locks a range.
   *
   * @return the lock; null if a guest's is in the way, and it shall not wait
   * @throws OverlappingFileLockException if a part of it is locked by this JVM, or another thread
   *     waits for it
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  static FileLock lock(
      VfsFileChannel channel,
      FileDescription description,
      FileKey file,
      long position,
      long size,
      boolean shared,
      boolean waits)
      throws ErrnoException, InterruptedException {
    var lock = new Lock(channel, description, file, position, size, shared);
    synchronized (HELD) {
      var held = HELD.computeIfAbsent(file, key -> new ArrayList<>());
      for (var other : held) {
        if (other.overlaps(position, size)) {
          throw new OverlappingFileLockException();
        }
      }
      held.add(lock);
    }
    boolean locked = false;
    try {
      lock.acquire(waits);
      locked = true;
      return lock;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EAGAIN) {
        return null;
      }
      throw e;
    } finally {
      if (!locked) {
        synchronized (HELD) {
          lock.end();
        }
      }
    }
  }

  /** Ends all locks of a channel that has been closed. */
  static void releaseAll(VfsFileChannel channel, FileKey file) {
    synchronized (HELD) {
      for (var lock : List.copyOf(HELD.getOrDefault(file, List.of()))) {
        if (lock.acquiredBy() == channel) {
          lock.end();
        }
      }
    }
  }
}
