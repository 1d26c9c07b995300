package dev.vivarium.conformance.faults.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.image.SparseContent;
import dev.vivarium.image.oci.BoxArchive;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.image.ImageWriter;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;

/**
 * What is done with a store of boxes, with each input and output on its way failing once, in the
 * thread that does it and in those that it starts. What was in the store is there, what is there is
 * whole, what failed works when it is done again, and what a failure has left behind goes with the
 * next collection.
 */
public final class StoreScenario implements Callable<List<String>> {
  private static final Reference OLD = Reference.parse("old:1");
  private static final Reference NEW = Reference.parse("new:1");
  private static final byte[] FILE = "/a/b".getBytes(US_ASCII);
  private static final Digest OLD_STEP = Digest.of(new byte[] {1});
  private static final Digest NEW_STEP = Digest.of(new byte[] {2});
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
  private Path elsewhere;

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    original = temporary();
    try (var store = Store.open(original)) {
      var old = put(store, "old");
      store.tag(OLD, old);
      store.steps().keep(OLD_STEP, old.layers().get(1));
      put(store, "untagged");
    }
    names();
    archives();
    trees();
    for (var step : steps.entrySet()) {
      test(step.getKey(), step.getValue());
    }
    delete(original);
    delete(elsewhere);
    results.add(Long.toString(points));
    return results;
  }

  private void names() {
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
  }

  private void archives() throws IOException {
    elsewhere = temporary();
    var archive = elsewhere.resolve("box.tar");
    var ofTree = elsewhere.resolve("tree.tar");
    try (var store = Store.open(elsewhere.resolve("store"));
        var box = Files.newOutputStream(archive);
        var files = Files.newOutputStream(ofTree)) {
      BoxArchive.write(put(store, "new"), Optional.of(NEW), box);
      BoxArchive.writeTree(tree("new"), files);
    }
    steps.put("import", store -> BoxArchive.read(archive, Optional.empty(), store));
    steps.put("import a tree over it", store -> BoxArchive.read(ofTree, Optional.of(OLD), store));
    byte[] box;
    byte[] files;
    try (var store = Store.open(original)) {
      box = exported(store);
      files = exportedTree(store);
    }
    steps.put("export", store -> requireWhole(box, exported(store)));
    steps.put("export the tree", store -> requireWhole(files, exportedTree(store)));
  }

  private static byte[] exported(Store store) throws IOException {
    var out = new ByteArrayOutputStream();
    BoxArchive.write(store.require(OLD), Optional.of(OLD), out);
    return out.toByteArray();
  }

  private static byte[] exportedTree(Store store) throws IOException {
    var out = new ByteArrayOutputStream();
    BoxArchive.writeTree(store.require(OLD).snapshot(), out);
    return out.toByteArray();
  }

  /** What has not failed has written all. */
  private static void requireWhole(byte[] expected, byte[] actual) {
    if (!Arrays.equals(expected, actual)) {
      throw new IllegalStateException("an archive is not whole");
    }
  }

  private void trees() {
    steps.put(
        "remember a step",
        store -> store.steps().keep(NEW_STEP, store.require(OLD).layers().get(1)));
    steps.put("remember a step anew", store -> store.steps().keep(OLD_STEP, layer(store, "other")));
    steps.put(
        "find a step",
        store -> {
          if (store.steps().find(OLD_STEP).isEmpty()) {
            throw new IllegalStateException("a step is forgotten");
          }
        });
    steps.put(
        "keep a tree",
        store -> {
          var layer = layer(store, "new");
          try (var kept = store.keepTree(tree("new"), null)) {
            kept.name(List.of(layer));
          }
          store.tag(NEW, put(store, "new", layer));
        });
    steps.put(
        "keep a tree whose content is in a file already",
        store -> {
          var layer = layer(store, "new");
          try (var contents = store.contents();
              var kept = store.keepTree(tree("new", contents), contents)) {
            kept.name(List.of(layer));
          }
          store.tag(NEW, put(store, "new", layer));
        });
  }

  private static Image put(Store store, String content) throws IOException {
    return put(store, content, layer(store, content));
  }

  private static Image put(Store store, String content, Layer layer) throws IOException {
    return store.putImage(CONFIG, List.of(store.putModule(content.getBytes(US_ASCII)), layer));
  }

  private static Layer layer(Store store, String content) throws IOException {
    return store.putLayer(null, tree(content), Instant.EPOCH, Compression.ZSTD);
  }

  private static Snapshot tree(String content) {
    return tree(content, null);
  }

  private static Snapshot tree(String content, ContentFile contents) {
    try {
      var vfs = Vfs.builder().build();
      vfs.write("/a/b", new byte[0]);
      var file = vfs.open(vfs.superuser(), vfs.root(), FILE, OpenFlags.O_WRONLY, 0);
      new SparseContent(contents).copy(new ByteArrayInputStream(content.getBytes(US_ASCII)), file);
      file.release();
      return vfs.snapshot();
    } catch (IOException | ErrnoException e) {
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
    var module = image.module().isPresent() ? new String(image.readModule(), US_ASCII) : "";
    return module + Vfs.fork(image.snapshot()).tree();
  }

  private void test(String name, Step step) throws Exception {
    test(name, step, Faults::arm);
    test(name + " in another thread", step, Faults::armStarted);
  }

  private void test(String name, Step step, LongConsumer arming) throws Exception {
    var directory = copy(original);
    String before = state(directory);
    arming.accept(0);
    run(step, directory);
    long most = Faults.disarm();
    String after = state(directory);
    delete(directory);
    for (long n = 1; n <= most; n++) {
      points++;
      var tried = copy(original);
      arming.accept(n);
      boolean failed = fails(step, tried);
      // Of the copy, nothing is open in this JVM: it is what is on the disk.
      var failing = copy(tried);
      delete(tried);
      String what = name + ", " + n + " of " + most + ": ";
      requireWhole(what, failing);
      String now = state(failing);
      if (!now.equals(before) && !now.equals(after)) {
        results.add(what + "it holds neither what it held nor what it should: " + now);
      }
      String then = now;
      if (failed) {
        run(step, failing);
        then = state(failing);
      }
      if (!then.equals(after)) {
        results.add(what + "done again: " + then + " instead of " + after);
      }
      delete(failing);
    }
  }

  private void requireWhole(String what, Path directory) throws IOException {
    for (var file : files(directory)) {
      var path = directory.resolve(file);
      boolean isBlob = file.startsWith("blobs");
      if (isBlob && !file.endsWith(Digest.of(Files.readAllBytes(path)).hex())) {
        results.add(what + file + " has another digest");
      }
      if (file.endsWith(".tree") && !isImage(path)) {
        results.add(what + file + " is not whole");
      }
    }
  }

  private static boolean isImage(Path file) {
    try {
      ImageWriter.write(ImageReader.openTrusted(file, () -> {}), OutputStream.nullOutputStream());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(Step step, Path directory) throws IOException {
    try (var store = Store.open(directory)) {
      step.run(store);
    }
  }

  private static boolean fails(Step step, Path directory) {
    try {
      run(step, directory);
      return false;
    } catch (IOException | UncheckedIOException e) {
      return true;
    } finally {
      Faults.disarm();
    }
  }

  /** A copy of a store, in memory where the platform has such a place. */
  private static Path copy(Path store) throws IOException {
    var directory = temporary();
    try (var files = Files.walk(store)) {
      for (var file : (Iterable<Path>) files.skip(1)::iterator) {
        Files.copy(file, directory.resolve(store.relativize(file).toString()));
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

  /** What is in it by name, and by file, after a collection. */
  private static String state(Path directory) throws IOException {
    try (var store = Store.open(directory)) {
      store.gc();
    }
    try (var store = Store.open(directory)) {
      return store.tags().keySet()
          + read(store, OLD)
          + read(store, NEW)
          + store.steps().find(OLD_STEP)
          + store.steps().find(NEW_STEP)
          + files(directory);
    }
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
