package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.generate.GeneratedModule;
import dev.vivarium.engine.generate.Type;
import dev.vivarium.engine.split.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What can be seen of a generated module: results and traps of calls of all its functions, one
 * after the other, what they called of the host, and the globals and the memory behind each.
 *
 * <p>It is run by us, or whole by the engine's interpreter with the engine's own memory, globals
 * and tables: those two share nothing but the host's functions.
 */
final class GeneratedRun {
  private static final int FUEL = 250;
  private static final int CALLS = 4;
  private static final int PAGE = 65_536;

  /** Deep recursion ends by fuel: the end of a stack would tell of the frames' sizes only. */
  private static final long STACK = 1L << 30;

  private static final long PATIENCE_MILLIS = 120_000;

  private final GeneratedModule module;
  private final List<String> seen = new ArrayList<>();

  private GeneratedRun(GeneratedModule module) {
    this.module = module;
  }

  /** The module as we run it, with functions taken apart from these sizes on. */
  static List<String> ours(GeneratedModule module, Limits limits)
      throws IOException, InterruptedException {
    var run = new GeneratedRun(module);
    try {
      return run.observe(run.compiled(limits));
    } catch (InvalidModuleException e) {
      return List.of("refused: " + e.getMessage());
    }
  }

  /**
   * The whole module in the engine's interpreter, which fails at tail calls that are not in a
   * function's outermost block.
   */
  static List<String> interpreted(GeneratedModule module) throws InterruptedException {
    var run = new GeneratedRun(module.withoutTailCalls());
    return run.observe(run.interpreted());
  }

  /** An instance, whoever runs it. */
  private interface Guest {
    long[] call(String function, long... args);

    byte[] memory();
  }

  /** A byte of an instance's memory, for the host to write to; it may have none. */
  private interface Poke {
    void poke(int address, byte value);
  }

  private Guest compiled(Limits limits) throws IOException {
    var imports = new ArrayList<HostImport>();
    for (int i = 0; i < module.hosts().size(); i++) {
      int index = i;
      var type = module.hosts().get(i);
      imports.add(
          new HostImport(
              "host",
              Integer.toString(i),
              signature(type),
              (caller, args) ->
                  host(
                      index,
                      args,
                      (address, value) -> {
                        if (caller.memory().size() > 0) {
                          caller.memory().writeByte(address, value);
                        }
                      })));
    }
    var source = WasmSource.of("generated", module.bytes());
    var loaded = ChicoryEngine.withoutCache(limits).load(source, Progress.NONE);
    var guest = loaded.instantiate(imports, GeneratedModule.MOST_PAGES * PAGE);
    return new Guest() {
      @Override
      public long[] call(String function, long... args) {
        return guest.call(function, args);
      }

      @Override
      public byte[] memory() {
        var bytes = new byte[(int) guest.memory().size()];
        guest.memory().read(0, bytes, 0, bytes.length);
        return bytes;
      }
    };
  }

  private static Signature signature(Type type) {
    return new Signature(types(type.params()), types(type.results()));
  }

  private static List<ValueType> types(byte[] bytes) {
    var types = new ArrayList<ValueType>();
    for (byte type : bytes) {
      types.add(
          switch (type) {
            case Type.I32 -> ValueType.I32;
            case Type.I64 -> ValueType.I64;
            case Type.F32 -> ValueType.F32;
            default -> ValueType.F64;
          });
    }
    return types;
  }

  /**
   * The engine's interpreter. Where a block with parameters ends, it moves as many values as the
   * block has parameters and results, and invents those that its stack does not have: with two
   * parameters and one value on the whole stack, that value comes out as another one. So there are
   * always some.
   */
  private static final class Interpreter extends InterpreterMachine {
    private static final int MOST_MOVED = 16;

    Interpreter(Instance instance) {
      super(instance);
      for (int i = 0; i < MOST_MOVED; i++) {
        stack().push(0);
      }
    }
  }

  private Guest interpreted() {
    var parsed = Parser.parse(module.bytes());
    var functions = new ArrayList<ImportFunction>();
    for (int i = 0; i < module.hosts().size(); i++) {
      int index = i;
      var type = module.hosts().get(i);
      functions.add(
          new HostFunction(
              "host",
              Integer.toString(i),
              Signatures.lower(signature(type)),
              (instance, args) -> {
                Poke poke =
                    (address, value) -> {
                      if (instance.memory() != null) {
                        instance.memory().writeByte(address, value);
                      }
                    };
                long result = host(index, args, poke);
                return type.results().length == 0 ? new long[0] : new long[] {result};
              }));
    }
    var instance =
        Instance.builder(parsed)
            .withImportValues(
                ImportValues.builder()
                    .addFunction(functions.toArray(ImportFunction[]::new))
                    .build())
            .withMemoryFactory(
                limits ->
                    new ByteArrayMemory(
                        new MemoryLimits(
                            limits.initialPages(),
                            Math.min(GeneratedModule.MOST_PAGES, limits.maximumPages()))))
            .build();
    return new Guest() {
      @Override
      public long[] call(String function, long... args) {
        var exports = parsed.exportSection();
        for (int i = 0; i < exports.exportCount(); i++) {
          if (exports.getExport(i).name().equals(function)) {
            // A trap leaves its frames on an interpreter's stack.
            var machine = new Interpreter(instance);
            try {
              return machine.call(exports.getExport(i).index(), args);
            } catch (RuntimeException | AssertionError e) {
              throw Traps.of(e);
            }
          }
        }
        throw new IllegalArgumentException(function);
      }

      @Override
      public byte[] memory() {
        return instance.memory() == null
            ? new byte[0]
            : instance.memory().readBytes(0, instance.memory().pages() * PAGE);
      }
    };
  }

  /** A function of the host's: its answer follows from what it is given. */
  private long host(int index, long[] args, Poke memory) {
    var type = module.hosts().get(index);
    var given = texts(type.params(), args);
    seen.add("host." + index + given);
    int hash = given.hashCode();
    if (hash % 3 == 0) {
      memory.poke(hash & 0xfff, (byte) hash);
    }
    if (type.results().length == 0) {
      return 0;
    }
    return switch (type.results()[0]) {
      case Type.I32 -> hash;
      case Type.I64 -> hash * 0x1_0000_0001L;
      case Type.F32 -> Float.floatToRawIntBits(hash / 16f);
      default -> Double.doubleToRawLongBits(hash / 16d);
    };
  }

  private List<String> observe(Guest guest) throws InterruptedException {
    Throwable[] failure = new Throwable[1];
    var thread = new Thread(null, () -> callAll(guest), "generated", STACK);
    thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
    thread.setDaemon(true);
    thread.start();
    thread.join(PATIENCE_MILLIS);
    if (thread.isAlive()) {
      thread.interrupt();
      seen.add("did not end");
    }
    if (failure[0] != null) {
      seen.add("failed: " + failure[0]);
    }
    return seen;
  }

  private void callAll(Guest guest) {
    var random = new Random(1);
    for (int call = 0; call < CALLS; call++) {
      for (int f = 0; f < module.functions().size(); f++) {
        var type = module.functions().get(f);
        guest.call("fuel", FUEL);
        seen.add("f" + f + " " + outcome(guest, "f" + f, type, arguments(type, random)));
        for (int g = 0; g < module.globals().size(); g++) {
          seen.add("g" + g + " " + outcome(guest, "g" + g, module.globals().get(g)));
        }
        var memory = guest.memory();
        seen.add("memory " + memory.length + " " + Arrays.hashCode(memory));
      }
    }
  }

  private static String outcome(Guest guest, String function, Type type, long... args) {
    try {
      return texts(type.results(), guest.call(function, args)).toString();
    } catch (GuestTrap e) {
      return e.kind() == GuestTrap.Kind.OTHER ? "trap: " + e.getMessage() : e.kind().toString();
    }
  }

  private static List<String> texts(byte[] types, long[] values) {
    var texts = new ArrayList<String>();
    for (int i = 0; i < types.length; i++) {
      texts.add(
          switch (types[i]) {
            case Type.I32 -> Integer.toString((int) values[i]);
            case Type.F32 -> Float.toString(Float.intBitsToFloat((int) values[i]));
            case Type.F64 -> Double.toString(Double.longBitsToDouble(values[i]));
            default -> Long.toString(values[i]);
          });
    }
    return texts;
  }

  private static long[] arguments(Type type, Random random) {
    var arguments = new long[type.params().length];
    for (int i = 0; i < arguments.length; i++) {
      int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(50) - 10;
      arguments[i] =
          switch (type.params()[i]) {
            case Type.I32 -> value;
            case Type.I64 -> value;
            case Type.F32 -> Float.floatToRawIntBits(value / 2f);
            default -> Double.doubleToRawLongBits(value / 2.0);
          };
    }
    return arguments;
  }
}
