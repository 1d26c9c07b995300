package dev.vivarium.conformance.bench;

import dev.vivarium.Sandbox;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.Interpreter;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.FutureTask;

/** How long a guest that goes round lives after its sandbox was closed. */
final class InterruptLatency {
  /** Long enough for a guest that has started to be where it stays, and for it to be compiled. */
  private static final long RUNNING_MILLIS = 1_500;

  private InterruptLatency() {}

  private interface Guests {
    Sandbox.Builder next() throws Exception;
  }

  /** Something that never ends. */
  record Work(String guest, String name, Guests guests) {

    /** The seconds from a sandbox's closing to the end of its run, in each of so many runs. */
    List<Double> measure(int samples) throws Exception {
      var seconds = new ArrayList<Double>();
      for (int i = 0; i < samples; i++) {
        seconds.add(once());
      }
      return seconds;
    }

    private double once() throws Exception {
      var builder = guests.next().stdout(OutputStream.nullOutputStream());
      try (var sandbox = builder.build()) {
        var run =
            new FutureTask<>(
                () -> {
                  sandbox.run();
                  return System.nanoTime();
                });
        new Thread(run, "run").start();
        Thread.sleep(RUNNING_MILLIS);
        if (run.isDone()) {
          throw new HostCrash(guest + " has ended by itself");
        }
        long start = System.nanoTime();
        sandbox.close();
        return (run.get() - start) / 1e9;
      }
    }
  }

  static List<Work> works() throws Exception {
    var python = Interpreter.load("python");
    var ruby = Interpreter.load("ruby");
    var loop = loop();
    var regex = "import re; re.match('(a*)*b', 'a' * 60)";
    return List.of(
        new Work("a module", "a loop of one branch", () -> Sandbox.builder(loop)),
        new Work("python", "`while True: pass`", () -> python.sandbox("-c", "while True: pass")),
        new Work("python", "a catastrophic regex", () -> python.sandbox("-c", regex)),
        new Work("ruby", "`loop {}`", () -> ruby.sandbox("-e", "loop {}")));
  }

  /** {@code (module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))}. */
  private static EngineBinding.Module loop() throws Exception {
    var bytes =
        HexFormat.of()
            .parseHex(
                "0061736d01000000"
                    + "010401600000"
                    + "03020100"
                    + "0503010001"
                    + "071302066d656d6f72790200065f73746172740000"
                    + "0a0901070003400c000b0b");
    return ChicoryEngine.withoutCache().load(WasmSource.of("loop", bytes), Progress.NONE);
  }
}
