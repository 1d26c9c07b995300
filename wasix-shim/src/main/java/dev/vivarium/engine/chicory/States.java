package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import com.dylibso.chicory.wasm.types.PassiveElement;
import com.dylibso.chicory.wasm.types.ValType;
import dev.vivarium.engine.InstanceState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Takes the state of an instance, and puts it into another one. */
final class States {
  private final Instance instance;
  private final Memories memories;

  States(Instance instance, Memories memories) {
    this.instance = instance;
    this.memories = memories;
  }

  Optional<InstanceState> capture() {
    var memory = memories.single();
    if (memory.isEmpty() || hasPassiveSegments()) {
      return Optional.empty();
    }
    for (int i = 0; i < instance.globalCount(); i++) {
      if (instance.global(i).getType().isReference()) {
        return Optional.empty();
      }
    }
    var tables = new int[instance.tableCount()][];
    for (int i = 0; i < tables.length; i++) {
      var table = instance.table(i);
      if (!table.elementType().equals(ValType.FuncRef)) {
        return Optional.empty();
      }
      tables[i] = new int[table.size()];
      for (int j = 0; j < tables[i].length; j++) {
        if (table.ref(j) >= 0 && table.instance(j) != null && table.instance(j) != instance) {
          return Optional.empty();
        }
        tables[i][j] = Math.max(-1, table.ref(j));
      }
    }
    var contents = ByteBuffer.wrap(memory.get().contents());
    return Optional.of(
        new InstanceState(contents, memory.get().pages(), memory.get().globals, tables));
  }

  private boolean hasPassiveSegments() {
    return Arrays.stream(instance.module().elementSection().elements())
            .anyMatch(PassiveElement.class::isInstance)
        || Arrays.stream(instance.module().dataSection().dataSegments())
            .anyMatch(
                segment -> segment instanceof PassiveDataSegment && segment.data().length > 0);
  }

  /** Checks that a state can be one of this module. */
  static void check(InstanceState state, ChicoryModule module) {
    var wasm = module.wasm();
    if (state.tables() != wasm.tableSection().tableCount()
        || state.globals() != wasm.globalSection().globalCount()) {
      throw new IllegalArgumentException("the state is not of " + module.name());
    }
  }

  /** Restores all but the memory, which has been made in its state. */
  void restore(InstanceState state) {
    Arrays.setAll(memories.first().globals, state::global);
    for (int i = 0; i < state.tables(); i++) {
      restore(instance.table(i), state.table(i));
    }
  }

  private void restore(TableInstance table, int[] functions) {
    if (functions.length > table.size()
        && table.grow(functions.length - table.size(), -1, instance) < 0) {
      throw new IllegalArgumentException("the state's table is larger than the module's may be");
    }
    for (int i = 0; i < functions.length; i++) {
      if (table.ref(i) != functions[i]) {
        table.setRef(i, functions[i], functions[i] < 0 ? null : instance);
      }
    }
  }
}
