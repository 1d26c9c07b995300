package dev.vivarium.image.oci;

import dev.vivarium.image.LockFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock of a store, between processes and between the threads of each. Held for the moment
 * that it takes to give names and take them away, and never while content is moved.
 */
final class StoreLock implements Closeable {
  /** File locks are the JVM's as a whole: its threads queue by other means, which are faster. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final long FIRST_PAUSE_NANOS = 50_000;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000;

  private final Path file;
  private final ReentrantLock threads;
  // Null while nobody has this, or its thread had it by another store.
  private LockFile processes;

  private StoreLock(Path file) {
    this.file = file;
    var fresh = new ReentrantLock();
    var present = THREADS.putIfAbsent(file, fresh);
    this.threads = present == null ? fresh : present;
  }

  static StoreLock of(Path file) {
    return new StoreLock(file);
  }

  /** Makes a directory that is not there: one that is would cost an exception. */
  static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
  }

  /**
   * Waits for it, whatever interrupts: it is never held for long. A thread that has it may take it
   * again, and gives it back by closing it as often.
   */
  StoreLock acquire() throws IOException {
    threads.lock();
    if (threads.getHoldCount() > 1) {
      return this;
    }
    try {
      makeDirectory(file.getParent());
      processes = await();
      return this;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whoever is interrupted meanwhile is so later. */
  private LockFile await() throws IOException {
    boolean interrupted = false;
    long pause = FIRST_PAUSE_NANOS;
    var lock = LockFile.tryLock(file);
    while (lock == null) {
      LockSupport.parkNanos(pause);
      interrupted |= Thread.interrupted();
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      lock = LockFile.tryLock(file);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return lock;
  }

  @Override
  public void close() throws IOException {
    try {
      if (threads.getHoldCount() == 1 && processes != null) {
        var given = processes;
        processes = null;
        given.close();
      }
    } finally {
      threads.unlock();
    }
  }
}
