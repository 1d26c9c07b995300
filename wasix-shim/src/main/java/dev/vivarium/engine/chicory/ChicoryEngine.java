package dev.vivarium.engine.chicory;

import com.dylibso.chicory.wasm.Version;
import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.split.CheckpointInsertion;
import dev.vivarium.engine.split.Limits;
import dev.vivarium.engine.split.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.FlightRecorder;

/**
 * Chicory as the engine: modules are compiled to JVM classes once, kept in a cache, and loaded
 * class by class as their functions are called.
 *
 * <p>Modules that were loaded stay shared by all who load the same bytes through this object, as
 * long as the heap has room, so that a later guest runs the code that the JVM has optimised for an
 * earlier one.
 */
public final class ChicoryEngine implements EngineBinding {
  /** Grows with every change of what is in an entry, or of how the classes in it are made. */
  private static final int FORMAT = 14;

  private final ModuleCache cache;
  private final Limits limits;
  private final Map<String, Slot> loaded = new ConcurrentHashMap<>();

  /** A module, if it is still there; who loads it holds the lock. */
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    volatile SoftReference<ChicoryModule> module = new SoftReference<>(null);
  }

  private ChicoryEngine(ModuleCache cache, Limits limits) {
    this.cache = cache;
    this.limits = limits;
  }

  /**
   * An engine that keeps compiled modules in a directory, which is created when it is first needed.
   * Any number of engines and processes may share it. What is found in it is run without further
   * questions: it has to be as trusted as the program itself.
   */
  public static ChicoryEngine withCache(Path directory) {
    return new ChicoryEngine(new ModuleCache(directory), Limits.HOTSPOT);
  }

  /** An engine that compiles a module anew in each process, and writes no file. */
  public static ChicoryEngine withoutCache() {
    return withoutCache(Limits.HOTSPOT);
  }

  /** An engine that takes functions apart from other sizes on. */
  static ChicoryEngine withoutCache(Limits limits) {
    return new ChicoryEngine(null, limits);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException also if the cache cannot be used, with the path and the reason in a line
   */
  @Override
  public ChicoryModule load(WasmSource source, Progress progress) throws IOException {
    var key = key(source);
    var slot = loaded.computeIfAbsent(key, k -> new Slot());
    var module = slot.module.get();
    if (module != null) {
      return module;
    }
    try {
      slot.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a module's preparation");
    }
    try {
      module = slot.module.get();
      if (module == null) {
        module = ChicoryModule.of(source.name(), key, entry(key, source, progress));
        slot.module = new SoftReference<>(module);
      }
      return module;
    } catch (OutOfMemoryError e) {
      throw Workers.outOfMemory(e);
    } catch (InvalidModuleException e) {
      throw new InvalidModuleException(source.name() + ": " + e.getMessage(), e);
    } finally {
      slot.lock.unlock();
    }
  }

  private Entry entry(String key, WasmSource source, Progress progress) throws IOException {
    if (cache != null) {
      return cache.entry(key, source.name(), progress, writer -> prepare(source, progress, writer));
    }
    var bytes = new ByteArrayOutputStream();
    var writer = new EntryWriter(bytes);
    prepare(source, progress, writer);
    writer.finish();
    return Entry.of(ByteBuffer.wrap(bytes.toByteArray())).orElseThrow();
  }

  private void prepare(WasmSource source, Progress progress, EntryWriter writer)
      throws IOException {
    var event = FlightRecorder.isInitialized() ? new ModulePreparationEvent() : null;
    if (event != null) {
      event.begin();
    }
    byte[] bytes = source.bytes();
    long size = bytes.length;
    // What takes functions apart relies on their being valid, and must not mend one that is not.
    new ModuleCompiler(new ModuleBytes(bytes), source.name(), progress, writer).validate();
    var stopping = ModuleParts.NO_STOP;
    if (source.checkpoint().isPresent()) {
      var inserted = insert(bytes, source.checkpoint().get());
      bytes = inserted.module();
      stopping = new ModuleParts.Stop(inserted.armed(), inserted.resume());
    }
    var split = Splitter.split(bytes, limits);
    var module = new ModuleBytes(split.module());
    var result =
        new ModuleCompiler(module, source.name(), progress, writer).compile(split.pieces());
    ModuleParts.write(module, result, stopping, writer);
    if (event != null) {
      event.module = source.name();
      event.size = size;
      event.commit();
    }
  }

  private static CheckpointInsertion.Result insert(byte[] bytes, Checkpoint checkpoint)
      throws InvalidModuleException {
    try {
      var calls = checkpoint.calls().stream();
      return CheckpointInsertion.insert(
          bytes,
          calls.map(call -> new CheckpointInsertion.Call(call.function(), call.call())).toList());
    } catch (IllegalArgumentException e) {
      throw new InvalidModuleException(e.getMessage(), e);
    }
  }

  private static String key(WasmSource source) throws IOException {
    var options =
        String.join(
            "\n",
            source.sha256(),
            source.checkpoint().map(Checkpoint::toString).orElse("no checkpoint"),
            "chicory " + Version.version(),
            "format " + FORMAT,
            "group " + ModuleCompiler.GROUP);
    return Digests.sha256(options.getBytes(StandardCharsets.UTF_8));
  }
}
