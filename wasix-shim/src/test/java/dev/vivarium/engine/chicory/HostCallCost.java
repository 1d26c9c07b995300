package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;

import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import dev.vivarium.engine.WasmSource;
import java.util.List;

/** Measures what a call from a guest to the host costs. No test. */
final class HostCallCost {
  private HostCallCost() {}

  public static void main(String[] args) throws Exception {
    var module = new TinyModule();
    int type = module.type(new int[] {I32}, I32);
    int host = module.importFunction("m", "f", type);
    // for (p = n; p != 0; p--) f(p)
    var loop =
        cat(
            bytes(0x03, 0x40, 0x20, 0),
            call(host),
            bytes(0x1A, 0x20, 0),
            i32(1),
            bytes(0x6B, 0x22, 0, 0x0D, 0, 0x0B),
            i32(0));
    module.export("run", module.function(type, loop));
    for (boolean leaf : new boolean[] {true, false}) {
      var row =
          new HostImport(
              "m",
              "f",
              new Signature(List.of(ValueType.I32), List.of(ValueType.I32)),
              (caller, values) -> values[0],
              leaf);
      var guest =
          ChicoryEngine.withoutCache()
              .load(WasmSource.of("loop", module.build()), Progress.NONE)
              .instantiate(List.of(row), 1 << 20);
      for (int round = 0; round < 5; round++) {
        int calls = 1_000_000;
        long start = System.nanoTime();
        guest.call("run", calls);
        System.out.printf(
            "%s: %.1f ns a call%n",
            leaf ? "leaf" : "probed", (System.nanoTime() - start) / (double) calls);
      }
    }
  }
}
