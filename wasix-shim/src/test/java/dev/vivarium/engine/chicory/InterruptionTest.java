package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.padding;
import static dev.vivarium.engine.chicory.Guests.signature;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.split.Limits;
import dev.vivarium.engine.split.Splitter;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends a guest wherever it goes round, compiled or interpreted. */
@Timeout(120)
class InterruptionTest {
  static Stream<Arguments> loops() {
    return Stream.of(
            Arguments.of("br", bytes(0x03, 0x40, 0x0C, 0, 0x0B)),
            Arguments.of("br_if", cat(bytes(0x03, 0x40), i32(1), bytes(0x0D, 0, 0x0B))),
            Arguments.of("br_table", cat(bytes(0x03, 0x40), i32(0), bytes(0x0E, 1, 0, 0, 0x0B))),
            Arguments.of(
                "br_table by default",
                cat(bytes(0x03, 0x40, 0x02, 0x40), i32(9), bytes(0x0E, 1, 0, 1, 0x0B, 0x0B))),
            Arguments.of(
                "memory.fill",
                cat(
                    bytes(0x03, 0x40),
                    i32(0),
                    i32(1),
                    i32(65_536),
                    bytes(0xFC, 11, 0),
                    i32(1),
                    bytes(0x0D, 0, 0x0B))),
            Arguments.of(
                "memory.copy",
                cat(
                    bytes(0x03, 0x40),
                    i32(1),
                    i32(0),
                    i32(65_535),
                    bytes(0xFC, 10, 0, 0),
                    i32(1),
                    bytes(0x0D, 0, 0x0B))),
            Arguments.of(
                "br_if out of nested blocks",
                cat(
                    bytes(0x03, 0x40, 0x02, 0x40, 0x02, 0x40),
                    i32(1),
                    bytes(0x0D, 2, 0x0B, 0x0B, 0x0B))),
            Arguments.of(
                "br_table out of nested blocks",
                cat(
                    bytes(0x03, 0x40, 0x02, 0x40, 0x02, 0x40),
                    i32(1),
                    bytes(0x0E, 2, 0, 2, 1, 0x0B, 0x0B, 0x0B))),
            Arguments.of(
                "if", cat(bytes(0x03, 0x40), i32(1), bytes(0x04, 0x40, 0x0C, 1, 0x0B, 0x0B))),
            // a loop that goes round by catching what it throws: try_table (catch 0 1) throw 0
            Arguments.of(
                "catch", bytes(0x03, 0x40, 0x1F, 0x40, 1, 0, 0, 0, 0x08, 0, 0x0B, 0x0C, 0, 0x0B)))
        .flatMap(
            row ->
                Stream.of(false, true)
                    .map(large -> Arguments.of(row.get()[0], large, row.get()[1])));
  }

  @ParameterizedTest
  @MethodSource("loops")
  void endsALoop(String name, boolean interpreted, byte[] loop) throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int ready = module.importFunction("m", "ready", none);
    module.memory(1).tag(none);
    module.export("run", module.function(none, cat(padding(interpreted), call(ready), loop)));
    assertInterruptible(module, interpreted);
  }

  @Test
  void endsARecursionThatHasNoLoop() throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int counting = module.type(new int[] {I32});
    int ready = module.importFunction("m", "ready", none);
    // f(n): if (n) { f(n - 1); f(n - 1) }
    var half = cat(bytes(0x20, 0), i32(1), bytes(0x6B), call(1));
    int recursion =
        module.function(counting, cat(bytes(0x20, 0, 0x04, 0x40), half, half, bytes(0x0B)));
    module.export("run", module.function(none, cat(call(ready), i32(200), call(recursion))));
    assertInterruptible(module, false);
  }

  @Test
  void endsAMutualRecursionThatHasNoLoop() throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int counting = module.type(new int[] {I32});
    int ready = module.importFunction("m", "ready", none);
    // f(n): if (n) { g(n - 1); g(n - 1) }, and g alike
    for (int other : new int[] {2, 1}) {
      var half = cat(bytes(0x20, 0), i32(1), bytes(0x6B), call(other));
      module.function(counting, cat(bytes(0x20, 0, 0x04, 0x40), half, half, bytes(0x0B)));
    }
    module.export("run", module.function(none, cat(call(ready), i32(200), call(1))));
    assertInterruptible(module, false);
  }

  @Test
  void endsARecursionThroughATable() throws Exception {
    var module = new TinyModule().table(1);
    int none = module.type(new int[0]);
    int counting = module.type(new int[] {I32});
    int ready = module.importFunction("m", "ready", none);
    var half = cat(bytes(0x20, 0), i32(1), bytes(0x6B), i32(0), bytes(0x11, counting, 0));
    int recursion =
        module.function(counting, cat(bytes(0x20, 0, 0x04, 0x40), half, half, bytes(0x0B)));
    module.element(0, recursion);
    module.export("run", module.function(none, cat(call(ready), i32(200), call(recursion))));
    assertInterruptible(module, false);
  }

  /**
   * The engine gives a tail call a frame like any call, so that a loop of them has to be finite.
   */
  @Test
  void endsTailCalls() throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int counting = module.type(new int[] {I32});
    int ready = module.importFunction("m", "ready", none);
    // f(n): if (n) { g(n - 1); return g(n - 1) }, and g alike
    for (int other : new int[] {2, 1}) {
      var less = cat(bytes(0x20, 0), i32(1), bytes(0x6B));
      module.function(
          counting,
          cat(bytes(0x20, 0, 0x04, 0x40), less, call(other), less, bytes(0x12, other, 0x0B)));
    }
    module.export("run", module.function(none, cat(call(ready), i32(200), call(1))));
    assertInterruptible(module, false);
  }

  /** A loop whose body is taken apart, and one in a part of what is around it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsALoopOfAFunctionThatWasTakenApart(boolean inside) throws Exception {
    var module = new TinyModule().memory(1);
    int none = module.type(new int[0]);
    int ready = module.importFunction("m", "ready", none);
    var large = stores(2_000);
    var loop = cat(bytes(0x03, 0x40), inside ? stores(1) : large, i32(1), bytes(0x0D, 0, 0x0B));
    var code = inside ? cat(large, call(ready), loop, large) : cat(call(ready), loop);
    module.export("run", module.function(none, code));
    var limits = new Limits(200, 100, 400);
    assertThat(Splitter.split(module.build(), limits).pieces()).isPositive();
    assertInterruptible(ChicoryEngine.withoutCache(limits), module, 0);
    assertInterruptible(module, false);
  }

  /** Its parts call it, and none of them looks at the interrupt flag. */
  @Test
  void endsARecursionOfAFunctionThatWasTakenApart() throws Exception {
    var module = new TinyModule().memory(1);
    int none = module.type(new int[0]);
    int counting = module.type(new int[] {I32});
    int ready = module.importFunction("m", "ready", none);
    // f(n): if (n) { f(n - 1); f(n - 1) }, among much else
    var half = cat(stores(200), bytes(0x20, 0), i32(1), bytes(0x6B), call(1), stores(200));
    var body = cat(stores(200), bytes(0x20, 0, 0x04, 0x40), half, half, bytes(0x0B), stores(200));
    int recursion = module.function(counting, body);
    module.export("run", module.function(none, cat(call(ready), i32(200), call(recursion))));
    var limits = new Limits(200, 100, 400);
    assertThat(Splitter.split(module.build(), limits).pieces()).isPositive();
    assertInterruptible(ChicoryEngine.withoutCache(limits), module, 0);
  }

  /** Code that is worth to be moved: i32.store of a sum. */
  private static byte[] stores(int count) {
    var one = cat(i32(64), i32(64), bytes(0x28, 0, 0), i32(3), bytes(0x6A, 0x36, 0, 4));
    return cat(Collections.nCopies(count, one).toArray(byte[][]::new));
  }

  private static void assertInterruptible(TinyModule module, boolean interpreted) throws Exception {
    assertInterruptible(ChicoryEngine.withoutCache(), module, interpreted ? 1 : 0);
  }

  private static void assertInterruptible(ChicoryEngine engine, TinyModule module, int interpreted)
      throws Exception {
    var started = new CountDownLatch(1);
    var row =
        new HostImport(
            "m",
            "ready",
            signature(List.of()),
            (caller, args) -> {
              started.countDown();
              return 0;
            });
    var loaded = engine.load(WasmSource.of("tiny", module.build()), Progress.NONE);
    assertThat(loaded.interpretedFunctions()).isEqualTo(interpreted);
    var guest = loaded.instantiate(List.of(row), Guests.MEGABYTE);
    var run =
        new FutureTask<>(
            () -> {
              var thrown = catchThrowable(() -> guest.call("run"));
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              return thrown;
            });
    var thread = new Thread(run, "guest");
    thread.start();
    started.await();
    // Let the loop run in earnest, so that what is interrupted is not the way into it.
    Thread.sleep(50);
    thread.interrupt();
    assertThat(run.get())
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(GuestTrap.Kind.INTERRUPTED));
  }
}
