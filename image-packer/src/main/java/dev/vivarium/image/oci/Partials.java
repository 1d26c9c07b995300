package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What has arrived of blobs whose way into the store was cut: files named by the digests that they
 * will have. Who goes on with one has it locked, and the lock ends with the process, however that
 * ends. They are taken and removed under the lock of the store.
 */
final class Partials {
  /**
   * Those of this JVM. Their files must not be opened a second time: closing that would end the
   * lock.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  /** How long one waits for somebody to go on with it. */
  private static final Duration KEPT = Duration.ofDays(1);

  private final Path directory;

  Partials(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  Path path(Digest digest) {
    return directory.resolve(digest.hex());
  }

  /** A file to go on with, or to begin; null if somebody else has it. */
  RandomAccessFile take(Path file) throws IOException {
    if (!OURS.add(file)) {
      return null;
    }
    RandomAccessFile taken = null;
    try {
      StoreLock.makeDirectory(directory);
      file.toFile().createNewFile();
      taken = FileLocks.take(file);
      return taken;
    } finally {
      if (taken == null) {
        OURS.remove(file);
      }
    }
  }

  void giveBack(Path file, RandomAccessFile taken) throws IOException {
    try {
      taken.close();
    } finally {
      OURS.remove(file);
    }
  }

  /**
   * Whether nobody goes on with a file, nor is likely to: since it is old, or the blob is there.
   *
   * @param blob where that is then
   */
  static boolean isAbandoned(Path file, Path blob) throws IOException {
    if (OURS.contains(file)) {
      return false;
    }
    try (var taken = FileLocks.take(file)) {
      var oldest = Instant.now().minus(KEPT);
      boolean isOld = Files.getLastModifiedTime(file).toInstant().isBefore(oldest);
      return taken != null && (isOld || Files.exists(blob));
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
