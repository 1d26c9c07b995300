package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Locks of files, which a process has as a whole, and loses as soon as it closes the file, however
 * often that is open. So what this JVM has locked elsewhere, by another class loader or another
 * path, stays open here until that is over.
 */
final class FileLocks {
  private static final long FIRST_PAUSE_NANOS = 50_000;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000;
  private static final Map<Path, RandomAccessFile> ELSEWHERE = new ConcurrentHashMap<>();

  private FileLocks() {}

  /** Waits for a lock. Whoever is interrupted meanwhile is so later, and the file stays open. */
  static void lock(FileChannel channel) throws IOException {
    boolean interrupted = false;
    long pause = FIRST_PAUSE_NANOS;
    while (!isLocked(channel)) {
      LockSupport.parkNanos(pause);
      interrupted |= Thread.interrupted();
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A file that is there, open and locked; null if somebody else has locked it. */
  static RandomAccessFile take(Path path) throws IOException {
    var file = ELSEWHERE.remove(path);
    if (file == null) {
      // Opening it would make it.
      if (Files.notExists(path)) {
        throw new NoSuchFileException(path.toString());
      }
      file = new RandomAccessFile(path.toFile(), "rw");
    }
    boolean stays = false;
    try {
      stays = file.getChannel().tryLock() != null;
      return stays ? file : null;
    } catch (OverlappingFileLockException e) {
      stays = true;
      ELSEWHERE.put(path, file);
      return null;
    } finally {
      if (!stays) {
        file.close();
      }
    }
  }

  /** What is in a file that is locked, and stays so. */
  static byte[] read(Path path) throws IOException {
    var file = ELSEWHERE.get(path);
    if (file == null) {
      return Files.readAllBytes(path);
    }
    var bytes = new byte[(int) file.length()];
    file.seek(0);
    file.readFully(bytes);
    return bytes;
  }

  /** Gives up what has stayed open of a directory and is gone. */
  static void forget(Path directory) throws IOException {
    for (var path : List.copyOf(ELSEWHERE.keySet())) {
      if (path.startsWith(directory) && Files.notExists(path)) {
        ELSEWHERE.remove(path).close();
      }
    }
  }
}
