package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens directories of the host, one component at a time from the mapped directory down, never
 * following a symbolic link. A directory is the one that was meant, or the call fails: each is
 * compared with what was seen of it before. A few stay open for the next call. Guarded by the lock
 * of the tree, but for a {@link #close} that comes when nobody else is left.
 */
final class HostDirectoryStreams implements AutoCloseable {
  /** More levels than the trees of people have; bounds what a walk costs. */
  static final int DEPTH_MAX = 512;

  // Each takes two descriptors of the JVM.
  private static final int KEPT = 32;

  private final SecureDirectoryStream<Path> root;
  private final Map<HostDirectoryNode, SecureDirectoryStream<Path>> kept =
      new LinkedHashMap<>(16, 0.75f, true);
  private final List<SecureDirectoryStream<Path>> dropped = new ArrayList<>();

  HostDirectoryStreams(SecureDirectoryStream<Path> root) {
    this.root = root;
  }

  /** The mapped directory. */
  SecureDirectoryStream<Path> root() {
    return root;
  }

  /**
   * A directory, open until the {@linkplain #trim() next call} of the driver.
   *
   * @throws ErrnoException ENOENT if it is no longer where it was; ENAMETOOLONG if it is too deep
   */
  SecureDirectoryStream<Path> open(HostDirectoryNode directory) throws IOException, ErrnoException {
    var below = new ArrayDeque<HostDirectoryNode>();
    var stream = root;
    for (var node = directory; node.name() != null; node = node.parent()) {
      if (node.parent() == null) {
        throw Errno.ENOENT.exception();
      }
      var open = kept.get(node);
      if (open != null) {
        stream = open;
        break;
      }
      below.push(node);
      if (below.size() > DEPTH_MAX) {
        throw Errno.ENAMETOOLONG.exception();
      }
    }
    if (below.isEmpty()) {
      return stream;
    }
    stream = walk(stream, below);
    kept.put(directory, stream);
    if (kept.size() > KEPT) {
      var eldest = kept.entrySet().iterator();
      dropped.add(eldest.next().getValue());
      eldest.remove();
    }
    return stream;
  }

  /** What is found under a name of a directory now; null if nothing is. */
  static PosixFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    try {
      return directory
          .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** A directory will not be asked for again. */
  void forget(HostDirectoryNode directory) {
    var stream = kept.remove(directory);
    if (stream != null) {
      dropped.add(stream);
    }
  }

  /** Closes what is kept no longer. */
  void trim() {
    for (var stream : dropped) {
      closeQuietly(stream);
    }
    dropped.clear();
  }

  @Override
  public void close() {
    trim();
    for (var stream : kept.values()) {
      closeQuietly(stream);
    }
    kept.clear();
    closeQuietly(root);
  }

  private static SecureDirectoryStream<Path> walk(
      SecureDirectoryStream<Path> from, ArrayDeque<HostDirectoryNode> down)
      throws IOException, ErrnoException {
    var stream = from;
    for (var node : down) {
      try {
        var next = step(stream, node);
        if (stream != from) {
          closeQuietly(stream);
        }
        stream = next;
      } catch (IOException | ErrnoException | RuntimeException e) {
        if (stream != from) {
          closeQuietly(stream);
        }
        throw e;
      }
    }
    return stream;
  }

  private static SecureDirectoryStream<Path> step(
      SecureDirectoryStream<Path> stream, HostDirectoryNode node)
      throws IOException, ErrnoException {
    // Looked at before it is opened: opening a FIFO would wait for a writer.
    var before = attributes(stream, node.hostName());
    if (before == null || !before.isDirectory() || !node.key().equals(before.fileKey())) {
      throw Errno.ENOENT.exception();
    }
    var next = stream.newDirectoryStream(node.hostName(), LinkOption.NOFOLLOW_LINKS);
    // And after: it may have been exchanged in between.
    Object opened;
    try {
      opened = next.getFileAttributeView(PosixFileAttributeView.class).readAttributes().fileKey();
    } catch (IOException | RuntimeException e) {
      closeQuietly(next);
      throw e;
    }
    if (!node.key().equals(opened)) {
      closeQuietly(next);
      throw Errno.ENOENT.exception();
    }
    return next;
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Nothing is written through it, and nobody could do anything about it.
    }
  }
}
