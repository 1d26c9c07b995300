package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.GlobalFactory;
import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.MStack;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Instruction;
import com.dylibso.chicory.wasm.types.MutabilityType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.engine.MemoryLimitException;
import java.util.List;
import java.util.Optional;

/** One guest. Not safe for use by more than one thread at a time. */
public final class ChicoryInstance implements GuestInstance {
  private final ChicoryModule module;
  private final Memories memories;

  private final HandlerStack handlerStack = new HandlerStack(StackDepth.measured());

  /** Null until the engine's instance begins to exist. */
  private MemoryView view;

  /** Null while the module's start function runs. */
  private Instance instance;

  private ChicoryInstance(ChicoryModule module, Memories memories) {
    this.module = module;
    this.memories = memories;
  }

  /**
   * Makes an instance.
   *
   * @param state what it goes on from, or null if it begins anew
   */
  static ChicoryInstance create(
      ChicoryModule module, List<HostImport> imports, long memoryLimit, InstanceState state) {
    if (state != null) {
      States.check(state, module);
    }
    try {
      var memories =
          state == null
              ? new Memories(module, memoryLimit)
              : new Memories(module, memoryLimit, state);
      var caller = new ChicoryInstance(module, memories);
      var functions = Linker.link(module, imports, caller);
      caller.build(functions, memoryLimit, state);
      return caller;
    } catch (OutOfMemoryError e) {
      throw new MemoryLimitException(
          "the host has not the memory that " + module.name() + " needs from the start");
    }
  }

  private void build(ImportFunction[] functions, long memoryLimit, InstanceState state) {
    var tables = new GuestTable.Budget(memoryLimit);
    var section = module.wasm().tableSection();
    for (int i = 0; i < section.tableCount(); i++) {
      if (!tables.take(section.getTable(i).limits().min())) {
        throw new MemoryLimitException(
            "the tables of " + module.name() + " are too large for its memory limit");
      }
    }
    // A state has what active segments have put where, and passive ones are kept by no state.
    var builder =
        Instance.builder(state == null ? module.whole() : module.wasm())
            .withImportValues(
                ImportValues.builder()
                    .addFunction(functions)
                    .addMemory(memories.imported())
                    .build())
            .withMemoryFactory(memories::create)
            .withTableFactory((table, value) -> new GuestTable(table, value, tables))
            .withGlobalFactory(new Globals())
            .withMachineFactory(module.machines())
            .withStart(false)
            .withInitialize(false);
    if (module.interpretedFunctions() > 0) {
      builder.withUnsafeExecutionListener(ChicoryInstance::checkBranch);
    }
    try {
      instance = builder.build();
      view = new MemoryView(memories.first());
      instance.initialize(false);
      if (state != null) {
        new States(instance, memories).restore(state);
      }
    } catch (HandlerFailure e) {
      throw e.unwrapped();
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      throw Traps.of(e);
    }
  }

  /** Makes the module's globals, in their order. */
  private final class Globals implements GlobalFactory {
    private int next;

    @Override
    public GlobalInstance create(long low, long high, ValType type, MutabilityType mutability) {
      int index = next++;
      var memory = memories.first();
      return memory == null
          ? new GlobalInstance(low, high, type, mutability)
          : new GuestGlobal(low, type, mutability, memory, index);
    }
  }

  /**
   * The interpreter looks for an interrupt at calls and at {@code br} only; a loop may go round
   * without either, also by catching what it throws.
   */
  private static void checkBranch(Instruction instruction, MStack stack) {
    switch (instruction.opcode()) {
      case BR_IF, BR_TABLE, THROW, THROW_REF -> {
        if (Thread.currentThread().isInterrupted()) {
          throw new ChicoryInterruptedException("interrupted");
        }
      }
      default -> {}
    }
  }

  HandlerStack handlerStack() {
    return handlerStack;
  }

  @Override
  public GuestMemory memory() {
    return view;
  }

  @Override
  public boolean exportsFunction(String name) {
    return module.exportsFunction(name);
  }

  @Override
  public long[] call(String name, long... args) {
    var function = module.exportedFunction(name);
    if (function == null) {
      throw new IllegalArgumentException(module.name() + " exports no function " + name);
    }
    return call(name, function, args);
  }

  private long[] call(String name, int function, long... args) {
    var type = instance.type(instance.functionType(function));
    if (args.length != type.params().size()) {
      throw new IllegalArgumentException(
          name + " takes " + type.params().size() + " arguments, not " + args.length);
    }
    try {
      return results(type, instance.getMachine().call(function, args));
    } catch (HandlerFailure e) {
      throw e.unwrapped();
    } catch (RuntimeException
        | StackOverflowError
        | OutOfMemoryError
        | LinkageError
        | AssertionError e) {
      throw Traps.of(e);
    }
  }

  @Override
  public boolean callToCheckpoint(String name) {
    int armed = module.stop().armed();
    var memory = memories.first();
    memory.globals[armed] = 1;
    try {
      call(name);
    } catch (GuestTrap e) {
      if (e.kind() == GuestTrap.Kind.UNREACHABLE && memory.globals[armed] == 0) {
        return true;
      }
      throw e;
    }
    memory.globals[armed] = 0;
    return false;
  }

  @Override
  public void resume() {
    call("the checkpoint", module.stop().resume());
  }

  @Override
  public long[] callElement(int element, long... args) {
    var table = instance.tableCount() == 0 ? null : instance.table(0);
    if (table == null || element < 0 || element >= table.size() || table.ref(element) < 0) {
      throw new IllegalArgumentException(module.name() + " has no function at " + element);
    }
    return call("the function at " + element, table.ref(element), args);
  }

  @Override
  public Optional<InstanceState> state() {
    return new States(instance, memories).capture();
  }

  private static long[] results(FunctionType type, long[] raw) {
    var results = new long[type.returns().size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = type.returns().get(i).equals(ValType.I32) ? (int) raw[i] : raw[i];
    }
    return results;
  }
}
