package dev.vivarium.vfs.mount;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Makes directories below a mapped directory. A secure directory stream has no mkdir, so that a
 * directory is made elsewhere, by its path, under a name that nobody can guess, and then moved.
 *
 * <p>That path must not be led astray, so it goes only through directories that nobody but root and
 * this user can change (or where only the owner of an entry can, as in {@code /tmp}). And moving
 * works within one filesystem only. The places that are tried: the directory for temporary files,
 * the parent of the mapped directory, that directory itself. Guarded by the lock of the tree.
 */
final class HostDirectoryStaging {
  private static final int GROUP_OR_OTHERS_WRITE = 022;
  private static final int STICKY = 01000;

  private final SecureRandom random = new SecureRandom();
  private final List<Path> places;

  /**
   * @param mapped the mapped directory, without symbolic links in its path
   */
  HostDirectoryStaging(Path mapped) {
    var candidates = new ArrayList<Path>();
    if (isPlatform(mapped)) {
      candidates.add(Path.of(System.getProperty("java.io.tmpdir")));
    }
    if (mapped.getParent() != null) {
      candidates.add(mapped.getParent());
    }
    candidates.add(mapped);
    places = new ArrayList<>();
    for (var candidate : candidates) {
      try {
        var place = candidate.toRealPath();
        if (isTrusted(place)) {
          places.add(place);
        }
      } catch (IOException | RuntimeException e) {
        // Not there, or nothing can be learnt of it: it is no place then.
      }
    }
  }

  /**
   * Makes a directory.
   *
   * @param target where it is moved to
   * @return whether there was a place to make it in
   * @throws IOException if moving failed
   */
  boolean makeDirectory(SecureDirectoryStream<Path> target, Path name, FileAttribute<?> permissions)
      throws IOException {
    for (var place : List.copyOf(places)) {
      try (var stream = Files.newDirectoryStream(place)) {
        if (stream instanceof SecureDirectoryStream<Path> secure
            && makeDirectory(place, secure, target, name, permissions)) {
          // What worked is tried first from now on.
          places.remove(place);
          places.add(0, place);
          return true;
        }
      }
    }
    return false;
  }

  private boolean makeDirectory(
      Path place,
      SecureDirectoryStream<Path> from,
      SecureDirectoryStream<Path> target,
      Path name,
      FileAttribute<?> permissions)
      throws IOException {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    var staged = place.resolve(".vivarium-" + HexFormat.of().formatHex(bytes));
    try {
      Files.createDirectory(staged, permissions);
    } catch (IOException e) {
      return false;
    }
    boolean moved = false;
    try {
      from.move(staged.getFileName(), target, name);
      moved = true;
    } catch (AtomicMoveNotSupportedException e) {
      // Another filesystem: the next place may do.
    } finally {
      if (!moved) {
        from.deleteDirectory(staged.getFileName());
      }
    }
    return moved;
  }

  /** Whether nobody but this user and root can exchange a component of a path without links. */
  private static boolean isTrusted(Path place) throws IOException {
    if (!isPlatform(place)) {
      // A filesystem inside this process: nobody is outside.
      return true;
    }
    int self = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (var at = place; at != null; at = at.getParent()) {
      Map<String, Object> attributes =
          Files.readAttributes(at, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
      int mode = (int) attributes.get("mode");
      int owner = (int) attributes.get("uid");
      boolean othersMayWrite = (mode & GROUP_OR_OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
      if (othersMayWrite || (owner != 0 && owner != self)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlatform(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }
}
