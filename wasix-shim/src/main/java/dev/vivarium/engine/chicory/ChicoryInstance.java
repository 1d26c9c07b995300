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
import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.MemoryLimitException;
import java.util.List;

/** One guest. Not safe for use by more than one thread at a time. */
public final class ChicoryInstance implements GuestCaller {
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

  static ChicoryInstance create(ChicoryModule module, List<HostImport> imports, long memoryLimit) {
    try {
      var caller = new ChicoryInstance(module, new Memories(module, memoryLimit));
      var functions = Linker.link(module, imports, caller);
      caller.build(functions, memoryLimit);
      return caller;
    } catch (OutOfMemoryError e) {
      throw new MemoryLimitException(
          "the host has not the memory that " + module.name() + " needs from the start");
    }
  }

  private void build(ImportFunction[] functions, long memoryLimit) {
    var tables = new GuestTable.Budget(memoryLimit);
    var section = module.wasm().tableSection();
    for (int i = 0; i < section.tableCount(); i++) {
      if (!tables.take(section.getTable(i).limits().min())) {
        throw new MemoryLimitException(
            "the tables of " + module.name() + " are too large for its memory limit");
      }
    }
    var builder =
        Instance.builder(module.wasm())
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
      return memory == null || type.isReference()
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

  private static long[] results(FunctionType type, long[] raw) {
    var results = new long[type.returns().size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = type.returns().get(i).equals(ValType.I32) ? (int) raw[i] : raw[i];
    }
    return results;
  }
}
