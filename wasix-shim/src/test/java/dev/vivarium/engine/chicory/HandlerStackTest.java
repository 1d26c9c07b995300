package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.WasmSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host function has its stack, or it is not begun. */
class HandlerStackTest {
  private int begun;
  private int ended;

  /** Uses what a handler may use, by a measure that is not the one under test. */
  private void useStack() {
    begun++;
    assertThat(NestedCalls.use(HostImport.HANDLER_STACK_BYTES)).isNotZero();
    ended++;
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 768, 1024, 3000})
  void noHandlerIsCutShortHoweverDeepTheGuestIs(int stackKilobytes) throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int host = module.importFunction("m", "f", none);
    // f(): host(); f(); host()
    module.export("run", module.function(none, cat(call(host), call(1), call(host))));
    var row =
        new HostImport(
            "m",
            "f",
            new Signature(List.of(), List.of()),
            (caller, args) -> {
              useStack();
              return 0;
            });
    var guest =
        ChicoryEngine.withoutCache()
            .load(WasmSource.of("deep", module.build()), Progress.NONE)
            .instantiate(List.of(row), 1 << 20);
    for (int round = 0; round < 5; round++) {
      var run = new FutureTask<>(() -> trapOf(guest));
      var thread = new Thread(null, run, "guest", (long) stackKilobytes << 10);
      thread.start();
      assertThat(run.get()).isEqualTo(GuestTrap.Kind.STACK_EXHAUSTED);
      assertThat(begun).isPositive().isEqualTo(ended);
    }
  }

  private static GuestTrap.Kind trapOf(ChicoryInstance guest) {
    try {
      guest.call("run");
      return null;
    } catch (GuestTrap trap) {
      return trap.kind();
    }
  }

  @Test
  void withoutAMeasureTheStackIsTouchedAtEachCall() throws Exception {
    var stack = new HandlerStack(StackDepth.unknown());
    var run =
        new FutureTask<>(
            () -> {
              descend(stack);
              return null;
            });
    var thread = new Thread(null, run, "guest", 2 << 20);
    thread.start();
    run.get();
    assertThat(begun).isGreaterThan(1).isEqualTo(ended);
  }

  private void descend(HandlerStack stack) {
    boolean enough = true;
    try {
      stack.require();
    } catch (StackOverflowError e) {
      enough = false;
    }
    if (enough) {
      useStack();
      descend(stack);
    }
  }
}
