package dev.vivarium.conformance.hostile;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.guest.GuestStart;
import dev.vivarium.guest.Instantiator;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.posix.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs hostile guests in this process, and prints what they have tried. */
public final class HostileWorker {
  /** What eight of them take together leaves room in 256 MB. */
  private static final Quota QUOTA =
      Quota.DEFAULT
          .withBytes(8 << 20)
          .withInodes(3_000)
          .withOpenFiles(256)
          .withPipes(16)
          .withLocks(64);

  private static final Limits LIMITS = new Limits(8 << 20, 64, 512 << 10);
  private static final int CALLS = 150;

  private final long seed;
  private final Tally tally = new Tally();
  private final Expected expected = Expected.load();
  private final Impatience impatience;
  private final Kind preview1 = Kind.of(Import.Choice.PREVIEW1);
  private final Kind wasix = Kind.of(Import.Choice.WASIX);
  private final List<Kind> kinds = List.of(preview1, wasix, Kind.of(Import.Choice.FORMER_WASIX));

  /** A module, and what it imports. */
  private record Kind(List<Import> imports, EngineBinding.Module module) {
    static Kind of(Import.Choice choice) throws IOException {
      var imports = Import.all(choice);
      var source = WasmSource.of("hostile", Forwarder.of(imports));
      return new Kind(imports, ChicoryEngine.withoutCache().load(source, Progress.NONE));
    }
  }

  private HostileWorker(long seed) throws IOException {
    this.seed = seed;
    this.impatience = new Impatience(this::hangs);
  }

  /**
   * Runs every attack, and lives of any calls.
   *
   * @param args the seed; how many guests run at once; how many lives of any calls there are
   */
  public static void main(String[] args) throws Exception {
    var worker = new HostileWorker(Long.parseLong(args[0]));
    worker.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    worker.tally.lines().forEach(System.out::println);
    System.exit(0);
  }

  private void hangs(String what, StackTraceElement[] where) {
    System.err.println("hangs: " + what + " " + Arrays.toString(where));
    Runtime.getRuntime().halt(3);
  }

  private void run(int atOnce, int lives) throws InterruptedException, ExecutionException {
    var threads = Executors.newFixedThreadPool(atOnce);
    var work = new ArrayList<Callable<Void>>();
    Attacks.ALL.forEach(
        (name, attack) -> {
          for (int i = 0; i < atOnce; i++) {
            work.add(() -> live("attack." + name, wasix, attack, seed));
            if (!Attacks.NEED_WASIX.contains(name)) {
              work.add(() -> live("attack." + name, preview1, attack, seed));
            }
          }
        });
    for (int i = 0; i < lives; i++) {
      var kind = kinds.get(i % kinds.size());
      var attack = new AnyCalls(kind.imports(), i * CALLS, CALLS);
      long itsSeed = seed + i;
      work.add(() -> live("any-calls", kind, attack, itsSeed));
    }
    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }
    threads.shutdown();
  }

  private Void live(String name, Kind kind, Attack attack, long itsSeed) throws Exception {
    var start = new Life(kind, attack, new SplittableRandom(itsSeed));
    try (var surroundings = new Surroundings(Files.createTempDirectory("vivarium-hostile"))) {
      var builder =
          Sandbox.builder(kind.module())
              .start(start)
              .filesystem(Surroundings.ROOT)
              .quota(QUOTA)
              .limits(LIMITS)
              .clock(new VirtualClock(Instant.ofEpochSecond(1_700_000_000), 1_000))
              .entropy(new SplittableRandom(itsSeed))
              .user(itsSeed % 4 == 3 ? new Credentials(1000, 1000) : Credentials.ROOT)
              .stdin(new ByteArrayInputStream(new byte[1_000]));
      boolean ended = attack.allows(Reason.TIMED_OUT);
      if (ended) {
        builder.timeout(Duration.ofMillis(200));
      }
      try (var sandbox = builder.build()) {
        surroundings.mount(sandbox.filesystem());
        var outcome = ended ? impatience.untilEnded(name, sandbox::run) : sandbox.run();
        tally.count(name, outcome.reason().name());
        if (!attack.allows(outcome.reason())) {
          tally.defect(name + " seed " + itsSeed + " ended otherwise: " + outcome);
        }
        outcome.changes();
        sandbox.filesystem().tree();
        if (start.memory == null) {
          return null;
        }
        for (var violation : surroundings.violations(sandbox, start.memory)) {
          tally.defect(name + " seed " + itsSeed + ": " + violation);
        }
      }
    } catch (Exception | Error e) {
      tally.defect(name + " seed " + itsSeed + ": " + e + " " + Arrays.toString(e.getStackTrace()));
    }
    return null;
  }

  /** One guest: an attack instead of the module's own start. */
  private final class Life implements GuestStart {
    private final Kind kind;
    private final Attack attack;
    private final SplittableRandom random;
    private GuestMemory memory;

    Life(Kind kind, Attack attack, SplittableRandom random) {
      this.kind = kind;
      this.attack = attack;
      this.random = random;
    }

    @Override
    public int run(Instantiator instantiator, Process process) {
      var instance = instantiator.begin();
      memory = instance.memory();
      attack.run(new Guest(instance, kind.imports(), impatience, expected, tally), random);
      return 0;
    }
  }
}
