package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Locks of files, which a process has as a whole, and loses as soon as it closes the file, however
 * often that is open. So what this JVM has locked elsewhere, by another class loader or another
 * path, stays open here until that is over.
 */
final class FileLocks {
  private static final Map<Path, Elsewhere> ELSEWHERE = new ConcurrentHashMap<>();

  /** A file that is open, and what tells it from a later one of its name. */
  private record Elsewhere(RandomAccessFile file, Object key) {}

  private FileLocks() {}

  /** A file that is there, open and locked; null if somebody else has locked it. */
  static RandomAccessFile take(Path path) throws IOException {
    var key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    var known = ELSEWHERE.remove(path);
    if (known != null && !Objects.equals(known.key, key)) {
      // That has become a blob, say, and this is another.
      known.file.close();
      known = null;
    }
    var file = known == null ? new RandomAccessFile(path.toFile(), "rw") : known.file;
    boolean stays = false;
    try {
      stays = file.getChannel().tryLock() != null;
      return stays ? file : null;
    } catch (OverlappingFileLockException e) {
      stays = true;
      ELSEWHERE.put(path, new Elsewhere(file, key));
      return null;
    } finally {
      if (!stays) {
        file.close();
      }
    }
  }

  /** What is in a file that is locked, and stays so. */
  static byte[] read(Path path) throws IOException {
    var elsewhere = ELSEWHERE.get(path);
    if (elsewhere == null) {
      return Files.readAllBytes(path);
    }
    var bytes = new byte[(int) elsewhere.file.length()];
    elsewhere.file.seek(0);
    elsewhere.file.readFully(bytes);
    return bytes;
  }

  /** Gives up what has stayed open of a directory and is gone. */
  static void forget(Path directory) throws IOException {
    for (var path : List.copyOf(ELSEWHERE.keySet())) {
      if (path.startsWith(directory) && Files.notExists(path)) {
        ELSEWHERE.remove(path).file.close();
      }
    }
  }
}
