package dev.vivarium.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that processes lock in turn. A process loses a lock as soon as it closes the file anywhere,
 * and another class loader of it may have just got the lock. So each is opened once, and stays open
 * for as long as the JVM runs.
 */
public final class LockFile implements Closeable {
  private static final Map<Path, LockFile> OPEN = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Object key;
  // Null while this is open and not locked.
  private FileLock lock;

  private LockFile(Path file, FileChannel channel, Object key) {
    this.file = file;
    this.channel = channel;
    this.key = key;
  }

  /**
   * Locks a file, which is made if it is not there, unless somebody else has locked it. Of the
   * threads that use these classes one may call this at a time. No interrupt ends it.
   *
   * @return what closing gives it back; null if another process, or another class loader of this
   *     one, has it
   * @throws IOException if it cannot be opened, or the host has no locks
   */
  public static LockFile tryLock(Path file) throws IOException {
    var opened = open(file);
    try {
      opened.lock = opened.channel.tryLock();
      return opened.lock == null ? null : opened;
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    try {
      lock.release();
    } catch (IOException e) {
      // This gives it back too, and else nobody would ever have it again.
      OPEN.remove(file, this);
      channel.close();
    }
  }

  private static LockFile open(Path file) throws IOException {
    var known = OPEN.get(file);
    if (known != null) {
      if (Objects.equals(known.key, keyOf(file))) {
        return known;
      }
      // That is gone, and this is another of its name.
      known.channel.close();
    }
    var made = new RandomAccessFile(file.toFile(), "rw").getChannel();
    var opened = new LockFile(file, made, keyOf(file));
    OPEN.put(file, opened);
    return opened;
  }

  /** What tells a file from another of its name; a text where the host has no such thing. */
  private static Object keyOf(Path file) throws IOException {
    try {
      var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? "" : key;
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
