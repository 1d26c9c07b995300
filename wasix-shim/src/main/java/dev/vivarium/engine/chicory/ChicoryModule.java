package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Signature;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** A module that Chicory runs from classes made for it. */
public final class ChicoryModule implements EngineBinding.Module {
  private final String name;
  private final String fingerprint;
  private final WasmModule module;
  private final Supplier<WasmModule> segments;

  /** The module with its segments, once an instance needed them. */
  private volatile WasmModule whole;

  private final int interpretedFunctions;
  private final int largestMethod;
  private final Function<Instance, Machine> machines;
  private final List<ImportedFunction> importedFunctions;

  /** The exported functions' indices. */
  private final Map<String, Integer> exports;

  private final long minimumMemory;
  private final ModuleParts.Stop stop;

  private ChicoryModule(
      String name,
      String fingerprint,
      ModuleParts.Parsed parsed,
      Function<Instance, Machine> machines,
      List<ImportedFunction> importedFunctions) {
    this.name = name;
    this.fingerprint = fingerprint;
    this.module = parsed.module();
    this.segments = parsed.segments();
    this.interpretedFunctions = parsed.interpreted();
    this.largestMethod = parsed.largestMethod();
    this.machines = machines;
    this.importedFunctions = List.copyOf(importedFunctions);
    this.exports = exportedFunctions(module);
    this.minimumMemory = Memories.minimumBytes(module);
    this.stop = parsed.stop();
  }

  static ChicoryModule of(String name, String fingerprint, Entry own, Entry code)
      throws IOException {
    var parsed = ModuleParts.read(own, code);
    var imported = new ArrayList<ImportedFunction>();
    var section = parsed.module().importSection();
    for (int i = 0; i < section.importCount(); i++) {
      if (section.getImport(i) instanceof FunctionImport function) {
        var type = parsed.module().typeSection().getType(function.typeIndex());
        imported.add(
            new ImportedFunction(function.module(), function.name(), signature(function, type)));
      }
    }
    return new ChicoryModule(name, fingerprint, parsed, machines(code, parsed.machine()), imported);
  }

  private static Signature signature(
      FunctionImport function, com.dylibso.chicory.wasm.types.FunctionType type)
      throws InvalidModuleException {
    return Signatures.of(type)
        .orElseThrow(
            () ->
                new InvalidModuleException(
                    "the import "
                        + function.module()
                        + "."
                        + function.name()
                        + " passes something that is no number",
                    null));
  }

  /** The constructor of the machine's class, found anew for no instance. */
  private static Function<Instance, Machine> machines(Entry entry, String machine)
      throws IOException {
    try {
      var type = Class.forName(machine, true, new EntryClassLoader(entry));
      var constructor =
          MethodHandles.publicLookup()
              .findConstructor(type, MethodType.methodType(void.class, Instance.class))
              .asType(MethodType.methodType(Machine.class, Instance.class));
      return instance -> {
        try {
          return (Machine) constructor.invokeExact(instance);
        } catch (RuntimeException | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException("a prepared module cannot be loaded into this JVM: " + e, e);
    }
  }

  private static Map<String, Integer> exportedFunctions(WasmModule module) {
    var exports = new HashMap<String, Integer>();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      var export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION) {
        exports.put(export.name(), export.index());
      }
    }
    return exports;
  }

  @Override
  public List<ImportedFunction> importedFunctions() {
    return importedFunctions;
  }

  @Override
  public void checkImports() {
    Linker.check(this);
  }

  @Override
  public boolean exportsFunction(String function) {
    return exports.containsKey(function);
  }

  @Override
  public long minimumMemory() {
    return minimumMemory;
  }

  /**
   * How many of the module's functions are too large for a JVM method, and therefore run in the
   * interpreter, a hundred times slower.
   */
  public int interpretedFunctions() {
    return interpretedFunctions;
  }

  /**
   * How many bytes of bytecode the largest function has that is not interpreted. HotSpot never
   * compiles a method of more than 8,000.
   */
  public int largestMethod() {
    return largestMethod;
  }

  @Override
  public ChicoryInstance instantiate(List<HostImport> imports, long memoryLimit) {
    return ChicoryInstance.create(this, imports, memoryLimit, null);
  }

  @Override
  public ChicoryInstance instantiate(
      List<HostImport> imports, long memoryLimit, InstanceState state) {
    return ChicoryInstance.create(this, imports, memoryLimit, state);
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public boolean hasCheckpoint() {
    return stop.resume() >= 0;
  }

  ModuleParts.Stop stop() {
    if (!hasCheckpoint()) {
      throw new IllegalStateException(name + " has no checkpoint");
    }
    return stop;
  }

  String name() {
    return name;
  }

  /** The module without what fills its tables and its memory. */
  WasmModule wasm() {
    return module;
  }

  /** All of the module. */
  WasmModule whole() {
    if (whole == null) {
      whole = segments.get();
    }
    return whole;
  }

  Function<Instance, Machine> machines() {
    return machines;
  }

  /** The index of an exported function, or null. */
  Integer exportedFunction(String function) {
    return exports.get(function);
  }
}
