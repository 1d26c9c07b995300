package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.load;
import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.TinyModule.F32;
import static dev.vivarium.engine.chicory.TinyModule.F64;
import static dev.vivarium.engine.chicory.TinyModule.FUNCREF;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.i64;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rewritten in a compiled guest gives what the engine's interpreter gives. */
class ClassTunerTest {
  private static final long[] EDGES = {
    0,
    1,
    2,
    -1,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  /** What may stand between a comparison and what looks at its result. */
  private static final byte[][] BETWEEN = {
    bytes(),
    bytes(0x45),
    bytes(0x45, 0x45),
    bytes(0x45, 0x45, 0x45),
    bytes(0x41, 1, 0x71),
    bytes(0x41, 1, 0x71, 0x45),
    bytes(0x45, 0x41, 1, 0x71),
    bytes(0x41, 1, 0x71, 0x45, 0x41, 1, 0x71, 0x45),
    // not 1: what follows may not be joined
    bytes(0x41, 2, 0x71),
    bytes(0x41, 2, 0x6A)
  };

  /** Code with a comparison in it that becomes a number. */
  private static Map<String, byte[]> uses(byte[] comparison) {
    var uses = new LinkedHashMap<String, byte[]>();
    uses.put("value", comparison);
    uses.put(
        "br_if",
        cat(bytes(0x02, 0x40), comparison, bytes(0x0D, 0), i32(3), bytes(0x0F, 0x0B), i32(4)));
    uses.put("if", cat(comparison, bytes(0x04, I32), i32(5), bytes(0x05), i32(6), bytes(0x0B)));
    uses.put("select", cat(i32(7), i32(8), comparison, bytes(0x1B)));
    // a value lies below what is compared
    uses.put(
        "br_if with a value",
        cat(bytes(0x02, I32), i32(9), comparison, bytes(0x0D, 0, 0x1A), i32(10), bytes(0x0B)));
    // loop: n++; if (n >= 5) leave; if (comparison) go round
    uses.put(
        "loop",
        cat(
            bytes(0x02, 0x40, 0x03, 0x40, 0x20, 2),
            i32(1),
            bytes(0x6A, 0x22, 2),
            i32(5),
            bytes(0x4E, 0x0D, 1),
            comparison,
            bytes(0x0D, 0, 0x0B, 0x0B, 0x20, 2)));
    return uses;
  }

  private static int[] comparisons(int type) {
    int first = type == I32 ? 0x45 : 0x50;
    return IntStream.rangeClosed(first, first + 10).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {I32, I64})
  void comparisonsHoldInEveryUse(int operands) throws Exception {
    var module = new TinyModule();
    int type = module.type(new int[] {operands, operands}, I32);
    module.memory(1);
    var names = new ArrayList<String>();
    for (int opcode : comparisons(operands)) {
      boolean unary = opcode == 0x45 || opcode == 0x50;
      var plain = cat(bytes(0x20, 0), unary ? bytes() : bytes(0x20, 1), bytes(opcode));
      for (int i = 0; i < BETWEEN.length; i++) {
        for (var use : uses(cat(plain, BETWEEN[i])).entrySet()) {
          String name = "%x, %d, %s".formatted(opcode, i, use.getKey());
          module.export(name, module.function(type, bytes(1, 1, I32), use.getValue()));
          names.add(name);
        }
      }
    }
    var compiled = start(module);
    var reference = Instance.builder(Parser.parse(module.build())).build();
    for (var name : names) {
      for (long a : EDGES) {
        for (long b : EDGES) {
          long left = operands == I32 ? (int) a : a;
          long right = operands == I32 ? (int) b : b;
          assertThat((int) compiled.call(name, left, right)[0])
              .as("%s of %d, %d", name, left, right)
              .isEqualTo((int) reference.export(name).apply(left, right)[0]);
        }
      }
    }
  }

  @Test
  void countsOfShiftsAndRotationsAreTakenModulo64() throws Exception {
    long[] counts = {0, 1, 2, 5, 31, 32, 63, 64, 65, -1, 1L << 32, Long.MIN_VALUE + 7};
    var module = new TinyModule();
    int type = module.type(new int[] {I64}, I64);
    var names = new ArrayList<String>();
    // shl, shr_s, shr_u, rotl, rotr; and a sum, whose constant stays
    for (int opcode : new int[] {0x86, 0x87, 0x88, 0x89, 0x8A, 0x7C}) {
      for (long count : counts) {
        String name = "%x by %d".formatted(opcode, count);
        byte[] body = cat(bytes(0x20, 0), i64(count), bytes(opcode));
        module.export(name, module.function(type, body));
        names.add(name);
      }
    }
    var compiled = start(module);
    var reference = Instance.builder(Parser.parse(module.build())).build();
    for (var name : names) {
      for (long value : EDGES) {
        assertThat(compiled.call(name, value))
            .as("%s of %d", name, value)
            .isEqualTo(reference.export(name).apply(value));
      }
    }
  }

  private enum Memories {
    NONE,
    OWN,
    IMPORTED
  }

  @ParameterizedTest
  @EnumSource
  void globalsOfAllTypesKeepTheirValues(Memories memories) throws Exception {
    for (boolean interpreted : new boolean[] {false, true}) {
      var module = new TinyModule();
      if (memories == Memories.IMPORTED) {
        module.importMemory("env", "memory", 0, 1);
      } else if (memories == Memories.OWN) {
        module.memory(1);
      }
      byte[] float32 = bytes(0x43, 0, 0, 0xC0, 0x3F);
      byte[] float64 = bytes(0x44, 0, 0, 0, 0, 0, 0, 0x04, 0xC0);
      int[] types = {I32, I64, F32, F64};
      byte[][] values = {i32(-3), i64(Long.MIN_VALUE + 5), float32, float64};
      long[] bits = {
        -3, Long.MIN_VALUE + 5, Float.floatToIntBits(1.5f), Double.doubleToLongBits(-2.5)
      };
      for (int i = 0; i < types.length; i++) {
        module.global(types[i], 0, values[i]).global(types[i], 1, values[i]);
        int read = module.type(new int[0], types[i]);
        int write = module.type(new int[] {types[i]});
        int both = module.type(new int[] {types[i]}, types[i]);
        module.export("constant" + i, module.function(read, bytes(0x23, 2 * i)));
        module.export("get" + i, module.function(read, bytes(0x23, 2 * i + 1)));
        int set = module.function(write, bytes(0x20, 0, 0x24, 2 * i + 1));
        module.export("set" + i, set);
        // One function may be the interpreter's, and what it calls is compiled.
        module.export(
            "through" + i,
            module.function(
                both,
                cat(
                    Guests.padding(interpreted && i == 0),
                    bytes(0x20, 0),
                    call(set),
                    bytes(0x23, 2 * i + 1))));
      }
      assertThat(load(module).interpretedFunctions()).isEqualTo(interpreted ? 1 : 0);
      var guest = start(module);
      for (int i = 0; i < types.length; i++) {
        boolean narrow = types[i] == I32 || types[i] == F32;
        assertThat(value(guest, "constant" + i, narrow)).isEqualTo(bits[i]);
        assertThat(value(guest, "get" + i, narrow)).isEqualTo(bits[i]);
        guest.call("set" + i, bits[i] + 1);
        assertThat(value(guest, "get" + i, narrow)).isEqualTo(bits[i] + 1);
        assertThat(value(guest, "through" + i, narrow, bits[i] + 2)).isEqualTo(bits[i] + 2);
        assertThat(value(guest, "get" + i, narrow)).isEqualTo(bits[i] + 2);
        assertThat(value(guest, "constant" + i, narrow)).isEqualTo(bits[i]);
      }
      assertThat(value(start(module), "get1", false)).as("a second guest's").isEqualTo(bits[1]);
    }
  }

  private static long value(ChicoryInstance guest, String name, boolean narrow, long... args) {
    long value = guest.call(name, args)[0];
    return narrow ? (int) value : value;
  }

  /** They are read by another helper of the engine's than they are written by. */
  @Test
  void aReferenceThatAGlobalIsGivenIsThere() throws Exception {
    var module = new TinyModule().memory(1);
    module.global(FUNCREF, 1, bytes(0xD0, FUNCREF)).global(FUNCREF, 0, bytes(0xD2, 0));
    int none = module.type(new int[0]);
    module.export("set", module.function(none, bytes(0x23, 1, 0x24, 0)));
    module.export("clear", module.function(none, bytes(0xD0, FUNCREF, 0x24, 0)));
    int asks = module.type(new int[0], I32);
    module.export("isNull", module.function(asks, bytes(0x23, 0, 0xD1)));
    var guest = start(module);
    assertThat(guest.call("isNull")).containsExactly(1);
    guest.call("set");
    assertThat(guest.call("isNull")).containsExactly(0);
    guest.call("clear");
    assertThat(guest.call("isNull")).containsExactly(1);
  }

  @Test
  void aSecondMemoryIsNotMistakenForTheFirst() throws Exception {
    var module = new TinyModule().memory(1).memory(1);
    int load = module.type(new int[] {I32}, I32);
    int store = module.type(new int[] {I32, I32});
    module.export("load0", module.function(load, bytes(0x20, 0, 0x28, 0, 0)));
    module.export("load1", module.function(load, bytes(0x20, 0, 0x28, 0x40, 1, 0)));
    module.export("store1", module.function(store, bytes(0x20, 0, 0x20, 1, 0x36, 0x40, 1, 0)));
    var guest = start(module);
    guest.call("store1", 8, 77);
    assertThat(guest.call("load0", 8)).containsExactly(0);
    assertThat(guest.call("load1", 8)).containsExactly(77);
  }
}
