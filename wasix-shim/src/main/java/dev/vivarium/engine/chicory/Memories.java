package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MemoryImport;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.engine.MemoryLimitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The memories of one instance, imported ones included: the binding makes them all. */
final class Memories {
  private final MemoryBudget budget;
  private final int globals;
  private final List<LinearMemory> memories = new ArrayList<>();
  private final List<ImportMemory> imported = new ArrayList<>();

  /** What memory 0 has from the start, or null. */
  private final InstanceState state;

  /**
   * Makes the memories that the module imports.
   *
   * @throws MemoryLimitException if all the module's memories together begin beyond the limit
   */
  Memories(ChicoryModule module, long limit) {
    this(module, limit, null);
  }

  /** As {@link #Memories(ChicoryModule, long)}, with memory 0 as it is in a state. */
  Memories(ChicoryModule module, long limit, InstanceState state) {
    this.state = state;
    if (module.minimumMemory() > limit
        || module.minimumMemory() > Memory.bytes(Memory.RUNTIME_MAX_PAGES)) {
      throw new MemoryLimitException(
          module.name()
              + " needs "
              + module.minimumMemory()
              + " bytes of memory from the start; its limit is "
              + Math.min(limit, Memory.bytes(Memory.RUNTIME_MAX_PAGES)));
    }
    budget = new MemoryBudget(limit);
    globals = module.wasm().globalSection().globalCount();
    var imports = module.wasm().importSection();
    for (int i = 0; i < imports.importCount(); i++) {
      if (imports.getImport(i) instanceof MemoryImport memory) {
        imported.add(new ImportMemory(memory.module(), memory.name(), create(memory.limits())));
      }
    }
  }

  /** Makes one more memory, within what the others have left of the limit. */
  LinearMemory create(MemoryLimits limits) {
    var memory =
        state != null && memories.isEmpty()
            ? new LinearMemory(limits, budget, state)
            : new LinearMemory(limits, budget, globals);
    memories.add(memory);
    return memory;
  }

  ImportMemory[] imported() {
    return imported.toArray(ImportMemory[]::new);
  }

  /** Memory 0, or null if there is none. */
  LinearMemory first() {
    return memories.isEmpty() ? null : memories.get(0);
  }

  /** The one memory, if there is exactly one, and it is not shared. */
  Optional<LinearMemory> single() {
    return memories.size() == 1 && !first().shared() ? Optional.of(first()) : Optional.empty();
  }

  /** Whether a module has a memory, of its own or imported. */
  static boolean has(WasmModule module) {
    return module.importSection().stream().anyMatch(MemoryImport.class::isInstance)
        || module.memorySection().map(section -> section.memoryCount() > 0).orElse(false);
  }

  static long minimumBytes(WasmModule module) {
    long pages = 0;
    var imports = module.importSection();
    for (int i = 0; i < imports.importCount(); i++) {
      if (imports.getImport(i) instanceof MemoryImport memory) {
        pages += memory.limits().initialPages();
      }
    }
    if (module.memorySection().isPresent()) {
      var section = module.memorySection().get();
      for (int i = 0; i < section.memoryCount(); i++) {
        pages += section.getMemory(i).limits().initialPages();
      }
    }
    return pages * Memory.PAGE_SIZE;
  }
}
