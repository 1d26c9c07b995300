package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The archive that {@code sitecustomize} is imported from, in a filesystem while it is needed. */
final class PythonArchive implements AutoCloseable {
  private static final String MODULE = "sitecustomize.py";
  private static final String CUSTOMIZATION = read();
  private static final byte[] ROOT = {'/'};

  private final Vfs files;
  private final byte[] path;
  private final Stat root;

  private PythonArchive(Vfs files, byte[] path) throws ErrnoException {
    this.files = files;
    this.path = path;
    this.root = files.stat(files.superuser(), files.root(), ROOT, true);
  }

  /**
   * Puts it into a filesystem.
   *
   * @param path in the root, where no file is
   */
  static PythonArchive in(Vfs files, String path) throws ErrnoException {
    return in(files, path, make());
  }

  private static PythonArchive in(Vfs files, String path, byte[] content) throws ErrnoException {
    var archive = new PythonArchive(files, path.getBytes(UTF_8));
    archive.change(() -> files.write(path, content));
    return archive;
  }

  /**
   * Leaves a filesystem as if it had been there: it takes the number of an inode, which the first
   * file that a program makes would get otherwise.
   */
  static void passOver(Vfs files, String path) {
    try {
      in(files, path, new byte[0]).close();
    } catch (ErrnoException e) {
      // Where it has no room there is no start that a program could tell this from.
    }
  }

  private interface Change {
    void make() throws ErrnoException;
  }

  /** Also where the guest will not be able to change anything. */
  private void change(Change change) throws ErrnoException {
    var options = files.mounts().list().get(0).options();
    if (!options.readOnly()) {
      change.make();
      return;
    }
    files.mounts().remount("/", options.withReadOnly(false));
    try {
      change.make();
    } finally {
      files.mounts().remount("/", options);
    }
  }

  /** Takes it out again. */
  @Override
  public void close() throws ErrnoException {
    change(this::remove);
  }

  private void remove() throws ErrnoException {
    files.unlink(files.superuser(), files.root(), path);
    files.setTimes(
        files.superuser(),
        files.root(),
        ROOT,
        TimeChange.at(root.atime()),
        TimeChange.at(root.mtime()),
        true);
  }

  /** What is in it. */
  static String customization() {
    return CUSTOMIZATION;
  }

  private static String read() {
    try (var source = PythonArchive.class.getResourceAsStream(MODULE)) {
      return new String(source.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] make() {
    var bytes = CUSTOMIZATION.getBytes(UTF_8);
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      // Stored, so that importing it takes no zlib.
      var entry = new ZipEntry(MODULE);
      var crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
      zip.putNextEntry(entry);
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
