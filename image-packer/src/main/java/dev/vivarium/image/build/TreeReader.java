package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.oci.Digest;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tree that files are copied from: as root, and no link leads out of it. */
final class TreeReader {
  private static final byte[] DOT = {'.'};
  private static final byte[] DOT_DOT = {'.', '.'};

  private final Vfs vfs;
  private final Map<Long, byte[]> digests;
  private final byte[] buffer = new byte[1 << 16];

  TreeReader(Snapshot tree) {
    this(tree, Map.of());
  }

  /**
   * Of a tree that is known already.
   *
   * @param digests of contents of files, by the numbers of their inodes
   */
  TreeReader(Snapshot tree, Map<Long, byte[]> digests) {
    this.vfs = Vfs.builder().base(tree).quota(Quota.UNLIMITED).build();
    this.digests = digests;
  }

  /** What is at a path, behind a link to it or not; nothing if it leads nowhere. */
  Optional<Stat> stat(byte[] path, boolean follow) throws ErrnoException {
    try {
      return Optional.of(vfs.stat(vfs.superuser(), vfs.root(), path, follow));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The names in a directory, in the order of their bytes. */
  List<byte[]> names(byte[] directory) throws ErrnoException {
    var names = new ArrayList<byte[]>();
    var open = vfs.open(vfs.superuser(), vfs.root(), directory, OpenFlags.O_DIRECTORY, 0);
    try {
      open.readDirectory(
          0,
          (cookie, ino, type, name) -> {
            if (!Arrays.equals(name, DOT) && !Arrays.equals(name, DOT_DOT)) {
              names.add(name);
            }
            return true;
          });
    } finally {
      open.release();
    }
    names.sort(Arrays::compareUnsigned);
    return names;
  }

  byte[] readLink(byte[] path) throws ErrnoException {
    return vfs.readLink(vfs.superuser(), vfs.root(), path);
  }

  /** Gives a file of another tree the content of one of this, which both share. */
  void cloneTo(byte[] path, FileDescription other) throws ErrnoException {
    var file = vfs.open(vfs.superuser(), vfs.root(), path, OpenFlags.O_RDONLY, 0);
    try {
      Transfer.cloneFile(file, other);
    } finally {
      file.release();
    }
  }

  /** The SHA-256 of the content of a file. */
  byte[] digest(byte[] path, Stat stat) throws IOException, ErrnoException {
    byte[] known = digests.get(stat.ino());
    if (known != null) {
      return known;
    }
    var digest = Digest.algorithm();
    try (var in = open(path)) {
      for (int count; (count = in.read(buffer, 0, buffer.length)) > 0; ) {
        digest.update(buffer, 0, count);
      }
    }
    return digest.digest();
  }

  /** The content of a file. */
  InputStream open(byte[] path) throws ErrnoException {
    var file = vfs.open(vfs.superuser(), vfs.root(), path, OpenFlags.O_RDONLY, 0);
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        try {
          int count = file.pread(buffer, offset, length, position);
          position += Math.max(0, count);
          return count == 0 && length > 0 ? -1 : count;
        } catch (ErrnoException e) {
          throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
      }

      @Override
      public void close() {
        file.release();
      }
    };
  }

  /**
   * The paths that a pattern matches, name by name, in the order of their bytes; without any
   * special character, the one path if it is there. What is no pattern matches nothing; a link that
   * leads nowhere is matched.
   */
  List<String> matches(String pattern) throws ErrnoException {
    var found = List.of("");
    boolean guessed = false;
    for (var name : pattern.split("/")) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      var next = new ArrayList<String>();
      for (var directory : found) {
        try {
          if (PathPattern.isPattern(name)) {
            addMatches(directory, name, next);
          } else if (stat(bytes(directory + "/" + name), !guessed).isPresent()) {
            next.add(directory + "/" + name);
          }
        } catch (ErrnoException e) {
          // What a pattern has found need not lead anywhere.
          if (!guessed || e.errno() != Errno.ELOOP) {
            throw e;
          }
        }
      }
      found = next;
      guessed |= PathPattern.isPattern(name);
    }
    return found;
  }

  private void addMatches(String directory, String pattern, List<String> found)
      throws ErrnoException {
    var matcher = PathPattern.of(pattern);
    if (matcher.isEmpty() || !isDirectory(directory)) {
      return;
    }
    for (byte[] name : names(bytes(directory.isEmpty() ? "/" : directory))) {
      var text = new String(name, UTF_8);
      if (matcher.get().matches(text)) {
        found.add(directory + "/" + text);
      }
    }
  }

  private boolean isDirectory(String path) throws ErrnoException {
    return stat(bytes(path.isEmpty() ? "/" : path), true)
        .filter(stat -> stat.type() == FileType.DIRECTORY)
        .isPresent();
  }

  private static byte[] bytes(String path) {
    return path.getBytes(UTF_8);
  }
}
