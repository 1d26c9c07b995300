package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Turns indirect calls through a table that never changes into calls of functions that branch by
 * the index.
 *
 * <p>Chicory emits one method for each function type, which searches all functions of that type:
 * with hundreds of them it is above HotSpot's HugeMethodLimit and stays in the bytecode interpreter
 * for good. The functions made here know what the table holds. An index that they do not know goes
 * to a real {@code call_indirect}, which raises the trap that is due.
 */
final class IndirectCalls {
  /** Places of the table that one function looks after: it stays far below any limit. */
  private static final int BUCKET = 128;

  /** Writes the body of a function that was reserved. */
  interface Definitions {
    void define(int function, byte[] body);
  }

  private final ModuleInfo module;
  private final ToIntFunction<FuncType> reserve;
  private final Definitions definitions;

  /** Type index to the function that calls through the table. */
  private final Map<Integer, Integer> dispatchers = new HashMap<>();

  private boolean tableChanges;

  IndirectCalls(ModuleInfo module, ToIntFunction<FuncType> reserve, Definitions definitions) {
    this.module = module;
    this.reserve = reserve;
    this.definitions = definitions;
  }

  /** Code that could not be read may change the table. */
  void unknownCode() {
    tableChanges = true;
  }

  /** Replaces the indirect calls of a function and notes what changes the table. */
  void rewrite(List<Node> items) {
    for (int i = 0; i < items.size(); i++) {
      Node node = items.get(i);
      if (node instanceof Op op) {
        if (op.code == Opcode.CALL_INDIRECT && op.b == 0 && module.tables.known()) {
          items.set(
              i, Op.of(Opcode.CALL, dispatchers.computeIfAbsent(op.index(), this::dispatcher)));
        }
        tableChanges |= Opcode.changesTable(op.code);
      } else if (node instanceof Block block) {
        rewrite(block.body);
        if (block.orElse != null) {
          rewrite(block.orElse);
        }
      }
    }
  }

  private int dispatcher(int typeIndex) {
    return reserve.applyAsInt(withIndex(module.type(typeIndex)));
  }

  private static FuncType withIndex(FuncType type) {
    byte[] params = Arrays.copyOf(type.params, type.params.length + 1);
    params[type.params.length] = FuncType.I32;
    return new FuncType(params, type.results);
  }

  /** Writes the dispatching functions, when all code has been seen. */
  void finish() {
    dispatchers.forEach(
        (typeIndex, function) -> {
          FuncType type = module.type(typeIndex);
          List<int[]> ranges = tableChanges ? List.of() : ranges(type);
          if (ranges.size() <= 1) {
            definitions.define(
                function, range(typeIndex, ranges.isEmpty() ? new int[2] : ranges.get(0)));
            return;
          }
          int[] functions = new int[(module.tables.size() + BUCKET - 1) / BUCKET];
          Arrays.fill(functions, -1);
          for (int[] range : ranges) {
            int part = reserve.applyAsInt(withIndex(type));
            definitions.define(part, range(typeIndex, range));
            for (int place = range[0]; place < range[1]; place += BUCKET) {
              functions[place / BUCKET] = part;
            }
          }
          definitions.define(function, chooser(typeIndex, functions));
        });
  }

  /**
   * Ranges of the table, in whole buckets, that hold functions of the type; few enough in each for
   * one method.
   */
  private List<int[]> ranges(FuncType type) {
    List<int[]> ranges = new ArrayList<>();
    int size = module.tables.size();
    int entries = 0;
    for (int start = 0; start < size; start += BUCKET) {
      int end = Math.min(size, start + BUCKET);
      int found = 0;
      for (int place = start; place < end; place++) {
        found += holds(place, type) ? 1 : 0;
      }
      if (found == 0) {
        continue;
      }
      int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && entries + found <= BUCKET && end - last[0] <= 4 * BUCKET) {
        last[1] = end;
        entries += found;
      } else {
        ranges.add(new int[] {start, end});
        entries = found;
      }
    }
    return ranges;
  }

  private boolean holds(int place, FuncType type) {
    int function = module.tables.function(place);
    return function >= 0
        && function < module.functions.size()
        && module.typeOf(function).equals(type);
  }

  private byte[] range(int typeIndex, int[] range) {
    FuncType type = module.type(typeIndex);
    int[] targets = new int[range[1] - range[0]];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = holds(range[0] + i, type) ? module.tables.function(range[0] + i) : -1;
    }
    WasmWriter selector = new WasmWriter(16);
    selector.u8(Opcode.LOCAL_GET).u32(type.params.length);
    if (range[0] > 0) {
      selector.u8(Opcode.I32_CONST).s64(range[0]).u8(0x6b);
    }
    return branches(typeIndex, selector, targets, false);
  }

  private byte[] chooser(int typeIndex, int[] functions) {
    WasmWriter selector = new WasmWriter(16);
    selector.u8(Opcode.LOCAL_GET).u32(module.type(typeIndex).params.length);
    selector.u8(Opcode.I32_CONST).s64(Integer.numberOfTrailingZeros(BUCKET)).u8(0x76);
    return branches(typeIndex, selector, functions, true);
  }

  /** Calls {@code targets[selector]}; where that is -1 or out of range, calls through the table. */
  private byte[] branches(int typeIndex, WasmWriter selector, int[] targets, boolean passIndex) {
    FuncType type = module.type(typeIndex);
    Map<Integer, Integer> labels = new HashMap<>();
    List<Integer> distinct = new ArrayList<>();
    for (int target : targets) {
      if (target >= 0 && labels.putIfAbsent(target, distinct.size()) == null) {
        distinct.add(target);
      }
    }
    WasmWriter out = new WasmWriter(256).u32(0);
    if (!distinct.isEmpty()) {
      for (int i = 0; i <= distinct.size(); i++) {
        out.u8(Opcode.BLOCK).u8(Block.EMPTY);
      }
      out.all(selector).u8(Opcode.BR_TABLE).u32(targets.length);
      for (int target : targets) {
        out.u32(target < 0 ? distinct.size() : labels.get(target));
      }
      out.u32(distinct.size()).u8(Opcode.END);
      for (int target : distinct) {
        arguments(out, type, passIndex)
            .u8(Opcode.CALL)
            .u32(target)
            .u8(Opcode.RETURN)
            .u8(Opcode.END);
      }
    }
    arguments(out, type, true).u8(Opcode.CALL_INDIRECT).u32(typeIndex).u32(0);
    return out.u8(Opcode.END).toByteArray();
  }

  private static WasmWriter arguments(WasmWriter out, FuncType type, boolean index) {
    int count = type.params.length + (index ? 1 : 0);
    for (int i = 0; i < count; i++) {
      out.u8(Opcode.LOCAL_GET).u32(i);
    }
    return out;
  }
}
