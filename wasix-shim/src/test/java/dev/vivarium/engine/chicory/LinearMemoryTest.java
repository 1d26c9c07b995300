package dev.vivarium.engine.chicory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A memory is one run of bytes, whether it lies in one array or goes on in pages: the head of a
 * shared memory is never replaced, so that what it grows by are pages.
 */
class LinearMemoryTest {
  private static final int PAGE = 65_536;

  private static LinearMemory memory(boolean paged, int initial, int pages) {
    var limits = new MemoryLimits(initial, 64, paged);
    var memory = new LinearMemory(limits, new MemoryBudget(64L * PAGE), 0);
    while (memory.pages() < pages) {
      assertThat(memory.grow(1)).isEqualTo(memory.pages() - 1);
    }
    return memory;
  }

  private static byte[] contents(LinearMemory memory) {
    return memory.readBytes(0, memory.pages() * PAGE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void growthKeepsAllThatWasWrittenAndAddsZeros(boolean paged) {
    var memory = memory(paged, 1, 1);
    var random = new Random(3);
    var expected = new byte[PAGE];
    for (int step : new int[] {0, 1, 2, 1, 5, 1, 1, 13}) {
      random.nextBytes(expected);
      memory.write(0, expected, 0, expected.length);
      int old = memory.pages();
      assertThat(memory.grow(step)).isEqualTo(old);
      expected = Arrays.copyOf(expected, (old + step) * PAGE);
      assertThat(contents(memory)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyAccessEndsWhereTheMemoryEndsAndWritesNothingBeyond(boolean paged) {
    // 5 pages of a head with reserve behind them, or of a head of 2 and then pages
    var memory = memory(paged, 2, 5);
    int end = 5 * PAGE;
    for (int width : new int[] {1, 2, 4, 8}) {
      for (int address = end - width - 9; address <= end - width; address++) {
        accesses(memory, address, width);
      }
      for (int address = end - width + 1; address <= end + 9; address++) {
        refuses(memory, address, width);
      }
      for (int address : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -width, -1}) {
        refuses(memory, address, width);
      }
    }
    memory.zero();
    assertThat(memory.grow(1)).isEqualTo(5);
    assertThat(contents(memory)).containsOnly(0);
  }

  private static void accesses(LinearMemory memory, int address, int width) {
    for (Runnable access : all(memory, address, width)) {
      access.run();
    }
  }

  private static void refuses(LinearMemory memory, int address, int width) {
    for (Runnable access : all(memory, address, width)) {
      assertThatThrownBy(access::run)
          .as("%d bytes at %d", width, address)
          .isInstanceOfAny(WasmRuntimeException.class, IndexOutOfBoundsException.class);
    }
  }

  private static Runnable[] all(LinearMemory memory, int address, int width) {
    return switch (width) {
      case 1 ->
          new Runnable[] {() -> memory.read(address), () -> memory.writeByte(address, (byte) -1)};
      case 2 ->
          new Runnable[] {
            () -> memory.readShort(address),
            () -> memory.readU16(address),
            () -> memory.writeShort(address, (short) -1)
          };
      case 4 ->
          new Runnable[] {
            () -> memory.readInt(address),
            () -> memory.readFloat(address),
            () -> memory.readF32(address),
            () -> memory.writeI32(address, -1),
            () -> memory.writeF32(address, Float.NaN)
          };
      default ->
          new Runnable[] {
            () -> memory.readLong(address),
            () -> memory.readDouble(address),
            () -> memory.readF64(address),
            () -> memory.writeLong(address, -1),
            () -> memory.writeF64(address, Double.NaN)
          };
    };
  }

  @Test
  void sumsOfBaseAndOffsetNeverComeRoundToAnAddressInside() {
    var memory = memory(false, 1, 1);
    int[][] outside = {
      {Integer.MIN_VALUE, Integer.MIN_VALUE},
      {-1, 1},
      {1, -1},
      {-8, 16},
      {16, -8},
      {-1, -1},
      {Integer.MAX_VALUE, 1},
      {Integer.MAX_VALUE, Integer.MAX_VALUE},
      {Integer.MIN_VALUE, 0}
    };
    for (int[] sum : outside) {
      Runnable[] accesses = {
        () -> GuestAccess.memoryReadByte(sum[0], sum[1], memory),
        () -> GuestAccess.memoryReadShort(sum[0], sum[1], memory),
        () -> GuestAccess.memoryReadInt(sum[0], sum[1], memory),
        () -> GuestAccess.memoryReadLong(sum[0], sum[1], memory),
        () -> GuestAccess.memoryReadFloat(sum[0], sum[1], memory),
        () -> GuestAccess.memoryReadDouble(sum[0], sum[1], memory),
        () -> GuestAccess.memoryWriteByte(sum[0], (byte) 1, sum[1], memory),
        () -> GuestAccess.memoryWriteShort(sum[0], (short) 1, sum[1], memory),
        () -> GuestAccess.memoryWriteInt(sum[0], 1, sum[1], memory),
        () -> GuestAccess.memoryWriteLong(sum[0], 1, sum[1], memory),
        () -> GuestAccess.memoryWriteFloat(sum[0], 1, sum[1], memory),
        () -> GuestAccess.memoryWriteDouble(sum[0], 1, sum[1], memory)
      };
      for (var access : accesses) {
        assertThatThrownBy(access::run)
            .as("%d + %d", sum[0], sum[1])
            .isInstanceOfAny(WasmRuntimeException.class, IndexOutOfBoundsException.class);
      }
    }
    assertThat(contents(memory)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyAccessesGiveWhatOneArrayGives(boolean paged) {
    var memory = memory(paged, 1, 4);
    var expected = ByteBuffer.allocate(4 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    var random = new Random(paged ? 5 : 6);
    for (int i = 0; i < 40_000; i++) {
      // mostly around a border of pages
      int near = PAGE * (1 + random.nextInt(3)) + random.nextInt(24) - 12;
      int at = random.nextInt(4) == 0 ? random.nextInt(4 * PAGE - 8) : near;
      long value = random.nextLong();
      switch (random.nextInt(10)) {
        case 0 -> {
          memory.writeByte(at, (byte) value);
          expected.put(at, (byte) value);
        }
        case 1 -> {
          memory.writeShort(at, (short) value);
          expected.putShort(at, (short) value);
        }
        case 2 -> {
          memory.writeI32(at, (int) value);
          expected.putInt(at, (int) value);
        }
        case 3 -> {
          memory.writeLong(at, value);
          expected.putLong(at, value);
        }
        case 4 -> {
          memory.writeF32(at, (int) value);
          expected.putFloat(at, (int) value);
        }
        case 5 -> {
          memory.writeF64(at, (double) value);
          expected.putDouble(at, (double) value);
        }
        case 6 -> {
          int length = random.nextInt(40);
          int to = Math.min(at, 4 * PAGE - length);
          memory.fill((byte) value, to, to + length);
          Arrays.fill(expected.array(), to, to + length, (byte) value);
        }
        case 7 -> {
          int length = random.nextInt(random.nextInt(20) == 0 ? 2 * PAGE : 40);
          int to = Math.min(at, 4 * PAGE - length);
          int from = Math.floorMod(to + random.nextInt(64) - 32, 4 * PAGE - length + 1);
          memory.copy(to, from, length);
          System.arraycopy(expected.array(), from, expected.array(), to, length);
        }
        default -> {}
      }
      assertThat(memory.read(at)).isEqualTo(expected.get(at));
      assertThat(memory.readShort(at)).isEqualTo(expected.getShort(at));
      assertThat(memory.readU16(at)).isEqualTo(Short.toUnsignedLong(expected.getShort(at)));
      assertThat(memory.readInt(at)).isEqualTo(expected.getInt(at));
      assertThat(memory.readLong(at)).isEqualTo(expected.getLong(at));
      assertThat(Float.compare(memory.readFloat(at), expected.getFloat(at))).isZero();
      assertThat(Double.compare(memory.readDouble(at), expected.getDouble(at))).isZero();
    }
    assertThat(contents(memory)).isEqualTo(expected.array());
  }

  /**
   * A heap has room, then none, and then again: the memory goes from an array to pages and back.
   */
  @Test
  void aMemoryComesBackFromItsPagesWhenTheHeapHasRoomAgain() {
    var free = new AtomicLong(Long.MAX_VALUE);
    var memory =
        new LinearMemory(new MemoryLimits(1, 64), new MemoryBudget(64L * PAGE), 0, free::get);
    var random = new Random(8);
    var expected = new byte[PAGE];
    var heaps = new long[] {0, 0, Long.MAX_VALUE, 0, 4L * PAGE, Long.MAX_VALUE, 0};
    for (int step = 0; step < heaps.length; step++) {
      free.set(heaps[step]);
      int old = memory.pages();
      assertThat(memory.grow(1 + step % 3)).isEqualTo(old);
      expected = Arrays.copyOf(expected, memory.pages() * PAGE);
      assertThat(contents(memory)).as("after step %d", step).isEqualTo(expected);
      random.nextBytes(expected);
      memory.write(0, expected, 0, expected.length);
      // across each border, one number
      for (int border = PAGE; border < expected.length; border += PAGE) {
        memory.writeLong(border - 3, step);
        assertThat(memory.readLong(border - 3)).isEqualTo(step);
      }
      expected = contents(memory);
      refuses(memory, expected.length - 7, 8);
    }
  }

  @Test
  void whatAHeapHasRoomForOnceIsOneArrayAndElsewherePages() {
    var free = new AtomicLong();
    var asked = new AtomicLong();
    var memory =
        new LinearMemory(
            new MemoryLimits(4, 64),
            new MemoryBudget(64L * PAGE),
            0,
            () -> {
              asked.incrementAndGet();
              return free.get();
            });
    // 8 pages and a quarter of that more, twice
    free.set(2 * 10L * PAGE - 1);
    assertThat(memory.grow(4)).isEqualTo(4);
    assertThat(asked).hasValue(1);
    free.set(2 * 11L * PAGE);
    assertThat(memory.grow(1)).isEqualTo(8);
    // Now there is an array with room for two pages more, for which nobody has to be asked.
    assertThat(memory.grow(2)).isEqualTo(9);
    assertThat(asked).hasValue(2);
    assertThat(memory.grow(1)).isEqualTo(11);
    assertThat(asked).hasValue(3);
  }
}
