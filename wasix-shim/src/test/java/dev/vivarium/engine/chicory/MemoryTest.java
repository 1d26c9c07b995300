package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.MEGABYTE;
import static dev.vivarium.engine.chicory.Guests.load;
import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.Guests.trapOf;
import static dev.vivarium.engine.chicory.TinyModule.F32;
import static dev.vivarium.engine.chicory.TinyModule.F64;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap.Kind;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.engine.MemoryLimitException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory ends where its size and its limit say, for the guest and for the host. */
class MemoryTest {
  private static final int PAGE = 65_536;

  private static TinyModule growing(int pages, int maximum) {
    var module = new TinyModule();
    int type = module.type(new int[] {I32}, I32);
    module.memory(pages, maximum);
    module.export("grow", module.function(type, bytes(0x20, 0, 0x40, 0)));
    return module;
  }

  @Test
  void growthBeyondTheLimitAnswersMinusOneAndIsRemembered() throws IOException {
    var guest = load(growing(1, 65_536)).instantiate(List.of(), 3 * PAGE + 100);
    assertThat(guest.call("grow", 2)).containsExactly(1);
    assertThat(guest.memory().growthRefused()).isFalse();
    assertThat(guest.call("grow", 1)).containsExactly(-1);
    assertThat(guest.memory().growthRefused()).isTrue();
    assertThat(guest.call("grow", 0)).containsExactly(3);
    assertThat(guest.memory().size()).isEqualTo(3 * PAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_536, 32_768, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -2})
  void noGrowthOverflows(int pages) throws IOException {
    var guest = load(growing(1, 65_536)).instantiate(List.of(), Long.MAX_VALUE);
    assertThat(guest.call("grow", pages)).containsExactly(-1);
    assertThat(guest.memory().size()).isEqualTo(PAGE);
  }

  @Test
  void theModulesOwnMaximumIsNoRefusalByTheHost() throws IOException {
    var guest = load(growing(1, 2)).instantiate(List.of(), MEGABYTE);
    assertThat(guest.call("grow", 2)).containsExactly(-1);
    assertThat(guest.memory().growthRefused()).isFalse();
  }

  @Test
  void aModuleThatBeginsBeyondTheLimitIsTurnedAway() throws IOException {
    var module = load(growing(2, 65_536));
    assertThat(module.minimumMemory()).isEqualTo(2 * PAGE);
    assertThatThrownBy(() -> module.instantiate(List.of(), 2 * PAGE - 1))
        .isInstanceOf(MemoryLimitException.class)
        .hasMessageContaining("tiny")
        .hasMessageContaining("131072");
    assertThat(module.instantiate(List.of(), 2 * PAGE).memory().size()).isEqualTo(2 * PAGE);
  }

  @Test
  void theLimitHoldsForAllMemoriesTogether() throws IOException {
    var module = growing(2, 65_536).memory(2);
    assertThatThrownBy(() -> load(module).instantiate(List.of(), 3 * PAGE))
        .isInstanceOf(MemoryLimitException.class);
    var guest = load(module).instantiate(List.of(), 5 * PAGE);
    assertThat(guest.call("grow", 2)).containsExactly(-1);
    assertThat(guest.call("grow", 1)).containsExactly(2);
  }

  @Test
  void anImportedMemoryIsMadeWithinTheLimit() throws IOException {
    var module = new TinyModule().importMemory("env", "memory", 3, 2, 16);
    int type = module.type(new int[] {I32}, I32);
    module.export("grow", module.function(type, bytes(0x20, 0, 0x40, 0)));
    assertThat(load(module).minimumMemory()).isEqualTo(2 * PAGE);
    var guest = load(module).instantiate(List.of(), 3 * PAGE);
    assertThat(guest.memory().size()).isEqualTo(2 * PAGE);
    assertThat(guest.call("grow", 1)).containsExactly(2);
    assertThat(guest.call("grow", 1)).containsExactly(-1);
  }

  @Test
  void tablesOfAGuestAreBoundedAndNotTheNextGuests() throws IOException {
    var module = new TinyModule();
    int type = module.type(new int[] {I32}, I32);
    module.table(1);
    // table.grow 0 by the argument, with ref.null func
    module.export("grow", module.function(type, bytes(0xD0, 0x70, 0x20, 0, 0xFC, 15, 0)));
    var loaded = load(module);
    var guest = loaded.instantiate(List.of(), MEGABYTE);
    assertThat(guest.call("grow", 100)).containsExactly(1);
    assertThat(guest.call("grow", 9_000_000)).containsExactly(-1);
    assertThat(guest.call("grow", Integer.MAX_VALUE)).containsExactly(-1);
    assertThat(loaded.instantiate(List.of(), MEGABYTE).call("grow", 0)).containsExactly(1);
  }

  /** Every load and store, by opcode and width. */
  @ParameterizedTest
  @CsvSource({
    "0x28, 4", "0x29, 8", "0x2A, 4", "0x2B, 8", "0x2C, 1", "0x2D, 1", "0x2E, 2", "0x2F, 2",
    "0x30, 1", "0x31, 1", "0x32, 2", "0x33, 2", "0x34, 4", "0x35, 4"
  })
  void everyLoadEndsAtTheEnd(int opcode, int width) throws IOException {
    var module = new TinyModule();
    int none = module.type(new int[] {I32});
    module.memory(2);
    module.export("at", module.function(none, bytes(0x20, 0, opcode, 0, 0, 0x1A)));
    module.export("offset", module.function(none, bytes(0x20, 0, opcode, 0, 8, 0x1A)));
    // The largest offset: no sum with it may come round to an address inside.
    module.export(
        "far",
        module.function(none, bytes(0x20, 0, opcode, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x1A)));
    var guest = start(module);
    int last = 2 * PAGE - width;
    assertThat(guest.call("at", last)).isEmpty();
    assertThat(guest.call("at", PAGE - 1)).isEmpty();
    assertThat(guest.call("offset", last - 8)).isEmpty();
    for (int address : new int[] {last + 1, 2 * PAGE, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
      assertThat(trapOf(guest, "at", address)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(guest, "offset", address)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    }
    assertThat(trapOf(guest, "offset", last - 7)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    for (int address : new int[] {0, 1, 8, PAGE, -1}) {
      assertThat(trapOf(guest, "far", address)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x36, 4, 0x7F",
    "0x37, 8, 0x7E",
    "0x38, 4, 0x7D",
    "0x39, 8, 0x7C",
    "0x3A, 1, 0x7F",
    "0x3B, 2, 0x7F",
    "0x3C, 1, 0x7E",
    "0x3D, 2, 0x7E",
    "0x3E, 4, 0x7E"
  })
  void aStoreAcrossTheEndWritesNothing(int opcode, int width, int type) throws IOException {
    var module = new TinyModule();
    int store = module.type(new int[] {I32, type});
    module.memory(2);
    module.export("at", module.function(store, bytes(0x20, 0, 0x20, 1, opcode, 0, 0)));
    var guest = start(module);
    guest.memory().fill(2 * PAGE - 16, 16, (byte) 0x55);
    for (int address = 2 * PAGE - width + 1; address < 2 * PAGE; address++) {
      assertThat(trapOf(guest, "at", address, -1)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    }
    assertThat(trapOf(guest, "at", -1, -1)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    var tail = new byte[16];
    guest.memory().read(2 * PAGE - 16, tail, 0, 16);
    assertThat(tail).containsOnly(0x55);
    assertThat(guest.call("at", PAGE - 1, 0)).isEmpty();
    assertThat(guest.memory().readByte(PAGE - 1)).isZero();
  }

  @Test
  void numbersAcrossPagesKeepTheirBytes() throws IOException {
    var module = new TinyModule();
    module.memory(2);
    for (int[] row :
        new int[][] {{0x29, 0x37, I64}, {0x2B, 0x39, F64}, {0x28, 0x36, I32}, {0x2A, 0x38, F32}}) {
      int load = module.type(new int[] {I32}, row[2]);
      int store = module.type(new int[] {I32, row[2]});
      module.export("load" + row[2], module.function(load, bytes(0x20, 0, row[0], 0, 0)));
      module.export(
          "store" + row[2], module.function(store, bytes(0x20, 0, 0x20, 1, row[1], 0, 0)));
    }
    var guest = start(module);
    var random = new Random(1);
    for (int address = PAGE - 9; address < PAGE + 2; address++) {
      for (int type : new int[] {I64, F64, I32, F32}) {
        long value =
            type == F64 ? Double.doubleToRawLongBits(random.nextDouble()) : random.nextLong();
        boolean narrow = type == I32 || type == F32;
        if (type == F32) {
          value = Float.floatToRawIntBits(random.nextFloat());
        }
        guest.call("store" + type, address, value);
        long loaded = guest.call("load" + type, address)[0];
        assertThat(narrow ? (int) loaded : loaded).isEqualTo(narrow ? (int) value : value);
        assertThat(narrow ? guest.memory().readInt(address) : guest.memory().readLong(address))
            .isEqualTo(narrow ? (int) value : value);
      }
    }
  }

  @Test
  void fillAndCopyCheckTheirRangesAsUnsignedNumbers() throws IOException {
    var module = new TinyModule();
    int three = module.type(new int[] {I32, I32, I32});
    module.memory(2);
    module.export("fill", module.function(three, bytes(0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 11, 0)));
    module.export("copy", module.function(three, bytes(0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 10, 0, 0)));
    var guest = start(module);
    int size = 2 * PAGE;
    assertThat(guest.call("fill", 0, 7, size)).isEmpty();
    assertThat(guest.call("fill", size, 7, 0)).isEmpty();
    assertThat(guest.call("copy", 1, 0, size - 1)).isEmpty();
    assertThat(guest.call("copy", size, size, 0)).isEmpty();
    int[][] outside = {
      {0, size + 1},
      {1, size},
      {size, 1},
      {size + 1, 0},
      {16, -16},
      {16, -8},
      {-16, 32},
      {Integer.MAX_VALUE, Integer.MAX_VALUE},
      {Integer.MIN_VALUE, Integer.MIN_VALUE},
      {0, -1}
    };
    for (int[] range : outside) {
      assertThat(trapOf(guest, "fill", range[0], 9, range[1]))
          .as("fill %d %d", range[0], range[1])
          .isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(guest, "copy", range[0], 0, range[1]))
          .as("copy to %d %d", range[0], range[1])
          .isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
      assertThat(trapOf(guest, "copy", 0, range[0], range[1]))
          .as("copy from %d %d", range[0], range[1])
          .isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    }
    var all = new byte[size];
    guest.memory().read(0, all, 0, size);
    assertThat(all).containsOnly(7);
  }

  @Test
  void overlappingCopiesMoveAsIfThroughABuffer() throws IOException {
    var module = new TinyModule();
    int three = module.type(new int[] {I32, I32, I32});
    module.memory(4);
    module.export("copy", module.function(three, bytes(0x20, 0, 0x20, 1, 0x20, 2, 0xFC, 10, 0, 0)));
    var guest = start(module);
    var random = new Random(2);
    var expected = new byte[4 * PAGE];
    random.nextBytes(expected);
    guest.memory().write(0, expected, 0, expected.length);
    for (int i = 0; i < 200; i++) {
      int length = random.nextInt(2 * PAGE + 2);
      int to = random.nextInt(expected.length - length + 1);
      int from =
          Math.max(0, Math.min(expected.length - length, to + random.nextInt(-PAGE - 3, PAGE + 3)));
      guest.call("copy", to, from, length);
      System.arraycopy(expected, from, expected, to, length);
    }
    var actual = new byte[expected.length];
    guest.memory().read(0, actual, 0, actual.length);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void theHostsViewFaultsOutsideAndNeverWraps() throws IOException {
    var memory = start(growing(2, 16)).memory();
    int size = 2 * PAGE;
    memory.check(size, 0);
    memory.check(0, size);
    memory.writeLong(size - 8, 1);
    assertThat(memory.readLong(size - 8)).isOne();
    Runnable[] faults = {
      () -> memory.check(size, 1),
      () -> memory.check(size + 1, 0),
      () -> memory.check(-1, 0),
      () -> memory.check(-1, 1L << 32),
      () -> memory.check(0, Long.MAX_VALUE),
      () -> memory.check(16, Long.MAX_VALUE),
      () -> memory.readByte(size),
      () -> memory.readShort(size - 1),
      () -> memory.readInt(size - 3),
      () -> memory.readLong(size - 7),
      () -> memory.readLong(-1),
      () -> memory.writeByte(-1, (byte) 1),
      () -> memory.writeShort(size - 1, (short) 1),
      () -> memory.writeInt(size - 3, 1),
      () -> memory.writeLong(-4, 1),
      () -> memory.read(size - 1, new byte[2], 0, 2),
      () -> memory.write(-1, new byte[2], 0, 2),
      () -> memory.fill(size - 1, 2, (byte) 1),
      () -> memory.fill(-1, 2, (byte) 1),
      () -> memory.atomicWait(2, 0, 0),
      () -> memory.atomicWait(size, 0, 0),
      () -> memory.atomicNotify(size, 1),
    };
    for (var fault : faults) {
      assertThatThrownBy(fault::run).isInstanceOf(MemoryFaultException.class);
    }
    assertThat(memory.readByte(size - 1)).isZero();
  }

  @Test
  void aModuleWithoutMemoryHasAViewOfNoBytes() throws IOException {
    var module = new TinyModule();
    module.export("f", module.function(module.type(new int[0]), bytes()));
    var memory = start(module).memory();
    assertThat(memory.size()).isZero();
    assertThat(memory.growthRefused()).isFalse();
    memory.check(0, 0);
    memory.read(0, new byte[0], 0, 0);
    assertThatThrownBy(() -> memory.readByte(0)).isInstanceOf(MemoryFaultException.class);
  }

  @Test
  void waitingAndWakingKeepNoStateForAddresses() throws Exception {
    var memory = start(growing(1, 16)).memory();
    assertThat(memory.atomicWait(0, 1, -1)).isOne();
    assertThat(memory.atomicWait(0, 0, 1)).isEqualTo(2);
    assertThat(memory.atomicNotify(0, 1)).isZero();
    var waiter = new java.util.concurrent.FutureTask<>(() -> memory.atomicWait(4, 0, -1));
    new Thread(waiter).start();
    while (memory.atomicNotify(4, -1) == 0) {
      Thread.onSpinWait();
    }
    assertThat(waiter.get()).isZero();
  }
}
