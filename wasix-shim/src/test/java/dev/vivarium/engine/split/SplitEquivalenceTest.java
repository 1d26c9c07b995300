package dev.vivarium.engine.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A split module does what the whole one does: results, traps, memory and globals are equal, for
 * modules that a seeded generator writes, with limits so low that everything splits. {@code
 * -Dsplit.seeds=N} runs more of them.
 */
class SplitEquivalenceTest {
  private static final int SEEDS = Integer.getInteger("split.seeds", 40);
  private static final int CALLS = 6;

  @ParameterizedTest
  @ValueSource(ints = {40, 90, 250, 900})
  void aSplitModuleBehavesAsTheWholeOne(int limit) {
    int pieces = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      RandomModule generated = RandomModule.of(seed * 31 + limit, 40);
      byte[] whole = generated.bytes();
      Splitter.Result result = Splitter.split(whole, new Limits(limit, limit, limit));
      pieces += result.pieces();
      assertThat(run(Parser.parse(result.module()), generated, seed, false))
          .as("seed %d, limit %d", seed, limit)
          .isEqualTo(run(Parser.parse(whole), generated, seed, false));
    }
    assertThat(pieces).as("pieces of all modules").isGreaterThan(SEEDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 300})
  void compiledPiecesBehaveAsTheInterpretedWhole(int limit) {
    for (long seed = 1; seed <= Math.max(1, SEEDS / 8); seed++) {
      RandomModule generated = RandomModule.of(seed * 77 + limit, 60);
      byte[] whole = generated.bytes();
      byte[] split = Splitter.split(whole, new Limits(limit, limit, limit)).module();
      assertThat(run(Parser.parse(split), generated, seed, true))
          .as("seed %d, limit %d", seed, limit)
          .isEqualTo(run(Parser.parse(whole), generated, seed, false));
    }
  }

  @Test
  void aFunctionBeyondTheSizeOfAJvmMethodIsCompiled() {
    RandomModule generated = RandomModule.of(14, 1_500);
    byte[] whole = generated.bytes();
    assertThat(largestMethod(whole)).as("the whole function").isGreaterThan(65_535);
    Splitter.Result result = Splitter.split(whole, Limits.HOTSPOT);
    assertThat(result.leftWhole()).isEmpty();
    assertThat(result.largestMethod()).isLessThanOrEqualTo(Limits.HOTSPOT.hard());
    assertThatCode(
            () ->
                MachineFactoryCompiler.builder(Parser.parse(result.module()))
                    .withInterpreterFallback(InterpreterFallback.FAIL)
                    .compile())
        .doesNotThrowAnyException();
    assertThat(run(Parser.parse(result.module()), generated, 14, true))
        .isEqualTo(run(Parser.parse(whole), generated, 14, false));
  }

  private static int largestMethod(byte[] bytes) {
    ModuleInfo module = ModuleInfo.parse(bytes);
    int largest = 0;
    for (int i = 0; i < module.bodies.size() / 2; i++) {
      largest = Math.max(largest, new CostModel(FunctionDecoder.decode(module, i)).method());
    }
    return largest;
  }

  @Test
  void anInvalidModuleIsRefusedRatherThanTakenApart() throws Exception {
    byte[] valid = RandomModule.of(3, 20).bytes();
    var engine = ChicoryEngine.withoutCache();
    var random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      int length = round % 3 == 0 ? random.nextInt(valid.length) : valid.length;
      byte[] bytes = Arrays.copyOf(valid, length);
      for (int flips = random.nextInt(4); flips >= 0 && length > 0; flips--) {
        bytes[random.nextInt(length)] = (byte) random.nextInt(256);
      }
      try {
        engine.load(WasmSource.of("fuzz", bytes), Progress.NONE);
      } catch (InvalidModuleException e) {
        refused++;
      }
    }
    assertThat(refused).as("modules refused, of 300").isGreaterThan(150);
  }

  /** What calls of all functions give, one after the other, and what they leave behind. */
  private static List<String> run(
      WasmModule module, RandomModule generated, long seed, boolean compiled) {
    List<String> outcome = new ArrayList<>();
    Runnable calls = () -> outcome.addAll(callAll(module, generated, seed, compiled));
    // Recursion ends when the fuel does: a stack that ends before would tell nothing of the
    // splitter.
    Thread largeStack = new Thread(null, calls, "guest", 1L << 30);
    largeStack.start();
    try {
      largeStack.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return outcome;
  }

  private static List<String> callAll(
      WasmModule module, RandomModule generated, long seed, boolean compiled) {
    Instance.Builder builder = Instance.builder(module).withMemoryFactory(ByteArrayMemory::new);
    if (compiled) {
      builder.withMachineFactory(
          MachineFactoryCompiler.builder(module)
              .withInterpreterFallback(InterpreterFallback.FAIL)
              .compile());
    }
    Instance instance = builder.build();
    Random random = new Random(seed);
    List<String> outcome = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      for (int f = 0; f < generated.functions.size(); f++) {
        FuncType type = generated.functions.get(f);
        instance.global(RandomModule.FUEL_GLOBAL).setValue(RandomModule.FUEL);
        outcome.add(outcome(instance, f, type, arguments(type, random)));
        outcome.add("fuel " + (int) instance.global(RandomModule.FUEL_GLOBAL).getValue());
      }
    }
    for (int g = 1; g <= 4; g++) {
      outcome.add("global " + global(instance, g));
    }
    outcome.add("pages " + instance.memory().pages());
    outcome.add(
        "memory "
            + Arrays.hashCode(instance.memory().readBytes(0, instance.memory().pages() * 65536)));
    return outcome;
  }

  /** Engines differ in the upper half of a 32-bit global's raw value. */
  private static long global(Instance instance, int index) {
    long raw = instance.global(index).getValue();
    return index == 1 || index == 3 ? (int) raw : raw;
  }

  private static String outcome(Instance instance, int function, FuncType type, long[] arguments) {
    try {
      long[] results = instance.export("f" + function).apply(arguments);
      return type.results.length == 0 ? "done" : value(type.results[0], results[0]);
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName() + ": " + kind(String.valueOf(e.getMessage()));
    }
  }

  /** Behind a colon, only the interpreter or only compiled code tells the address. */
  private static String kind(String message) {
    int colon = message.indexOf(':');
    return colon < 0 ? message : message.substring(0, colon);
  }

  private static String value(byte type, long bits) {
    return switch (type) {
      case FuncType.I32 -> Integer.toString((int) bits);
      case FuncType.F32 -> Float.toString(Float.intBitsToFloat((int) bits));
      case FuncType.F64 -> Double.toString(Double.longBitsToDouble(bits));
      default -> Long.toString(bits);
    };
  }

  private static long[] arguments(FuncType type, Random random) {
    long[] arguments = new long[type.params.length];
    for (int i = 0; i < arguments.length; i++) {
      int small = random.nextInt(50) - 10;
      arguments[i] =
          switch (type.params[i]) {
            case FuncType.I32 -> small & 0xffff_ffffL;
            case FuncType.I64 -> small;
            case FuncType.F32 -> Float.floatToIntBits(small / 2f);
            default -> Double.doubleToLongBits(small / 2.0);
          };
    }
    return arguments;
  }
}
