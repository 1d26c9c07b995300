package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an interpreter has been told of the filesystem and of its streams while it started. An image
 * of it serves a run only where it would be told the same.
 *
 * <p>Of directories, whether they are there and, if they were opened, their names; of other files
 * also their size and time, and, if they were opened, their contents. Of the streams, what kind of
 * file they are.
 */
public final class Surroundings {
  private static final int ROOT = 3;
  private static final int STREAMS = 3;

  /** An interpreter that reads more of files than this is not kept. */
  private static final int MOST_BYTES = 4 << 20;

  private static final int MOST_PATHS = 10_000;

  /** Whether they were opened, by paths relative to the root, in UTF-8. */
  private final Map<String, Boolean> paths;

  private final byte[] digest;

  private Surroundings(Map<String, Boolean> paths, byte[] digest) {
    this.paths = paths;
    this.digest = digest;
  }

  /**
   * Takes the present answers.
   *
   * @param paths the paths that were looked up, and whether what they name was opened
   * @return empty if they are too many to keep
   */
  static Optional<Surroundings> of(Map<String, Boolean> paths, Process process) {
    if (paths.size() > MOST_PATHS) {
      return Optional.empty();
    }
    var sorted = new TreeMap<>(paths);
    return digest(sorted, process).map(digest -> new Surroundings(sorted, digest));
  }

  /** Whether a process would be told the same. */
  boolean hold(Process process) {
    return digest(paths, process).filter(now -> MessageDigest.isEqual(now, digest)).isPresent();
  }

  private static Optional<byte[]> digest(Map<String, Boolean> paths, Process process) {
    try {
      var teller = new Teller(process, MessageDigest.getInstance("SHA-256"));
      for (int fd = 0; fd < STREAMS; fd++) {
        teller.tellStream(fd);
      }
      for (var path : paths.entrySet()) {
        teller.tell(path.getKey(), path.getValue());
      }
      return teller.read > MOST_BYTES ? Optional.empty() : Optional.of(teller.told.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Asks a process, and digests the answers. */
  private static final class Teller {
    private final Process process;
    private final MessageDigest told;
    private long read;

    Teller(Process process, MessageDigest told) {
      this.process = process;
      this.told = told;
    }

    void tellStream(int fd) {
      try {
        add(process.descriptors().get(fd).stat().mode());
      } catch (ErrnoException e) {
        add(e.errno().name());
      }
    }

    void tell(String path, boolean opened) throws InterruptedException {
      add(path);
      try {
        var link = process.stat(ROOT, path.getBytes(UTF_8), false);
        add(link.mode());
        if (link.type() == FileType.SYMLINK) {
          add(process.readLink(ROOT, path.getBytes(UTF_8)));
        }
        tell(path, process.stat(ROOT, path.getBytes(UTF_8), true), opened);
      } catch (ErrnoException e) {
        add(e.errno().name());
      }
    }

    private void tell(String path, Stat stat, boolean opened)
        throws ErrnoException, InterruptedException {
      add(stat.mode());
      add(stat.uid());
      add(stat.gid());
      if (stat.type() == FileType.REGULAR) {
        add(stat.size());
        add(stat.mtime());
      }
      if (opened && (stat.type() == FileType.REGULAR || stat.type() == FileType.DIRECTORY)) {
        int fd = process.open(ROOT, path.getBytes(UTF_8), OpenFlags.O_RDONLY, 0);
        try {
          var description = process.descriptors().get(fd);
          if (stat.type() == FileType.DIRECTORY) {
            tellNames(description);
          } else {
            tellContents(description);
          }
        } finally {
          process.descriptors().close(fd);
        }
      }
    }

    private void tellNames(FileDescription directory) throws ErrnoException {
      var names = new TreeSet<String>();
      directory.readDirectory(
          0, (cookie, ino, type, name) -> names.add(new String(name, ISO_8859_1)));
      names.forEach(this::add);
      add(names.size());
    }

    private void tellContents(FileDescription file) throws ErrnoException, InterruptedException {
      var buffer = new byte[1 << 14];
      for (int n = file.read(buffer, 0, buffer.length);
          n > 0 && read <= MOST_BYTES;
          n = file.read(buffer, 0, buffer.length)) {
        read += n;
        add(Arrays.copyOf(buffer, n));
      }
    }

    private void add(String text) {
      add(text.getBytes(UTF_8));
    }

    private void add(byte[] bytes) {
      add(bytes.length);
      told.update(bytes);
    }

    private void add(long number) {
      told.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(paths.size());
    for (var path : paths.entrySet()) {
      out.writeUTF(path.getKey());
      out.writeBoolean(path.getValue());
    }
    out.writeInt(digest.length);
    out.write(digest);
  }

  /** Reads what {@link #write} has written; fails as reading a buffer does. */
  static Surroundings read(ByteBuffer in) throws IOException {
    int count = in.getInt();
    if (count < 0 || count > MOST_PATHS) {
      throw new IOException("the image of an interpreter is damaged");
    }
    var paths = new TreeMap<String, Boolean>();
    for (int i = 0; i < count; i++) {
      var bytes = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(bytes);
      paths.put(new String(bytes, UTF_8), in.get() != 0);
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var digest = new byte[length];
    in.get(digest);
    return new Surroundings(paths, digest);
  }
}
