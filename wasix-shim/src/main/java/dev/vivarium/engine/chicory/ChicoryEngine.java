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
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
  private static final int FORMAT = 16;

  /** Where entries are: for each module to be loaded, or all the same. */
  private final Supplier<Entries> entries;

  private final Limits limits;
  private final Map<String, Slot> loaded = new ConcurrentHashMap<>();

  /** A module, if it is still there; who loads it holds the lock. */
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    volatile SoftReference<ChicoryModule> module = new SoftReference<>(null);
  }

  private ChicoryEngine(Supplier<Entries> entries, Limits limits) {
    this.entries = entries;
    this.limits = limits;
  }

  /**
   * An engine that keeps compiled modules in a directory, which is created when it is first needed.
   * Any number of engines and processes may share it. What is found in it is run without further
   * questions: it has to be as trusted as the program itself.
   */
  public static ChicoryEngine withCache(Path directory) {
    var cache = new ModuleCache(directory);
    return new ChicoryEngine(() -> cache, Limits.HOTSPOT);
  }

  /** An engine that compiles a module anew in each process, and writes no file. */
  public static ChicoryEngine withoutCache() {
    return withoutCache(Limits.HOTSPOT);
  }

  /** An engine that takes functions apart from other sizes on. */
  static ChicoryEngine withoutCache(Limits limits) {
    return new ChicoryEngine(EntriesInMemory::new, limits);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException also if the cache cannot be used, with the path and the reason in a line
   */
  @Override
  public ChicoryModule load(WasmSource source, Progress progress) throws IOException {
    var key = key(source, source.sha256());
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
        module = open(key, source, progress);
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

  /** A module of what is its own and of its code, either of them made if it is not there. */
  private ChicoryModule open(String key, WasmSource source, Progress progress) throws IOException {
    var known = entries.get();
    var own =
        known.entry(
            key + ".module",
            source.name(),
            progress,
            writer -> prepare(source, progress, known, writer));
    var code = code(ModuleParts.code(own), source, progress, known);
    return ChicoryModule.of(source.name(), key, own, code);
  }

  private Entry code(String key, WasmSource source, Progress progress, Entries known)
      throws IOException {
    return known.entry(
        key + ".code", source.name(), progress, writer -> compile(source, progress, writer));
  }

  private void prepare(WasmSource source, Progress progress, Entries known, EntryWriter writer)
      throws IOException {
    var event = FlightRecorder.isInitialized() ? new ModulePreparationEvent() : null;
    if (event != null) {
      event.begin();
    }
    byte[] bytes = source.bytes();
    var module = new ModuleBytes(bytes);
    // What takes functions apart relies on their being valid, and must not mend one that is not.
    new ModuleCompiler(module, source.name(), progress, writer).validate();
    var key = key(source, Digests.sha256(module.compiled()));
    code(key, WasmSource.of(source.name(), bytes, source.checkpoint()), progress, known);
    ModuleParts.writeOwn(module, key, writer);
    if (event != null) {
      event.module = source.name();
      event.size = bytes.length;
      event.commit();
    }
  }

  private void compile(WasmSource source, Progress progress, EntryWriter writer)
      throws IOException {
    byte[] bytes = source.bytes();
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
    ModuleParts.writeCode(module, result, stopping, writer);
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

  /** The name of what is made of bytes with this digest. */
  private static String key(WasmSource source, String digest) {
    var options =
        String.join(
            "\n",
            digest,
            source.checkpoint().map(Checkpoint::toString).orElse("no checkpoint"),
            "chicory " + Version.version(),
            "format " + FORMAT,
            "group " + ModuleCompiler.GROUP);
    return Digests.sha256(options.getBytes(StandardCharsets.UTF_8));
  }
}
