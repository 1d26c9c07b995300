package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.image.ImageReader;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The trees that layers make, in the form that a tree is opened from: a cache, named by what it is
 * made of. What is missing or damaged is made anew, and a directory that cannot be written is no
 * failure. All users in this JVM share what is open.
 *
 * <p>A tree is opened without looking through it. If something is found damaged later, it is an
 * error to whoever looks there, and the next who opens the tree gets a new one.
 */
final class Trees {
  private static final Map<Path, SoftReference<Snapshot>> OPEN = new ConcurrentHashMap<>();
  private static final String SUFFIX = ".tree";

  private final Path directory;

  Trees(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** The name of a stack of layers: the chain of the digests, as the image specification has it. */
  static Digest chain(List<Digest> diffIds) {
    var chain = diffIds.get(0);
    for (int i = 1; i < diffIds.size(); i++) {
      chain = Digest.of((chain + " " + diffIds.get(i)).getBytes(US_ASCII));
    }
    return chain;
  }

  static String fileName(Digest chain) {
    return chain.hex() + SUFFIX;
  }

  Optional<Snapshot> find(Digest chain) {
    var file = directory.resolve(fileName(chain));
    var known = OPEN.getOrDefault(file, new SoftReference<>(null)).get();
    if (known != null) {
      return Optional.of(known);
    }
    try {
      var tree = ImageReader.openTrusted(file, new Drop(file));
      OPEN.put(file, new SoftReference<>(tree));
      return Optional.of(tree);
    } catch (IOException e) {
      // Not there, or damaged: it is written anew.
      return Optional.empty();
    }
  }

  /** Makes a tree be written anew by whoever opens it next. */
  private static final class Drop implements Runnable {
    private final Path file;

    Drop(Path file) {
      this.file = file;
    }

    @Override
    public void run() {
      OPEN.remove(file);
      removeQuietly(file);
    }
  }

  /**
   * Keeps a tree.
   *
   * @param contents see {@link KeptTree}
   */
  void keep(Digest chain, Snapshot tree, ContentFile contents) {
    try (var kept = new KeptTree(this, tree, contents)) {
      kept.name(chain);
    }
  }

  /**
   * Keeps a tree. Who opens it next has it of its file, so that the one which was written, and what
   * it has in the heap, can go.
   *
   * @param written where it is written, and taken from; null if it is not
   */
  void put(Digest chain, Snapshot tree, Path written) {
    var file = directory.resolve(fileName(chain));
    if (written != null) {
      try {
        move(written, file);
        return;
      } catch (IOException e) {
        // It stays where it is, for whoever has written it to remove.
      }
    }
    OPEN.put(file, new SoftReference<>(tree));
  }

  private void move(Path written, Path file) throws IOException {
    try {
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // It is on another disk than what is kept.
      var copy = Files.createTempFile(directory, "tree", ".tmp");
      try {
        Files.copy(written, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        removeQuietly(copy);
      }
    }
  }

  static void removeQuietly(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It stays, and takes its room.
    }
  }
}
