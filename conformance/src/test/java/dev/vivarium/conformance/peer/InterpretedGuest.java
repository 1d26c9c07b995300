package dev.vivarium.conformance.peer;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Instruction;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A module in Chicory's interpreter: all of it as it is, and no longer than its fuel lasts. */
final class InterpretedGuest {
  private static final Map<ValType, ValueType> TYPES =
      Map.of(
          ValType.I32, ValueType.I32,
          ValType.I64, ValueType.I64,
          ValType.F32, ValueType.F32,
          ValType.F64, ValueType.F64);

  /** What the interpreter says, as far as it is the same for all traps of a kind. */
  private static final Map<String, GuestTrap.Kind> TRAPS =
      Map.of(
          "Trapped on unreachable", GuestTrap.Kind.UNREACHABLE,
          "out of bounds memory access", GuestTrap.Kind.MEMORY_OUT_OF_BOUNDS,
          "undefined element", GuestTrap.Kind.TABLE_OUT_OF_BOUNDS,
          "uninitialized element", GuestTrap.Kind.UNINITIALIZED_ELEMENT,
          "indirect call type mismatch", GuestTrap.Kind.INDIRECT_CALL_TYPE_MISMATCH,
          "integer divide by zero", GuestTrap.Kind.INTEGER_DIVIDE_BY_ZERO,
          "integer overflow", GuestTrap.Kind.INTEGER_OVERFLOW,
          "invalid conversion to integer", GuestTrap.Kind.INVALID_CONVERSION_TO_INTEGER);

  private final WasmModule module;
  private final int mostPages;
  private long fuel;
  private Host host;

  /** Used again and again: to make one takes longer than most calls. Null if there is none. */
  private Instance instance;

  private byte[] initialMemory;
  private long[] initialGlobals;

  /** The fuel is used up. */
  static final class OutOfFuelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfFuelException() {
      super("out of fuel", null, false, false);
    }
  }

  /** Answers a call of the host. */
  interface Host {
    long call(String name, long[] args);
  }

  /**
   * A guest without an instance as yet.
   *
   * @param mostMemory bytes its memory may grow to
   */
  InterpretedGuest(byte[] bytes, long mostMemory) {
    this(Parser.parse(bytes), (int) (mostMemory >> 16));
  }

  private InterpretedGuest(WasmModule module, int mostPages) {
    this.module = module;
    this.mostPages = mostPages;
  }

  /** Another guest of the same module, for another thread. */
  InterpretedGuest another() {
    return new InterpretedGuest(module, mostPages);
  }

  int imports() {
    return module.importSection().count(ExternalType.FUNCTION);
  }

  int functions() {
    return imports() + module.functionSection().functionCount();
  }

  /** How many instructions a function has. */
  int size(int function) {
    return module.codeSection().getFunctionBody(function - imports()).instructions().size();
  }

  /** The types of a function's parameters; null if one of its types is no number. */
  List<ValueType> params(int function) {
    var type = type(function);
    boolean numbers =
        TYPES.keySet().containsAll(type.params()) && TYPES.keySet().containsAll(type.returns());
    return numbers ? type.params().stream().map(TYPES::get).toList() : null;
  }

  List<ValueType> results(int function) {
    return type(function).returns().stream().map(TYPES::get).toList();
  }

  private FunctionType type(int function) {
    return module.functionSection().getFunctionType(function - imports(), module.typeSection());
  }

  /**
   * Calls a function of an instance that is as if it were new.
   *
   * @param instructions how many may run
   * @param memory given the memory when the call has ended, however it has
   * @throws OutOfFuelException if they are not enough
   */
  long[] call(int function, long[] args, long instructions, Host newHost, List<byte[]> memory) {
    if (instance == null) {
      create();
    }
    host = newHost;
    fuel = instructions;
    try {
      return new InterpreterMachine(instance).call(function, args);
    } finally {
      memory.add(memory());
      restore();
    }
  }

  /** Why a call has trapped. */
  static GuestTrap.Kind kind(Throwable thrown) {
    var message = String.valueOf(thrown.getMessage());
    return TRAPS.entrySet().stream()
        .filter(row -> message.startsWith(row.getKey()))
        .findAny()
        .orElseThrow(() -> new AssertionError("no trap is known by this", thrown))
        .getValue();
  }

  private byte[] memory() {
    return instance.memory().readBytes(0, instance.memory().pages() << 16);
  }

  private void create() {
    var functions = new ArrayList<ImportFunction>();
    var section = module.importSection();
    for (int i = 0; i < section.importCount(); i++) {
      if (section.getImport(i) instanceof FunctionImport row) {
        var type = module.typeSection().getType(row.typeIndex());
        functions.add(
            new HostFunction(
                row.module(),
                row.name(),
                type,
                (caller, args) -> {
                  long result = host.call(row.name(), args);
                  return type.returns().isEmpty() ? new long[0] : new long[] {result};
                }));
      }
    }
    instance =
        Instance.builder(module)
            .withImportValues(
                ImportValues.builder()
                    .addFunction(functions.toArray(ImportFunction[]::new))
                    .build())
            .withMemoryLimits(new MemoryLimits(initialPages(), mostPages))
            .withUnsafeExecutionListener(this::step)
            .withStart(false)
            .build();
    initialMemory = memory();
    initialGlobals = new long[instance.globalCount()];
    for (int i = 0; i < initialGlobals.length; i++) {
      initialGlobals[i] = instance.global(i).getValue();
    }
  }

  private int initialPages() {
    return module.memorySection().orElseThrow().getMemory(0).limits().initialPages();
  }

  /** Undoes what a call has changed; tables are changed by no guest here. */
  private void restore() {
    if (instance.memory().pages() << 16 != initialMemory.length) {
      instance = null;
      return;
    }
    instance.memory().write(0, initialMemory);
    for (int i = 0; i < initialGlobals.length; i++) {
      if (instance.global(i).getValue() != initialGlobals[i]) {
        instance.global(i).setValue(initialGlobals[i]);
      }
    }
  }

  /** Before each instruction. */
  private void step(Instruction instruction, MStack stack) {
    if (--fuel < 0) {
      throw new OutOfFuelException();
    }
    int opcode = instruction.opcode().opcode();
    if (opcode >= 0x28 && opcode <= 0x3e) {
      // The interpreter lets the sum of an address and an offset come round.
      long value = opcode >= 0x36 ? stack.pop() : 0;
      long address = Integer.toUnsignedLong((int) stack.peek());
      if (opcode >= 0x36) {
        stack.push(value);
      }
      if (address + Integer.toUnsignedLong((int) instruction.operand(1))
          >= (long) instance.memory().pages() << 16) {
        throw new IndexOutOfBoundsException("out of bounds memory access");
      }
    }
  }
}
