package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.leb;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no module that can be run are told apart from it in one line. */
class InvalidModuleTest {
  private static final byte[] HEADER = bytes(0, 'a', 's', 'm', 1, 0, 0, 0);

  static Stream<Arguments> invalid() {
    var wrongType = new TinyModule();
    wrongType.function(wrongType.type(new int[0], I32), bytes());
    var noMemory = new TinyModule();
    noMemory.function(noMemory.type(new int[0]), cat(i32(0), bytes(0x28, 0, 0, 0x1A)));
    var unknownOpcode = new TinyModule();
    unknownOpcode.function(unknownOpcode.type(new int[0]), bytes(0xF0));
    var manyLocals = new TinyModule();
    manyLocals.function(
        manyLocals.type(new int[0]),
        cat(leb(40), repeat(cat(leb(50_000), bytes(I32)), 40)),
        bytes());
    var collected = new TinyModule();
    collected.function(collected.type(new int[0]), cat(i32(1), bytes(0xFB, 0x1C, 0x1A)));
    return Stream.of(
        Arguments.of("nothing", bytes()),
        Arguments.of("text", "not wasm at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        Arguments.of("a component", bytes(0, 'a', 's', 'm', 13, 0, 1, 0)),
        Arguments.of("a section beyond the end", cat(HEADER, bytes(1, 100, 0))),
        Arguments.of("a size without an end", cat(HEADER, bytes(1, 0x80, 0x80, 0x80, 0x80, 0x80))),
        Arguments.of("a code section that lies", cat(HEADER, bytes(10, 5), leb(0x7FFF_FFFF))),
        Arguments.of("code without functions", cat(HEADER, bytes(10, 4, 1, 2, 0, 0x0B))),
        Arguments.of("an unknown section", cat(HEADER, bytes(77, 0))),
        Arguments.of("a body of the wrong type", wrongType.build()),
        Arguments.of("a load without memory", noMemory.build()),
        Arguments.of("an unknown opcode", unknownOpcode.build()),
        Arguments.of("two million locals", manyLocals.build()),
        Arguments.of("garbage-collected references", collected.build()),
        Arguments.of("garbage-collected types", cat(HEADER, bytes(1, 4, 1, 0x5F, 0, 0))));
  }

  private static byte[] repeat(byte[] bytes, int times) {
    return cat(Stream.generate(() -> bytes).limit(times).toArray(byte[][]::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void isRefusedInOneLineThatNamesIt(String what, byte[] bytes) {
    var source = WasmSource.of("guest.wasm", bytes);
    assertThatThrownBy(() -> ChicoryEngine.withoutCache().load(source, Progress.NONE))
        .isInstanceOf(InvalidModuleException.class)
        .hasMessageStartingWith("guest.wasm: ")
        .message()
        .hasSizeLessThan(200)
        .doesNotContain("\n");
  }

  /** A segment of two gigabytes, of which eight bytes are there, is no reason to take as many. */
  @Test
  void aDataSegmentThatLiesIsRefusedBeforeAnythingIsTakenForIt() {
    var memory = bytes(5, 3, 1, 0, 1);
    for (byte[] begin :
        new byte[][] {bytes(0, 0x41, 0, 0x0B), bytes(1), bytes(2, 0, 0x41, 0, 0x0B)}) {
      var segment = cat(begin, leb(Integer.MAX_VALUE), new byte[8]);
      var section = cat(leb(segment.length + 1), bytes(1), segment);
      assertThatThrownBy(() -> new ModuleBytes(cat(HEADER, memory, bytes(11), section)))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessageContaining("in the middle of a section");
    }
  }

  @Test
  void exceptionsFromBeforeTheStandardAreNamed() {
    // try end; try catch_all end; try delegate
    for (byte[] code :
        new byte[][] {bytes(6, 0x40, 0x0B), bytes(6, 0x40, 0x19, 0x0B), bytes(6, 0x40, 0x18, 0)}) {
      var module = new TinyModule();
      module.function(module.type(new int[0]), code);
      assertThatThrownBy(() -> Guests.load(module))
          .isInstanceOf(InvalidModuleException.class)
          .hasMessage("tiny: the module uses legacy exceptions; those of try_table are supported");
    }
  }

  @Test
  void vectorsAreRefusedByTheirName() {
    var module = new TinyModule();
    // i8x16.splat
    module.function(module.type(new int[0]), cat(i32(1), bytes(0xFD, 0x0F, 0x1A)));
    assertThatThrownBy(() -> Guests.load(module))
        .isInstanceOf(InvalidModuleException.class)
        .hasMessageContaining("I8x16_SPLAT");
  }

  /** A module with something of everything. */
  private static TinyModule rich() {
    var module = new TinyModule();
    int type = module.type(new int[] {I32}, I32);
    module.type(new int[0]);
    module.table(2).memory(1).tag(1).global(I32, 1, i32(3));
    int function =
        module.function(
            type,
            cat(
                bytes(0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x45, 0x0D, 1, 0x20, 0),
                i32(1),
                bytes(0x6B, 0x21, 0, 0x0C, 0, 0x0B, 0x0B, 0x23, 0, 0x20, 0, 0x28, 2, 0, 0x6A)));
    module.export("f", function).element(0, function).data(0, bytes(1, 2, 3, 4));
    return module;
  }

  @Test
  void everyTruncationIsRefusedOrHarmless() {
    var bytes = rich().build();
    for (int length = 0; length < bytes.length; length++) {
      tryOut(Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void everyDamageIsRefusedOrHarmless() {
    var sound = rich().build();
    var random = new Random(4);
    for (int round = 0; round < 1_500; round++) {
      var damaged = sound.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
      }
      tryOut(damaged);
    }
  }

  /** What is damaged may be refused, or loaded and then run or trap; nothing else. */
  private static void tryOut(byte[] bytes) {
    try {
      var module =
          ChicoryEngine.withoutCache().load(WasmSource.of("damaged", bytes), Progress.NONE);
      if (module.importedFunctions().isEmpty()) {
        var guest = module.instantiate(List.of(), 1 << 20);
        if (guest.exportsFunction("f")) {
          callForAWhile(guest);
        }
      }
    } catch (IOException | GuestTrap | IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (dev.vivarium.engine.MemoryLimitException e) {
      assertThat(e).hasMessageContaining("damaged");
    }
  }

  /** Calls; a loop that the damage has made endless is interrupted. */
  private static void callForAWhile(ChicoryInstance guest) {
    var caller = Thread.currentThread();
    var interrupt = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);
    var watch = CompletableFuture.runAsync(caller::interrupt, interrupt);
    try {
      guest.call("f", 5);
    } finally {
      if (!watch.cancel(false)) {
        Thread.interrupted();
      }
    }
  }
}
