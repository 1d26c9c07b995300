package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.padding;
import static dev.vivarium.engine.chicory.Guests.signature;
import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
                cat(bytes(0x03, 0x40), i32(9), bytes(0x0E, 2, 0, 0, 0, 0x0B))),
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

  private static void assertInterruptible(TinyModule module, boolean interpreted) throws Exception {
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
    assertThat(Guests.load(module).interpretedFunctions()).isEqualTo(interpreted ? 1 : 0);
    var guest = start(module, row);
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
