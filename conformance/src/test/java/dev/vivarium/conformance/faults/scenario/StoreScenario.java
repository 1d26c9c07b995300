package dev.vivarium.conformance.faults.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What is done with a store of boxes, with each input and output on its way failing once. What was
 * in the store is there and whole, what failed works when it is done again, and what a failure has
 * left behind goes with the next collection.
 */
public final class StoreScenario implements Callable<List<String>> {
  private static final Reference OLD = Reference.parse("old:1");
  private static final Reference NEW = Reference.parse("new:1");
  private static final BoxConfig CONFIG =
      BoxConfig.builder().entrypoint(List.of("run")).created(Instant.EPOCH).build();

  /** Something that is done. */
  private interface Step {
    void run(Store store) throws IOException;
  }

  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final List<String> results = new ArrayList<>();
  private long points;
  private Path original;

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    steps.put("put and tag", store -> store.tag(NEW, put(store, "new")));
    steps.put("tag anew", store -> store.tag(OLD, put(store, "other")));
    steps.put("read", store -> read(store, OLD));
    steps.put("list", Store::tags);
    steps.put("untag", store -> store.untag(OLD));
    steps.put("collect", Store::gc);
    steps.put(
        "untag and collect",
        store -> {
          store.untag(OLD);
          store.gc();
        });
    original = temporary();
    try (var store = Store.open(original)) {
      store.tag(OLD, put(store, "old"));
      put(store, "untagged");
    }
    for (var step : steps.entrySet()) {
      test(step.getKey(), step.getValue());
    }
    delete(original);
    results.add(Long.toString(points));
    return results;
  }

  private static Image put(Store store, String content) throws IOException {
    var layer = store.putLayer(null, tree(content), Instant.EPOCH, Compression.ZSTD);
    return store.putImage(CONFIG, List.of(store.putModule(content.getBytes(US_ASCII)), layer));
  }

  private static Snapshot tree(String content) {
    try {
      var vfs = Vfs.builder().build();
      vfs.write("/a/b", content.getBytes(US_ASCII));
      return vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Store store, Reference name) throws IOException {
    var found = store.find(name);
    if (found.isEmpty()) {
      return "nothing";
    }
    var image = found.get();
    image.check();
    return new String(image.readModule(), US_ASCII) + Vfs.fork(image.snapshot()).tree();
  }

  private void test(String name, Step step) throws Exception {
    var directory = fresh();
    String before = state(directory);
    Faults.arm(0);
    run(step, directory);
    long most = Faults.disarm();
    String after = state(directory);
    delete(directory);
    for (long n = 1; n <= most; n++) {
      points++;
      var failing = fresh();
      boolean failed = fails(step, failing, n);
      String what = name + ", " + n + " of " + most + ": ";
      String now = state(failing);
      if (!now.equals(before) && !now.equals(after)) {
        results.add(what + "it holds neither what it held nor what it should: " + now);
      }
      if (failed) {
        run(step, failing);
      }
      String then = state(failing);
      if (!then.equals(after)) {
        results.add(what + "done again: " + then + " instead of " + after);
      }
      delete(failing);
    }
  }

  private static void run(Step step, Path directory) throws IOException {
    try (var store = Store.open(directory)) {
      step.run(store);
    }
  }

  private boolean fails(Step step, Path directory, long n) {
    Faults.arm(n);
    try {
      run(step, directory);
      return false;
    } catch (IOException | UncheckedIOException e) {
      return true;
    } finally {
      Faults.disarm();
    }
  }

  /** A copy of the store that all begins with, in memory where the platform has such a place. */
  private Path fresh() throws IOException {
    var directory = temporary();
    try (var files = Files.walk(original)) {
      for (var file : (Iterable<Path>) files.skip(1)::iterator) {
        Files.copy(file, directory.resolve(original.relativize(file).toString()));
      }
    }
    return directory;
  }

  private static Path temporary() throws IOException {
    var memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "vivarium-faults")
        : Files.createTempDirectory("vivarium-faults");
  }

  /** What is in it by name, and after a collection, by file. */
  private static String state(Path directory) throws IOException {
    String held;
    try (var store = Store.open(directory)) {
      held = store.tags().keySet() + read(store, OLD) + read(store, NEW);
    }
    try (var store = Store.open(directory)) {
      store.gc();
    }
    return held + files(directory);
  }

  /** But for locks, and the draft of the index that the next change writes over. */
  private static List<String> files(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .filter(file -> !file.startsWith("leases") && !file.contains("lock"))
          .filter(file -> !file.equals(".index.json"))
          .sorted()
          .toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
