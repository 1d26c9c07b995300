package dev.vivarium.image.oci;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.image.ImageWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tree that is written, in a thread of its own, in the form that it is opened from: beside the
 * compressing of the layer that makes it, whose digest it is named by. That it cannot be written is
 * no failure; it is made of its layers then, when it is needed.
 */
public final class KeptTree implements Closeable {
  private final Trees trees;
  private final Snapshot tree;
  private final ContentFile contents;
  private final Thread writer;
  // Read once the writer has ended.
  private Path file;
  private boolean whole;

  /**
   * @param contents where some of the tree's content is already, which may become what is kept;
   *     null if it is nowhere
   */
  KeptTree(Trees trees, Snapshot tree, ContentFile contents) {
    this.trees = trees;
    this.tree = tree;
    this.contents = contents;
    this.writer = new Thread(this::write, "tree");
    writer.setDaemon(true);
    writer.start();
  }

  private void write() {
    try {
      Files.createDirectories(trees.directory());
      if (contents != null && contents.suits(tree)) {
        file = contents.finish(tree);
      } else {
        file = Files.createTempFile(trees.directory(), "tree", ".tmp");
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
          ImageWriter.write(tree, out);
        }
      }
      whole = true;
    } catch (IOException | OutOfMemoryError e) {
      // It is not whole, and not kept.
    }
  }

  /** Keeps it as the tree that these layers make. */
  public void name(List<Layer> layers) {
    Image.chain(layers).ifPresent(this::name);
  }

  void name(Digest chain) {
    awaitEnd();
    trees.put(chain, tree, whole ? file : null);
  }

  /** Whoever is interrupted meanwhile is so later: the writer may have a file to be removed. */
  private void awaitEnd() {
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
        writer.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the writing; what has no name yet is gone. */
  @Override
  public void close() {
    writer.interrupt();
    awaitEnd();
    Trees.removeQuietly(file);
  }
}
