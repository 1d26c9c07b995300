package dev.vivarium.image.oci;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock of a store, between processes and between the threads of each. Held for the moment
 * that it takes to give names and take them away, and never while content is moved.
 */
final class StoreLock {
  /** File locks are the JVM's as a whole: its threads have to queue by other means. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final Path file;
  private final ReentrantLock threads;

  private StoreLock(Path file) {
    this.file = file;
    var fresh = new ReentrantLock();
    var present = THREADS.putIfAbsent(file, fresh);
    this.threads = present == null ? fresh : present;
  }

  static StoreLock of(Path file) {
    return new StoreLock(file);
  }

  /** Has it until it is closed. */
  static final class Held implements Closeable {
    private final ReentrantLock threads;
    // Null if the thread had it already.
    private final FileChannel channel;

    private Held(ReentrantLock threads, FileChannel channel) {
      this.threads = threads;
      this.channel = channel;
    }

    @Override
    public void close() throws IOException {
      try {
        if (channel != null) {
          channel.close();
        }
      } finally {
        threads.unlock();
      }
    }
  }

  /** Makes a directory that is not there: one that is would cost an exception. */
  static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
  }

  /** Waits for it. A thread that has it may take it again. */
  Held acquire() throws IOException {
    threads.lock();
    if (threads.getHoldCount() > 1) {
      return new Held(threads, null);
    }
    FileChannel channel = null;
    try {
      makeDirectory(file.getParent());
      channel = new FileOutputStream(file.toFile()).getChannel();
      channel.lock();
      return new Held(threads, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      throw e;
    }
  }
}
