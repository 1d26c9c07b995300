package dev.vivarium.engine.chicory;

import dev.vivarium.engine.Progress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory of prepared modules, a file for each entry.
 *
 * <p>A file appears under its name complete or not at all: it is written beside it and moved, and
 * its checksum is verified each time it is opened. So whatever ends a builder at whatever moment,
 * the worst that is left is a temporary file, which a later build of the same entry removes. One
 * process builds an entry at a time, and the others wait for its result; a lock file per entry
 * tells them, and the system releases that lock when its holder dies.
 */
final class ModuleCache implements Entries {
  private static final Duration ABANDONED = Duration.ofHours(1);

  /**
   * File locks are held by processes, and closing any descriptor of a file releases all that the
   * process holds on it: within one, threads take turns here before they touch the file.
   */
  private static final Map<Path, ReentrantLock> BUILDING = new ConcurrentHashMap<>();

  private final Path directory;

  ModuleCache(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  @Override
  public Entry entry(String name, String module, Progress progress, Builder builder)
      throws IOException {
    var file = directory.resolve(name);
    var found = open(file);
    if (found.isPresent()) {
      return found.get();
    }
    createDirectory();
    var turn = BUILDING.computeIfAbsent(file, k -> new ReentrantLock());
    boolean waited = !turn.tryLock();
    var waiting = "waiting for the preparation of " + module;
    if (waited) {
      progress.report(waiting, 0, 1);
      lockInterruptibly(turn);
    }
    try (var lock = openLock(name)) {
      if (!tryLock(lock)) {
        waited = true;
        progress.report(waiting, 0, 1);
        while (!tryLock(lock)) {
          pause();
        }
      }
      if (waited) {
        progress.report(waiting, 1, 1);
      }
      // Another builder may have come first, and a lock that was released is closed with its file.
      found = open(file);
      return found.isPresent() ? found.get() : build(file, builder);
    } finally {
      turn.unlock();
    }
  }

  private Entry build(Path file, Builder builder) throws IOException {
    var name = file.getFileName().toString();
    removeAbandoned(name);
    Path temporary = null;
    try {
      temporary = createTemporary(name);
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
          var out =
              new Guarded(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16))) {
        var writer = new EntryWriter(out);
        builder.build(writer);
        writer.finish();
        force(channel);
      }
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw unusable(e);
      }
    } finally {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    }
    return open(file)
        .orElseThrow(
            () ->
                new IOException(
                    "the module cache in " + directory + " does not keep what is written to it"));
  }

  private Optional<Entry> open(Path file) throws IOException {
    try {
      return Entry.open(file);
    } catch (FileSystemException e) {
      throw unusable(e);
    }
  }

  private void createDirectory() throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private FileChannel openLock(String name) throws IOException {
    try {
      return FileChannel.open(
          directory.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Path createTemporary(String name) throws IOException {
    try {
      return Files.createTempFile(directory, name + ".", ".tmp");
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private void force(FileChannel channel) throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Removes what killed builders of this module have left. Its success does not matter. */
  private void removeAbandoned(String name) {
    var before = Instant.now().minus(ABANDONED);
    try (var files = Files.newDirectoryStream(directory, name + ".*.tmp")) {
      for (var file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // The build that follows will say what is wrong with the directory.
    }
  }

  private boolean tryLock(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This library, loaded a second time into this JVM, is at work.
      return false;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("interrupted while waiting for a module's preparation");
  }

  private static void lockInterruptibly(ReentrantLock turn) throws InterruptedIOException {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private IOException unusable(IOException e) {
    return new IOException("cannot use the module cache " + directory + ": " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return "a file is in the place of a directory";
    }
    if (e instanceof NoSuchFileException) {
      return "no file can be made there";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Names the cache in the message of a failed write, such as one to a full disk. */
  private final class Guarded extends OutputStream {
    private final OutputStream out;

    Guarded(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw unusable(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw unusable(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException e) {
        throw unusable(e);
      }
    }
  }
}
