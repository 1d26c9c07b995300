package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What somebody who uses a store needs of it although nothing has a name yet, or no more: a file of
 * digests, locked for as long as it counts. The lock ends with the process, however that ends.
 */
final class Lease implements Closeable {
  /**
   * The leases of this JVM. Their files must not be opened a second time: closing that would end
   * the lock.
   */
  private static final Map<Path, Set<Digest>> OURS = new ConcurrentHashMap<>();

  private final Path leases;
  private final StoreLock lock;
  private final Set<Digest> digests = ConcurrentHashMap.newKeySet();
  private Path file;
  private volatile FileOutputStream out;

  Lease(Path leases, StoreLock lock) {
    this.leases = leases;
    this.lock = lock;
  }

  /** What names this once it has begun, also in the names of files that belong to it. */
  String id() {
    return file.getFileName().toString();
  }

  /** From now on nobody removes what has this digest, nor what it refers to. */
  void hold(Digest digest) throws IOException {
    try (var held = lock.acquire()) {
      if (digests.contains(digest)) {
        return;
      }
      begin();
      out.write((digest.hex() + "\n").getBytes(US_ASCII));
      digests.add(digest);
    }
  }

  /** Makes the files that belong to this be left alone. */
  void begin() throws IOException {
    try (var held = lock.acquire()) {
      if (out == null) {
        StoreLock.makeDirectory(leases);
        while (out == null) {
          create();
        }
        // Nobody else knows of it, so nobody is waited for.
        if (out.getChannel().tryLock() == null) {
          throw new IOException(file + " cannot be locked");
        }
        OURS.put(file, digests);
      }
    }
  }

  /** Under a name that nobody has; one of random bits would need what takes long to load. */
  private void create() throws IOException {
    file =
        leases.resolve(
            Long.toHexString(System.currentTimeMillis())
                + "-"
                + Long.toHexString(System.nanoTime()));
    if (file.toFile().createNewFile()) {
      out = new FileOutputStream(file.toFile());
    }
  }

  @Override
  public void close() throws IOException {
    if (out == null) {
      // A store that nobody has used is not made for this.
      return;
    }
    try (var held = lock.acquire()) {
      if (out != null) {
        out.close();
        out = null;
        OURS.remove(file);
        digests.clear();
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Adds what all leases hold, and removes those whose process has ended. Under the lock.
   *
   * @param ids gets the names of those that count
   */
  static void collect(Path leases, Set<Digest> held, Set<String> ids) throws IOException {
    if (!Files.isDirectory(leases)) {
      return;
    }
    try (var files = Files.newDirectoryStream(leases)) {
      for (var file : files) {
        var ours = OURS.get(file);
        if (ours != null) {
          held.addAll(ours);
          ids.add(file.getFileName().toString());
        } else {
          collectOther(file, held, ids);
        }
      }
    }
  }

  private static void collectOther(Path file, Set<Digest> held, Set<String> ids)
      throws IOException {
    try (var ended = FileLocks.take(file)) {
      if (ended != null) {
        Files.deleteIfExists(file);
        return;
      }
      held.addAll(read(file));
      ids.add(file.getFileName().toString());
    } catch (NoSuchFileException e) {
      // It has just ended by itself.
    }
  }

  private static Set<Digest> read(Path file) throws IOException {
    var digests = new HashSet<Digest>();
    for (var line : new String(FileLocks.read(file), US_ASCII).lines().toList()) {
      if (Digest.isDigest("sha256:" + line)) {
        digests.add(new Digest(line));
      }
    }
    return digests;
  }
}
