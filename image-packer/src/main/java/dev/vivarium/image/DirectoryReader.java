package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Predicate;

/**
 * Reads a directory of the host, with all that is below it, in a thread of its own: ahead of
 * whoever makes something of what it finds, by a bounded number of files. A directory comes before
 * what is in it, and names in the order of their bytes, whatever that of the host is.
 */
final class DirectoryReader implements Closeable {
  // To wake a thread takes longer than to read a file, so they are handed over by the batch.
  private static final int AHEAD = 8;
  private static final int BATCH = 64;
  private static final int BATCH_BYTES = 1 << 20;

  /** Longer files are left to who asked. */
  private static final int MOST_BYTES = 1 << 18;

  private static final List<Found> END = List.of();

  private final Path top;
  private final Predicate<Path> kept;
  private final BlockingQueue<List<Found>> batches = new ArrayBlockingQueue<>(AHEAD);
  private final Map<Object, Found> linked = new HashMap<>();
  private final byte[] buffer = new byte[MOST_BYTES + 1];
  private final Thread reader;
  private List<Found> batch = new ArrayList<>();
  private int batchBytes;
  private Iterator<Found> taken = Collections.emptyIterator();
  // Read once the end has come.
  private Throwable failure;

  /** A path, and the bytes of its last name. */
  private record Named(Path path, byte[] name) {}

  /** Something in the directory, or itself. */
  static final class Found {
    private final Found directory;
    private final Named named;
    private final int mode;
    private Found first;
    private byte[] content;
    // Of a directory, and whoever makes it.
    private Location place;

    private Found(Found directory, Named named, int mode) {
      this.directory = directory;
      this.named = named;
      this.mode = mode;
    }

    /** What it is in; null for the top. */
    Found directory() {
      return directory;
    }

    /** Where it is. */
    Path host() {
      return named.path;
    }

    /** Its last name; none of the top. */
    byte[] name() {
      return named.name;
    }

    FileType type() {
      return FileType.of(mode);
    }

    int permissions() {
      return mode & FileMode.ALL;
    }

    /** The first name that was found of what has this one, too; null if this is the first. */
    Found first() {
      return first;
    }

    /** What is in a file, or where a link leads; null if it is long. */
    byte[] content() {
      return content;
    }

    /** Where a directory has been made. */
    Location place() {
      return place;
    }

    void madeAt(Location location) {
      place = location;
    }
  }

  /**
   * Begins to read.
   *
   * @param kept whether a path is of interest, and what is below it; asked in the other thread
   */
  DirectoryReader(Path top, Predicate<Path> kept) {
    this.top = top;
    this.kept = kept;
    this.reader = new Thread(this::read, "reader");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * What comes next; null at the end.
   *
   * @throws IOException if something cannot be read; the exception names it
   */
  Found next() throws IOException {
    if (!taken.hasNext()) {
      try {
        taken = batches.take().iterator();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a directory was read");
      }
    }
    if (taken.hasNext()) {
      return taken.next();
    }
    // For whoever asks again.
    batches.add(END);
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return null;
  }

  private void read() {
    try {
      try {
        readAll();
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      }
      hand();
      batches.put(END);
    } catch (InterruptedException e) {
      // Nobody takes it any more.
    }
  }

  private void add(Found found) throws InterruptedException {
    batch.add(found);
    batchBytes += found.content == null ? 0 : found.content.length;
    if (batch.size() == BATCH || batchBytes >= BATCH_BYTES) {
      hand();
    }
  }

  private void hand() throws InterruptedException {
    if (!batch.isEmpty()) {
      batches.put(batch);
      batch = new ArrayList<>(BATCH);
      batchBytes = 0;
    }
  }

  private void readAll() throws IOException, InterruptedException {
    var pending = new ArrayDeque<Found>();
    var first = new Found(null, new Named(top, null), mode(attributes(top)));
    add(first);
    pending.push(first);
    while (!pending.isEmpty()) {
      var directory = pending.pop();
      for (var named : entries(directory.host())) {
        if (kept.test(named.path)) {
          var entry = readEntry(directory, named);
          if (entry.type() == FileType.DIRECTORY) {
            pending.push(entry);
          }
          add(entry);
        }
      }
    }
  }

  private static List<Named> entries(Path directory) throws IOException {
    var entries = new ArrayList<Named>();
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(path -> entries.add(new Named(path, HostName.bytes(path))));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
    return entries;
  }

  private Found readEntry(Found directory, Named named) throws IOException {
    var path = named.path;
    var attributes = attributes(path);
    var entry = new Found(directory, named, mode(attributes));
    var type = entry.type();
    if (type != FileType.REGULAR && type != FileType.SYMLINK) {
      return entry;
    }
    if ((int) attributes.get("nlink") > 1) {
      var key = List.of(attributes.get("dev"), attributes.get("ino"));
      entry.first = linked.putIfAbsent(key, entry);
    }
    if (entry.first == null) {
      entry.content = type == FileType.SYMLINK ? target(path) : content(path);
    }
    return entry;
  }

  private byte[] content(Path file) throws IOException {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      int count = in.readNBytes(buffer, 0, buffer.length);
      return count > MOST_BYTES ? null : Arrays.copyOf(buffer, count);
    }
  }

  private static byte[] target(Path link) throws IOException {
    var text = Files.readSymbolicLink(link).toString();
    if (text.indexOf('\ufffd') >= 0) {
      throw new FileSystemException(link.toString(), null, "its target is not UTF-8");
    }
    return text.getBytes(UTF_8);
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(path, "unix:mode,nlink,dev,ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static int mode(Map<String, Object> attributes) {
    return (int) attributes.get("mode");
  }

  /** Ends the reading. */
  @Override
  public void close() {
    reader.interrupt();
  }
}
