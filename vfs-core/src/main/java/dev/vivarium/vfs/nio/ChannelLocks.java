package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.util.HashSet;
import java.util.Set;

/** The locks of a channel, and the threads that wait for one. */
final class ChannelLocks {
  private final VfsFileChannel channel;
  private final FileDescription file;
  private final FileKey key;
  private final VfsPath path;
  private final Set<Thread> waiting = new HashSet<>();

  /**
   * @param path what exceptions call the file
   */
  ChannelLocks(VfsFileChannel channel, FileDescription file, FileKey key, VfsPath path) {
    this.channel = channel;
    this.file = file;
    this.key = key;
    this.path = path;
  }

  /** As {@link java.nio.channels.FileChannel#lock(long, long, boolean)}. */
  FileLock await(long at, long size, boolean shared) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FileLockInterruptionException();
    }
    synchronized (waiting) {
      waiting.add(Thread.currentThread());
    }
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      return lock(at, size, shared, true);
    } finally {
      synchronized (waiting) {
        if (!waiting.remove(Thread.currentThread())) {
          // The interrupt was the closing's, and has done what it was for.
          Thread.interrupted();
        }
      }
    }
  }

  /** As {@link java.nio.channels.FileChannel#tryLock(long, long, boolean)}. */
  FileLock attempt(long at, long size, boolean shared) throws IOException {
    return lock(at, size, shared, false);
  }

  private FileLock lock(long at, long size, boolean shared, boolean waits) throws IOException {
    try {
      var lock = FileLocks.lock(channel, file, key, at, size, shared, waits);
      if (!channel.isOpen()) {
        // Closed meanwhile, perhaps before it could see the lock.
        FileLocks.releaseAll(channel, key);
        throw new AsynchronousCloseException();
      }
      return lock;
    } catch (ErrnoException e) {
      throw Failures.plain(e, path);
    } catch (InterruptedException e) {
      if (!channel.isOpen()) {
        throw new AsynchronousCloseException();
      }
      Thread.currentThread().interrupt();
      throw new FileLockInterruptionException();
    }
  }

  /** The channel has been closed: no one waits any more, and nothing is locked. */
  void closed() {
    synchronized (waiting) {
      waiting.forEach(Thread::interrupt);
      waiting.clear();
    }
    FileLocks.releaseAll(channel, key);
  }
}
