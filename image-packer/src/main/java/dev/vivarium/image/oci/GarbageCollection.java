package dev.vivarium.image.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a collection has removed.
 *
 * @param files how many files
 * @param bytes their length in all
 */
public record GarbageCollection(long files, long bytes) {

  /** Marks what is reached from names and leases, and sweeps the rest, all under the lock. */
  static GarbageCollection run(Path directory, Blobs blobs, Tags tags, Trees trees)
      throws IOException {
    try (var held = blobs.lock().acquire()) {
      var leases = new HashSet<String>();
      var chains = new HashSet<String>();
      var reached = reached(directory, blobs, tags, leases, chains);
      var sweep = new Sweep();
      sweep.all(blobs.directory(), name -> !reached.contains(name));
      sweep.all(trees.directory(), name -> !chains.contains(name));
      sweep.files(directory.resolve("steps"), entry -> StepCache.isStale(entry, reached));
      sweep.all(blobs.uploads(), name -> leases.stream().noneMatch(name::startsWith));
      sweep.files(
          blobs.partials().directory(),
          file ->
              Partials.isAbandoned(file, blobs.directory().resolve(file.getFileName().toString())));
      FileLocks.forget(directory);
      return new GarbageCollection(sweep.files, sweep.bytes);
    }
  }

  /** Removes those of some blobs that nothing reaches, and nothing else. */
  static void discard(Path directory, Blobs blobs, Tags tags, Set<Digest> unwanted)
      throws IOException {
    try (var held = blobs.lock().acquire()) {
      var reached = reached(directory, blobs, tags, new HashSet<>(), new HashSet<>());
      for (var digest : unwanted) {
        if (!reached.contains(digest.hex())) {
          Files.deleteIfExists(blobs.path(digest));
        }
      }
    }
  }

  /**
   * The names of the blobs that are reached.
   *
   * @param leases gets those that count
   * @param chains gets the names of the trees that are reached
   */
  private static Set<String> reached(
      Path directory, Blobs blobs, Tags tags, Set<String> leases, Set<String> chains)
      throws IOException {
    var roots = new HashSet<Digest>();
    Lease.collect(directory.resolve("leases"), roots, leases);
    for (var manifest : tags.manifests()) {
      roots.add(manifest.digest());
    }
    var reached = new HashSet<String>();
    mark(blobs, roots, reached, chains);
    return reached;
  }

  private static void mark(Blobs blobs, Set<Digest> roots, Set<String> reached, Set<String> chains)
      throws IOException {
    var queue = new ArrayDeque<>(roots);
    while (!queue.isEmpty()) {
      var digest = queue.pop();
      if (!reached.add(digest.hex())) {
        continue;
      }
      var manifest = manifest(blobs.path(digest));
      if (manifest != null) {
        queue.add(manifest.config().digest());
        manifest.layers().forEach(layer -> queue.add(layer.digest()));
        markTree(blobs, manifest, chains);
      }
    }
  }

  /** The manifest in a blob; null if it is another blob, or gone. */
  private static Manifest manifest(Path blob) throws IOException {
    try {
      return Files.size(blob) > Manifest.MOST_BYTES
          ? null
          : Manifest.read(Files.readAllBytes(blob));
    } catch (BoxFormatException | NoSuchFileException e) {
      return null;
    }
  }

  private static void markTree(Blobs blobs, Manifest manifest, Set<String> chains)
      throws IOException {
    try {
      byte[] config = Files.readAllBytes(blobs.path(manifest.config().digest()));
      var archives =
          Image.of(null, manifest.config(), manifest, config).layers().stream()
              .filter(layer -> !layer.isModule())
              .map(Layer::diffId)
              .toList();
      if (!archives.isEmpty()) {
        chains.add(Trees.fileName(Trees.chain(archives)));
      }
    } catch (BoxFormatException | NoSuchFileException e) {
      // Of what is damaged there is no tree worth keeping.
    }
  }

  private static final class Sweep {
    private long files;
    private long bytes;

    private void remove(Path file) throws IOException {
      try {
        long size = Files.size(file);
        Files.delete(file);
        files++;
        bytes += size;
      } catch (NoSuchFileException e) {
        // Whoever made it has taken it away.
      }
    }

    /** What tells garbage. */
    interface Test {
      boolean isGarbage(Path file) throws IOException;
    }

    void all(Path directory, Predicate<String> isGarbage) throws IOException {
      files(directory, file -> isGarbage.test(file.getFileName().toString()));
    }

    void files(Path directory, Test test) throws IOException {
      if (!Files.isDirectory(directory)) {
        return;
      }
      try (var found = Files.newDirectoryStream(directory)) {
        for (var file : found) {
          if (test.isGarbage(file)) {
            remove(file);
          }
        }
      }
    }
  }
}
