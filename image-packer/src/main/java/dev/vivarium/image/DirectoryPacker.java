package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
  private final Predicate<Path> kept;
  private final Consumer<String> warnings;
  private final Vfs vfs;
  private final FsContext root;
  private final Map<Object, Made> links = new HashMap<>();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final SparseContent content = new SparseContent();

  /** A directory that has been made and whose entries are still to be read. */
  private record Pending(Path host, Location guest) {}

  /** Where the first name of a file with several is. */
  private record Made(Location directory, byte[] name) {}

  private DirectoryPacker(
      Path excluded, Predicate<Path> kept, Instant time, Consumer<String> warnings) {
    this.excluded = excluded;
    this.kept = kept;
    this.warnings = warnings;
    this.vfs = Vfs.builder().quota(Quota.UNLIMITED).clock(InstantSource.fixed(time)).build();
    this.root = vfs.superuser();
    root.setUmask(0);
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
    var packer = new DirectoryPacker(excluded, path -> true, time, warnings);
    packer.packTree(directory);
    return packer.vfs.snapshot();
  }

  /**
   * As {@link #pack(Path, Path, Instant, Consumer)}, of some paths only.
   *
   * @param kept whether a path, relative to the directory, is packed, and what is below it
   */
  public static Snapshot packOnly(
      Path directory, Predicate<Path> kept, Instant time, Consumer<String> warnings)
      throws IOException {
    var packer =
        new DirectoryPacker(null, path -> kept.test(directory.relativize(path)), time, warnings);
    packer.packTree(directory);
    return packer.vfs.snapshot();
  }

  private void packTree(Path top) throws IOException {
    try {
      vfs.changeMode(root, vfs.root(), new byte[] {'/'}, mode(attributes(top)), true);
    } catch (ErrnoException e) {
      throw refused(top, e);
    }
    pending.push(new Pending(top, vfs.root()));
    while (!pending.isEmpty()) {
      var directory = pending.pop();
      for (var entry : entries(directory.host)) {
        try {
          if (kept.test(entry)) {
            packEntry(entry, directory.guest);
          }
        } catch (ErrnoException e) {
          throw refused(entry, e);
        }
      }
    }
  }

  /** In the order of their bytes: the order in which a host lists them is its own. */
  private static List<Path> entries(Path directory) throws IOException {
    var entries = new ArrayList<Path>();
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(HostName.bytes(a), HostName.bytes(b)));
    return entries;
  }

  private void packEntry(Path host, Location directory) throws IOException, ErrnoException {
    byte[] name = HostName.bytes(host);
    var attributes = attributes(host);
    var type = FileType.of((int) attributes.get("mode"));
    if (type != FileType.DIRECTORY && isLinked(attributes, directory, name)) {
      return;
    }
    switch (type) {
      case DIRECTORY -> {
        vfs.makeDirectory(root, directory, name, 0700);
        vfs.changeMode(root, directory, name, mode(attributes), true);
        pending.push(new Pending(host, vfs.directory(root, directory, name)));
      }
      case REGULAR -> {
        if (excluded == null || !Files.exists(excluded) || !Files.isSameFile(host, excluded)) {
          packContent(host, directory, name);
          vfs.changeMode(root, directory, name, mode(attributes), true);
        }
      }
      case SYMLINK -> vfs.symlink(root, target(host), directory, name);
      default -> warnings.accept(host + " is left out: a box holds no " + type);
    }
  }

  /** Whether this is another name of a file that has been packed; it then has that name, too. */
  private boolean isLinked(Map<String, Object> attributes, Location directory, byte[] name)
      throws ErrnoException {
    if ((int) attributes.get("nlink") == 1) {
      return false;
    }
    var key = List.of(attributes.get("dev"), attributes.get("ino"));
    var first = links.putIfAbsent(key, new Made(directory, name));
    if (first == null) {
      return false;
    }
    vfs.link(root, first.directory, first.name, false, directory, name);
    return true;
  }

  private void packContent(Path host, Location directory, byte[] name)
      throws IOException, ErrnoException {
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    var file = vfs.open(root, directory, name, flags, 0600);
    try (var in = Files.newInputStream(host, LinkOption.NOFOLLOW_LINKS)) {
      content.copy(in, file);
    } finally {
      file.release();
    }
  }

  private static byte[] target(Path host) throws IOException {
    var target = Files.readSymbolicLink(host);
    var text = target.toString();
    if (text.indexOf('\ufffd') >= 0) {
      throw new FileSystemException(host.toString(), null, "its target is not UTF-8");
    }
    return text.getBytes(UTF_8);
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(path, "unix:mode,nlink,dev,ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Map<String, Object> attributes) {
    return (int) attributes.get("mode") & FileMode.ALL;
  }

  private static IOException refused(Path path, ErrnoException e) {
    return new FileSystemException(path.toString(), null, e.getMessage());
  }
}
