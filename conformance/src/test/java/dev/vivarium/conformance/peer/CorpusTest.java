package dev.vivarium.conformance.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.peer.InterpretedGuest.OutOfFuelException;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.ValueType;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The functions of real guests do as we run them, taken apart and compiled, what they do whole in
 * Chicory's interpreter. Each is called in a new instance with arguments of a seed, and with a host
 * whose answers follow from what it is asked; then results, traps, calls of the host and all of the
 * memory are compared. A call that is not over after {@value #INSTRUCTIONS} instructions of the
 * interpreter is dropped.
 *
 * <p>By default a sample of some seconds is taken, large functions more often than others; {@code
 * -Dvivarium.corpus=all} takes every function, {@code -Dvivarium.corpus.seed=N} repeats a sample,
 * with {@code -Dvivarium.corpus.function=N} of one function alone.
 */
class CorpusTest {
  private static final boolean ALL = "all".equals(System.getProperty("vivarium.corpus"));
  private static final int SECONDS = Integer.getInteger("vivarium.corpus.seconds", 10);
  private static final int FUNCTION = Integer.getInteger("vivarium.corpus.function", -1);
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int INSTRUCTIONS = 100_000;

  /** Functions of so many instructions have to be taken apart, more or less. */
  private static final int LARGE = 1_000;

  private static final int CALLS = 2;
  private static final long STACK = 1L << 30;

  /** Of both, or one would go on where the other is refused more. */
  private static final long MEMORY = 1L << 28;

  private static final int[] ERRNOS = {0, 0, 8, 28, 52};

  /** What came of the calls. */
  private static final class Counts {
    int functions;
    int large;
    int returned;
    int trapped;
    int dropped;
    int noNumbers;

    synchronized void add(Counts more) {
      functions += more.functions;
      large += more.large;
      returned += more.returned;
      trapped += more.trapped;
      dropped += more.dropped;
      noNumbers += more.noNumbers;
    }

    @Override
    public String toString() {
      return functions
          + " functions compared, "
          + large
          + " of them large; of their calls "
          + returned
          + " returned, "
          + trapped
          + " trapped, "
          + dropped
          + " were dropped for lasting too long; "
          + noNumbers
          + " functions take something else than numbers";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "ruby"})
  void functionsOfAGuestDoWhatTheyDoWhole(String name) throws Exception {
    var cache = CacheDirectory.of(System.getenv());
    var runtime = LanguageRuntime.named(name).orElseThrow();
    var source = new RuntimeCache(cache, System.getenv()).module(runtime, Progress.NONE);
    var original = source.bytes();
    var whole = new InterpretedGuest(original, MEMORY);
    int first = whole.imports();
    var exported = ExportedFunctions.of(original, first, whole.functions());
    var ours =
        ChicoryEngine.withCache(cache.resolve("modules"))
            .load(WasmSource.of(name, exported, source.checkpoint()), Progress.NONE);
    long seed = Long.getLong("vivarium.corpus.seed", System.nanoTime() & 0xffff_ffffL);
    System.out.println("corpus: " + name + ", seed " + seed);

    var waiting = new ConcurrentLinkedQueue<>(order(whole, new Random(seed)));
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var counts = new Counts();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      Runnable work =
          () -> {
            var mine = new Counts();
            try {
              var interpreted = whole.another();
              var end = Instant.now().plus(Duration.ofSeconds(SECONDS));
              for (var function = waiting.poll();
                  function != null && failures.isEmpty() && (ALL || Instant.now().isBefore(end));
                  function = waiting.poll()) {
                compare(name, interpreted, ours, function, seed, mine);
              }
            } catch (Throwable e) {
              failures.add(e);
            } finally {
              counts.add(mine);
            }
          };
      var thread = new Thread(null, work, "corpus", STACK);
      threads.add(thread);
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
    System.out.println("corpus: " + name + ": " + counts);
    assertThat(failures).isEmpty();
    assertThat(counts.returned).as("calls that returned").isPositive();
    assertThat(counts.large).as("large functions").isPositive();
  }

  private static void compare(
      String name,
      InterpretedGuest whole,
      EngineBinding.Module ours,
      int function,
      long seed,
      Counts counts) {
    if (whole.params(function) == null) {
      counts.noNumbers++;
      return;
    }
    counts.functions++;
    counts.large += whole.size(function) >= LARGE ? 1 : 0;
    for (int call = 0; call < CALLS; call++) {
      compare(name, whole, ours, function, seed, call, counts);
    }
  }

  /** Large functions and any functions in turn, in any order. */
  private static List<Integer> order(InterpretedGuest guest, Random random) {
    if (FUNCTION >= 0) {
      return List.of(FUNCTION);
    }
    var functions =
        new ArrayList<>(IntStream.range(guest.imports(), guest.functions()).boxed().toList());
    Collections.shuffle(functions, random);
    var large = functions.stream().filter(function -> guest.size(function) >= LARGE).toList();
    var small = functions.stream().filter(function -> guest.size(function) < LARGE).toList();
    var order = new ArrayList<Integer>();
    for (int i = 0; i < Math.max(large.size(), small.size()); i++) {
      order.addAll(large.subList(Math.min(i, large.size()), Math.min(i + 1, large.size())));
      order.addAll(small.subList(Math.min(i, small.size()), Math.min(i + 1, small.size())));
    }
    return order;
  }

  private static void compare(
      String name,
      InterpretedGuest whole,
      EngineBinding.Module ours,
      int function,
      long seed,
      int call,
      Counts counts) {
    // Of its own seed, so that a function's calls are the same whatever was called before.
    var random = new Random(seed + 31L * function + call);
    var types = whole.params(function);
    var args = types.stream().mapToLong(type -> argument(type, random)).toArray();
    var what = name + " function " + function + " of " + Arrays.toString(args) + ", seed " + seed;

    var expectedLog = new ArrayList<String>();
    var memories = new ArrayList<byte[]>();
    String expected;
    try {
      var values =
          whole.call(
              function,
              args.clone(),
              INSTRUCTIONS,
              (row, given) -> host(row, given, expectedLog),
              memories);
      expected = text(whole.results(function), values);
      counts.returned++;
    } catch (OutOfFuelException e) {
      counts.dropped++;
      return;
    } catch (StackOverflowError e) {
      // The two need different stacks for the same recursion.
      counts.dropped++;
      return;
    } catch (RuntimeException | AssertionError e) {
      expected = "trap: " + InterpretedGuest.kind(e);
      counts.trapped++;
    }

    var log = new ArrayList<String>();
    var guest =
        ours.instantiate(
            ours.importedFunctions().stream()
                .map(
                    row ->
                        new HostImport(
                            row.module(),
                            row.name(),
                            row.signature(),
                            (caller, given) -> host(row.name(), given, log)))
                .toList(),
            MEMORY);
    var caller = Thread.currentThread();
    var late = CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS);
    var watch = CompletableFuture.runAsync(caller::interrupt, late);
    String actual;
    try {
      actual = text(whole.results(function), guest.call(ExportedFunctions.name(function), args));
    } catch (GuestTrap e) {
      actual = "trap: " + e.kind();
    } finally {
      watch.cancel(false);
    }
    assertThat(actual).as(what).isEqualTo(expected);
    assertThat(log).as(what).isEqualTo(expectedLog);
    var memory = new byte[(int) guest.memory().size()];
    guest.memory().read(0, memory, 0, memory.length);
    assertThat(Arrays.mismatch(memory, memories.get(0))).as(what + ": memory").isEqualTo(-1);
  }

  /** What a function may be given: often a small number or an address of the guest's data. */
  private static long argument(ValueType type, Random random) {
    int number =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(20) - 2;
          case 1 -> random.nextInt();
          default -> 1024 + 4 * random.nextInt(1 << 20);
        };
    return switch (type) {
      case I32, I64 -> number;
      case F32 -> Float.floatToRawIntBits(number / 8f);
      case F64 -> Double.doubleToRawLongBits(number / 8.0);
    };
  }

  private static long host(String name, long[] args, List<String> log) {
    // An i32 may have anything in its upper half.
    var call = name + Arrays.toString(Arrays.stream(args).mapToInt(arg -> (int) arg).toArray());
    log.add(call);
    return ERRNOS[Math.floorMod(call.hashCode(), ERRNOS.length)];
  }

  private static String text(List<ValueType> types, long[] values) {
    var text = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      text.append(
              switch (types.get(i)) {
                case I32 -> Integer.toString((int) values[i]);
                case I64 -> Long.toString(values[i]);
                case F32 -> Float.toString(Float.intBitsToFloat((int) values[i]));
                case F64 -> Double.toString(Double.longBitsToDouble(values[i]));
              })
          .append(' ');
    }
    return text.toString();
  }
}
