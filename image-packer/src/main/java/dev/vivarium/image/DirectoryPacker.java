package dev.vivarium.image;

import dev.vivarium.image.DirectoryReader.Found;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads a directory of the host into a tree in memory.
 *
 * <p>What is kept: names, contents, permission bits, symbolic links as they are, and which names
 * are one file. What is not: owners (everything is root's) and times (all are one given time), so
 * that the same content makes the same tree on every host. Blocks of zeros become holes.
 */
public final class DirectoryPacker {
  private final Path excluded;
  private final Consumer<String> warnings;
  private final MessageDigest digest;
  private final Map<Long, byte[]> digests = new HashMap<>();
  private final Vfs vfs;
  private final FsContext root;
  private final SparseContent content;

  /**
   * What has been packed.
   *
   * @param digests what the digest that was asked for is of each regular file's content, by the
   *     number of its inode
   */
  public record Packed(Snapshot tree, Map<Long, byte[]> digests) {}

  private DirectoryPacker(
      Path excluded,
      Instant time,
      Consumer<String> warnings,
      MessageDigest digest,
      ContentFile contents) {
    this.excluded = excluded;
    this.warnings = warnings;
    this.digest = digest;
    this.vfs = Vfs.builder().quota(Quota.UNLIMITED).clock(InstantSource.fixed(time)).build();
    this.root = vfs.superuser();
    root.setUmask(0);
    this.content = new SparseContent(contents);
  }

  /**
   * Packs a directory.
   *
   * @param directory what becomes the root
   * @param excluded a file to leave out, such as an earlier result; null for none
   * @param time every timestamp of the tree
   * @param warnings told what cannot be packed, a line each: sockets, pipes and devices
   * @throws IOException if something in the directory cannot be read; the exception names it
   */
  public static Snapshot pack(
      Path directory, Path excluded, Instant time, Consumer<String> warnings) throws IOException {
    var packer = new DirectoryPacker(excluded, time, warnings, null, null);
    packer.packTree(directory, path -> true);
    return packer.vfs.snapshot();
  }

  /**
   * As {@link #pack(Path, Path, Instant, Consumer)}, of some paths only, with the digests of their
   * contents.
   *
   * @param kept whether a path, relative to the directory, is packed, and what is below it; asked
   *     in another thread
   * @param digest makes them
   * @param contents gets them
   */
  public static Packed packOnly(
      Path directory,
      Predicate<Path> kept,
      Instant time,
      Consumer<String> warnings,
      MessageDigest digest,
      ContentFile contents)
      throws IOException {
    var packer = new DirectoryPacker(null, time, warnings, digest, contents);
    packer.packTree(directory, path -> kept.test(directory.relativize(path)));
    return new Packed(packer.vfs.snapshot(), packer.digests);
  }

  private void packTree(Path top, Predicate<Path> kept) throws IOException {
    try (var reader = new DirectoryReader(top, kept)) {
      for (var found = reader.next(); found != null; found = reader.next()) {
        try {
          if (found.directory() == null) {
            vfs.changeMode(root, vfs.root(), new byte[] {'/'}, found.permissions(), true);
            found.madeAt(vfs.root());
          } else {
            pack(found);
          }
        } catch (ErrnoException e) {
          throw new FileSystemException(
              found.host().toString(),
              null,
              e.errno() == Errno.ENOSPC ? HostReason.noMemory() : e.getMessage());
        }
      }
    }
  }

  private void pack(Found found) throws IOException, ErrnoException {
    var directory = found.directory().place();
    byte[] name = found.name();
    if (found.first() != null) {
      var first = found.first();
      vfs.link(root, first.directory().place(), first.name(), false, directory, name);
      return;
    }
    switch (found.type()) {
      case DIRECTORY -> {
        vfs.makeDirectory(root, directory, name, 0700);
        vfs.changeMode(root, directory, name, found.permissions(), true);
        found.madeAt(vfs.directory(root, directory, name));
      }
      case REGULAR -> {
        if (!isExcluded(found.host())) {
          packContent(found, name);
          vfs.changeMode(root, directory, name, found.permissions(), true);
        }
      }
      case SYMLINK -> vfs.symlink(root, found.content(), directory, name);
      default -> warnings.accept(found.host() + " is left out: a box holds no " + found.type());
    }
  }

  private boolean isExcluded(Path file) throws IOException {
    return excluded != null && Files.exists(excluded) && Files.isSameFile(file, excluded);
  }

  private void packContent(Found found, byte[] name) throws IOException, ErrnoException {
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    var file = vfs.open(root, found.directory().place(), name, flags, 0600);
    try {
      if (found.content() != null) {
        content.copy(found.content(), file);
      } else {
        try (var in = Files.newInputStream(found.host(), LinkOption.NOFOLLOW_LINKS)) {
          content.copy(digest == null ? in : new DigestInputStream(in, digest), file);
        }
      }
      if (digest != null) {
        if (found.content() != null) {
          digest.update(found.content());
        }
        digests.put(file.stat().ino(), digest.digest());
      }
    } finally {
      file.release();
    }
  }
}
