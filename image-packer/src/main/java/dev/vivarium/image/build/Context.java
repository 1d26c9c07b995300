package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.DirectoryPacker;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The files that a build may copy: a directory of the host, but for what its {@code .dockerignore}
 * leaves out. Read when the first of them is needed; links in it stay links, and lead to nowhere
 * outside.
 */
final class Context implements Closeable {
  private final Path directory;
  private final IgnoreFile ignored;
  private final Store store;
  private final Instant time;
  private final Consumer<String> warnings;
  private ContentFile contents;
  private TreeReader tree;

  private Context(
      Path directory, IgnoreFile ignored, Store store, Instant time, Consumer<String> warnings) {
    this.directory = directory;
    this.ignored = ignored;
    this.store = store;
    this.time = time;
    this.warnings = warnings;
  }

  /**
   * The context of a build.
   *
   * @param dockerfile whose own {@code .dockerignore} counts, if there is one beside it; null if it
   *     is no file
   * @param store has the room for what is read
   * @throws DockerfileException if a {@code .dockerignore} is wrong
   */
  static Context of(
      Path directory, Path dockerfile, Store store, Instant time, Consumer<String> warnings)
      throws IOException {
    var file = directory.resolve(".dockerignore");
    if (dockerfile != null) {
      var own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
      file = Files.isRegularFile(own) ? own : file;
    }
    if (!Files.isRegularFile(file)) {
      return new Context(directory, IgnoreFile.EMPTY, store, time, warnings);
    }
    var content = new String(Files.readAllBytes(file), UTF_8);
    var ignored = IgnoreFile.parse(file.getFileName().toString(), content);
    return new Context(directory, ignored, store, time, warnings);
  }

  TreeReader tree() throws IOException {
    if (tree == null) {
      var leftOut = new ArrayList<String>();
      var packed =
          DirectoryPacker.packOnly(
              directory,
              path -> isKept(path, leftOut),
              time,
              warnings,
              Digest.algorithm(),
              contents());
      var all = packed.tree();
      tree = new TreeReader(leftOut.isEmpty() ? all : without(all, leftOut), packed.digests());
    }
    return tree;
  }

  /** What takes the contents of this build's trees; null if only the heap does. */
  ContentFile contents() {
    if (contents == null || contents.hasEnded()) {
      close();
      contents = store.contents();
    }
    return contents;
  }

  /** Gives the room of the contents back, once nothing uses them any more. */
  @Override
  public void close() {
    if (contents != null) {
      contents.close();
    }
  }

  /** Whether a path is read; a directory that is left out is, where something in it may be kept. */
  private boolean isKept(Path path, List<String> leftOut) {
    var text = path.toString().replace(File.separatorChar, '/');
    if (!ignored.excludes(text)) {
      return true;
    }
    if (ignored.keepsAnything()
        && Files.isDirectory(directory.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
      leftOut.add(text);
      return true;
    }
    return false;
  }

  /** Without the directories in which nothing was kept. */
  private Snapshot without(Snapshot all, List<String> leftOut) throws IOException {
    var vfs =
        Vfs.builder().base(all).quota(Quota.UNLIMITED).clock(InstantSource.fixed(time)).build();
    leftOut.sort((a, b) -> b.length() - a.length());
    for (var path : leftOut) {
      try {
        vfs.removeDirectory(vfs.superuser(), vfs.root(), path.getBytes(UTF_8));
      } catch (ErrnoException e) {
        // Something in it was kept.
      }
    }
    return vfs.snapshot();
  }
}
