package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.vfs.Vfs;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes do to one store at once, and what is left when they are killed. */
class StoreSharingTest {
  private static final Registry.Progress SILENT = (what, done, total) -> {};

  private static final Path LOCKS = Path.of("/proc/locks");

  @TempDir Path directory;

  @Test
  void processesThatAreKilledAnywhereLeaveAStoreThatIsWhole() throws Exception {
    var random = new Random(1);
    for (int round = 0; round < 3; round++) {
      var processes = new ArrayList<Process>();
      for (var name : List.of("one", "two")) {
        processes.add(start(StoreProcess.class, directory.toString(), name));
      }
      try {
        for (var process : processes) {
          assertThat(process.inputReader().readLine()).isEqualTo("ready");
        }
        Thread.sleep(random.nextInt(300));
      } finally {
        for (var process : processes) {
          process.destroyForcibly().waitFor();
        }
      }
      try (var store = Store.open(directory)) {
        store.gc();
        for (var name : store.tags().keySet()) {
          var vfs = Vfs.fork(store.require(name).snapshot());
          assertThat(new String(vfs.read("/f"), UTF_8))
              .startsWith(name.repository().substring(0, 3));
        }
        assertThat(count("blobs/sha256")).isLessThanOrEqualTo(3L * store.tags().size());
      }
      assertThat(count("uploads")).isZero();
      assertThat(count("leases")).isZero();
    }
  }

  @Test
  void aPullThatIsKilledIsLeftAloneUntilThenAndGoesOnAfterwards() throws Exception {
    var noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);
    try (var server = new FakeRegistry();
        var theirs = Store.open(directory.resolve("theirs"));
        var ours = Store.open(directory.resolve("ours"))) {
      var name = Reference.parse(server.host() + "/app:1");
      var registry = Registry.of(name, Map.of("DOCKER_CONFIG", directory.toString()), SILENT);
      var image =
          theirs.putImage(
              BoxConfig.builder().build(), List.of(theirs.putModule(noise, Compression.NONE)));
      registry.push(image);
      var released = new CountDownLatch(1);
      server.stall.set(released);
      var killed = start(PullProcess.class, ours.directory().toString(), name.toString());
      var blob = image.layers().get(0).blob();
      var partial = ours.directory().resolve("partial").resolve(blob.digest().hex());
      try {
        while (!Files.exists(partial) || Files.size(partial) < noise.length / 4) {
          assertThat(killed.isAlive()).isTrue();
          Thread.sleep(10);
        }
        // It is locked by the other: neither removed, however old, nor written to by who comes now.
        Files.setLastModifiedTime(partial, FileTime.fromMillis(0));
        ours.gc();
        assertThat(partial).exists();
        try (var alone = ours.blobs().resume(blob.digest())) {
          assertThat(alone.length()).isZero();
        }
      } finally {
        killed.destroyForcibly().waitFor();
        released.countDown();
      }
      int have = (int) Files.size(partial);
      server.beginnings.clear();
      assertThat(registry.pull(ours).readModule()).isEqualTo(noise);
      assertThat(server.beginnings).contains(have);
      assertThat(partial).doesNotExist();
    }
  }

  /**
   * A process loses a lock by closing the file anywhere, also in classes that know nothing of it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOpenStaysWhoeverElseOfThisJvmCollects(boolean byOtherClasses) throws Exception {
    var link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("store"));
    Files.createDirectory(directory.resolve("store"));
    var path = byOtherClasses ? directory.resolve("store") : link;
    try (var loader = classes();
        var store = Store.open(directory.resolve("store"))) {
      var layer = store.putModule("wasm".getBytes(UTF_8), Compression.NONE).blob();
      var other = byOtherClasses ? loader.loadClass(Store.class.getName()) : Store.class;
      collect(other, path);
      collect(other, path);
      var process = start(StoreProcess.class, path.toString(), "of");
      try {
        // It collects many times before that.
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(store.blobs().holds(layer)).isTrue();
      store.close();
      collect(other, path);
      assertThat(store.blobs().path(layer.digest())).doesNotExist();
    }
  }

  /** The lock is that of the file throughout, which another process could take otherwise. */
  @Test
  void classLoadersExcludeEachOtherAndOtherProcesses() throws Exception {
    assumeTrue(Files.isReadable(LOCKS), "/proc/locks tells who has a lock");
    var file = directory.resolve(".lock");
    var busy = new AtomicInteger();
    var threads = Executors.newFixedThreadPool(3);
    try (var loader = classes();
        var otherLoader = classes()) {
      var uses = new ArrayList<Callable<Void>>();
      for (var from : List.of(loader, otherLoader, StoreLock.class.getClassLoader())) {
        var type = from.loadClass(StoreLock.class.getName());
        uses.add(() -> exclude(type, file, busy));
      }
      for (var use : threads.invokeAll(uses)) {
        use.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void exclude(Class<?> type, Path file, AtomicInteger busy) throws Exception {
    var of = accessible(type.getDeclaredMethod("of", Path.class));
    var acquire = accessible(type.getDeclaredMethod("acquire"));
    for (int i = 0; i < 300; i++) {
      try (var held = (Closeable) acquire.invoke(of.invoke(null, file))) {
        assertThat(busy.incrementAndGet()).isOne();
        var inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        assertThat(Files.readString(LOCKS)).contains(inode);
        busy.decrementAndGet();
      }
    }
    return null;
  }

  private static Method accessible(Method method) {
    method.setAccessible(true);
    return method;
  }

  /** It has become a blob since, and what goes on by its name is another file. */
  @Test
  void whatWasLockedElsewhereIsNotTakenForWhatHasItsNameNow() throws Exception {
    var digest = Digest.of("blob".getBytes(UTF_8));
    try (var loader = classes();
        var store = Store.open(directory)) {
      var other = loader.loadClass(Partials.class.getName()).getDeclaredConstructor(Path.class);
      other.setAccessible(true);
      var partials = other.newInstance(store.blobs().partials().directory());
      var take = accessible(partials.getClass().getDeclaredMethod("take", Path.class));
      var path = store.blobs().partials().path(digest);
      store.putModule(new byte[1], Compression.NONE);
      try (var receiving = store.blobs().resume(digest)) {
        receiving.out().write("blob".getBytes(UTF_8));
        assertThat(take.invoke(partials, path)).isNull();
        receiving.finish(MediaType.LAYER);
      }
      try (var taken = (RandomAccessFile) take.invoke(partials, path)) {
        assertThat(taken.length()).isZero();
      }
      assertThat(store.blobs().path(digest)).hasContent("blob");
    }
  }

  /** The same classes once more, as another application of this JVM has them. */
  private static URLClassLoader classes() throws Exception {
    var urls = new ArrayList<URL>();
    for (var path : classPath().split(":")) {
      urls.add(Path.of(path).toUri().toURL());
    }
    var loader = new OwnClasses(urls.toArray(new URL[0]));
    assertThat(loader.loadClass(Store.class.getName())).isNotSameAs(Store.class);
    return loader;
  }

  /** Asks itself first: modules of the application are everybody's otherwise. */
  private static final class OwnClasses extends URLClassLoader {
    OwnClasses(URL[] urls) {
      super(urls, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.vivarium.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        var known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }

  private static void collect(Class<?> store, Path path) throws Exception {
    try (var opened = (Closeable) store.getMethod("open", Path.class).invoke(null, path)) {
      store.getMethod("gc").invoke(opened);
    }
  }

  private long count(String name) throws IOException {
    try (var files = Files.list(directory.resolve(name))) {
      return files.count();
    }
  }

  private static Process start(Class<?> program, String... arguments) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String classPath() {
    return Path.of("target", "test-classes")
        + ":"
        + System.getProperty("java.class.path")
        + ":"
        + System.getProperty("jdk.module.path", "");
  }
}
