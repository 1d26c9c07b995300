package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Saves what a guest has made or changed into a directory of the host.
 *
 * <p>The guest chose the names, the links and the modes, so nothing of it is trusted: the directory
 * is empty at first, each name is created new and never opened again, symbolic links come last, and
 * of the modes neither set-user-ID nor set-group-ID is kept.
 */
public final class ChangedFiles {
  private static final PosixFilePermission[] PERMISSIONS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ,
  };

  private static final int PATH_MAX = 4096;

  private final Vfs vfs;
  private final FsContext root;
  private final Consumer<String> unsaved;
  private final Map<String, Path> directories = new HashMap<>();
  private final Map<Long, Path> files = new HashMap<>();
  private final List<byte[]> symlinks = new ArrayList<>();
  private final List<Path> made = new ArrayList<>();
  private final List<Stat> madeAs = new ArrayList<>();
  private final byte[] buffer = new byte[1 << 16];

  private ChangedFiles(Vfs vfs, Path directory, Consumer<String> unsaved) {
    this.vfs = vfs;
    this.root = vfs.superuser();
    this.unsaved = unsaved;
    directories.put("", directory);
  }

  /**
   * Makes sure that a directory is there to save to, and that it is empty.
   *
   * @return the directory, with no symbolic link on the way to it
   * @throws DirectoryNotEmptyException if there is something in it
   * @throws IOException if it cannot be made or read
   */
  public static Path prepare(Path directory) throws IOException {
    Files.createDirectories(directory);
    var real = directory.toRealPath();
    try (var entries = Files.newDirectoryStream(real)) {
      if (entries.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(directory.toString());
      }
    }
    return real;
  }

  /**
   * Saves what was added, changed or renamed, a renamed directory with all that is in it.
   * Directories are made as far as files need them, or if they are new; what was removed leaves no
   * trace.
   *
   * @param changes of the filesystem's own tree, sorted by path
   * @param directory an empty directory, as {@link #prepare} returned it
   * @param unsaved told what could not be saved and why, a line each
   * @throws IOException if the directory is no longer empty
   */
  public static void save(Vfs vfs, List<Change> changes, Path directory, Consumer<String> unsaved)
      throws IOException {
    if (!prepare(directory).equals(directory)) {
      throw new IOException("it was replaced by a symbolic link meanwhile");
    }
    var saving = new ChangedFiles(vfs, directory, unsaved);
    byte[] whole = null;
    for (var change : changes) {
      if (change.kind() == Change.Kind.REMOVED) {
        continue;
      }
      if (change.pathLength() >= PATH_MAX) {
        // Not even put together: a deep tree has more bytes of paths than there is time for.
        unsaved.accept("a path of " + change.pathLength() + " bytes: too long for this host");
      } else if (whole == null || !isBelow(change.path(), whole)) {
        saving.attempt(change.path(), () -> saving.saveChange(change));
        if (change.kind() == Change.Kind.RENAMED) {
          whole = change.path();
          saving.saveBelow(whole);
        }
      }
    }
    for (var path : saving.symlinks) {
      saving.attempt(path, () -> saving.saveSymlink(path));
    }
    saving.finishDirectories();
  }

  private interface Step {
    void run() throws IOException, ErrnoException;
  }

  private void attempt(byte[] path, Step step) {
    try {
      step.run();
    } catch (ErrnoException | IOException | InvalidPathException e) {
      unsaved.accept(new String(path, UTF_8) + ": " + reason(e));
    }
  }

  private static String reason(Exception e) {
    return e instanceof IOException io ? HostReason.of(io) : e.getMessage();
  }

  private static boolean isBelow(byte[] path, byte[] directory) {
    int length = directory.length;
    return path.length > length
        && path[length] == '/'
        && Arrays.equals(path, 0, length, directory, 0, length);
  }

  private void saveChange(Change change) throws IOException, ErrnoException {
    saveNode(change.path(), change.kind() != Change.Kind.CHANGED);
  }

  /** Saves all that has come along with a directory, whether or not it differs. */
  private void saveBelow(byte[] top) {
    var pending = new ArrayDeque<byte[]>();
    pending.add(top);
    while (!pending.isEmpty()) {
      byte[] directory = pending.remove();
      attempt(
          directory,
          () -> {
            for (byte[] path : children(directory)) {
              if (path.length >= PATH_MAX) {
                unsaved.accept("a path of " + path.length + " bytes: too long for this host");
              } else {
                attempt(path, () -> saveNode(path, true));
                pending.add(path);
              }
            }
          });
    }
  }

  /** The paths of what is in a directory; none if it is none, or something is mounted on it. */
  private List<byte[]> children(byte[] directory) throws ErrnoException {
    var paths = new ArrayList<byte[]>();
    var stat = vfs.stat(root, vfs.root(), directory, false);
    if (!stat.isDirectory() || stat.dev() != vfs.root().mount().fileSystem().device()) {
      return paths;
    }
    var open = vfs.open(root, vfs.root(), directory, OpenFlags.O_DIRECTORY, 0);
    try {
      open.readDirectory(
          0,
          (cookie, ino, type, name) -> {
            if (!isDots(name)) {
              byte[] path = Arrays.copyOf(directory, directory.length + 1 + name.length);
              path[directory.length] = '/';
              System.arraycopy(name, 0, path, directory.length + 1, name.length);
              paths.add(path);
            }
            return true;
          });
    } finally {
      open.release();
    }
    return paths;
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  private void saveNode(byte[] path, boolean isNew) throws IOException, ErrnoException {
    var stat = vfs.stat(root, vfs.root(), path, false);
    switch (stat.type()) {
      case DIRECTORY -> {
        if (isNew) {
          directory(path, path.length);
        }
      }
      case REGULAR -> saveFile(path, stat);
      case SYMLINK -> symlinks.add(path);
      default -> throw new IOException("neither file, directory nor symbolic link");
    }
  }

  /** The directory that a prefix of a path names, made if this is its first use. */
  private Path directory(byte[] path, int length) throws IOException, ErrnoException {
    int end = length;
    while (end > 0 && path[end - 1] == '/') {
      end--;
    }
    var key = new String(path, 0, end, ISO_8859_1);
    var known = directories.get(key);
    if (known != null) {
      return known;
    }
    // As deep as a guest's tree may be; each level is made before the next.
    var missing = new ArrayList<Integer>();
    while (known == null) {
      missing.add(end);
      end = lastSlash(path, end);
      known = directories.get(new String(path, 0, end, ISO_8859_1));
    }
    for (int i = missing.size() - 1; i >= 0; i--) {
      known = makeDirectory(known, Arrays.copyOf(path, missing.get(i)));
    }
    return known;
  }

  private Path makeDirectory(Path parent, byte[] path) throws IOException, ErrnoException {
    var stat = vfs.stat(root, vfs.root(), path, false);
    var host = HostName.resolve(parent, name(path));
    Files.createDirectory(host);
    directories.put(new String(path, ISO_8859_1), host);
    made.add(host);
    madeAs.add(stat);
    return host;
  }

  private Path hostPath(byte[] path) throws IOException, ErrnoException {
    return HostName.resolve(directory(path, lastSlash(path, path.length)), name(path));
  }

  private static int lastSlash(byte[] path, int end) {
    int slash = end - 1;
    while (slash > 0 && path[slash] != '/') {
      slash--;
    }
    return Math.max(slash, 0);
  }

  private static byte[] name(byte[] path) {
    return Arrays.copyOfRange(path, lastSlash(path, path.length) + 1, path.length);
  }

  private void saveFile(byte[] path, Stat stat) throws IOException, ErrnoException {
    var host = hostPath(path);
    var first = files.get(stat.ino());
    if (first != null) {
      Files.createLink(host, first);
      return;
    }
    var file = vfs.open(root, vfs.root(), path, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, 0);
    try (var out =
        FileChannel.open(
            host,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE,
                LinkOption.NOFOLLOW_LINKS))) {
      copy(file, out, stat.size());
    } finally {
      file.release();
    }
    if (stat.nlink() > 1) {
      files.put(stat.ino(), host);
    }
    finish(host, stat, 0600);
  }

  /** Copies data and leaves holes: a guest can make a file of any length that takes no room. */
  private void copy(FileDescription file, FileChannel out, long size)
      throws IOException, ErrnoException {
    long end = 0;
    for (long data; end < size && (data = nextData(file, end)) >= 0; ) {
      end = file.seek(data, Whence.HOLE);
      for (long position = data; position < end; ) {
        int count = file.pread(buffer, 0, (int) Math.min(buffer.length, end - position), position);
        if (count <= 0) {
          throw new IOException("it ended early");
        }
        write(out, ByteBuffer.wrap(buffer, 0, count), position);
        position += count;
      }
    }
    if (out.size() < size) {
      write(out, ByteBuffer.allocate(1), size - 1);
    }
  }

  private static long nextData(FileDescription file, long from) throws ErrnoException {
    try {
      return file.seek(from, Whence.DATA);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return -1;
      }
      throw e;
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
  }

  private void saveSymlink(byte[] path) throws IOException, ErrnoException {
    var target = HostName.decodeUtf8(vfs.readLink(root, vfs.root(), path));
    if (target == null) {
      throw new IOException("its target is not UTF-8");
    }
    Files.createSymbolicLink(hostPath(path), Path.of(target));
  }

  /** From the deepest up, since a directory may be one that its owner cannot write to. */
  private void finishDirectories() throws IOException {
    for (int i = made.size() - 1; i >= 0; i--) {
      finish(made.get(i), madeAs.get(i), 0700);
    }
  }

  private static void finish(Path host, Stat stat, int always) throws IOException {
    Files.setPosixFilePermissions(host, permissions((stat.mode() & FileMode.PERMISSIONS) | always));
    Files.setLastModifiedTime(host, FileTime.from(stat.mtime(), TimeUnit.NANOSECONDS));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < PERMISSIONS.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(PERMISSIONS[bit]);
      }
    }
    return permissions;
  }
}
