package dev.vivarium.engine.chicory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.generate.Choices;
import dev.vivarium.engine.generate.GeneratedModule;
import dev.vivarium.engine.generate.Shrinker;
import dev.vivarium.engine.split.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A guest does what its module says: whatever the splitter, the compiler, the tuner and the memory
 * make of a generated module gives what the engine's interpreter gives for the whole of it.
 *
 * <p>{@code -Dvivarium.equivalence.seconds=3600} takes longer, {@code
 * -Dvivarium.equivalence.seed=N} begins with a seed that a failure has named.
 */
class EquivalenceTest {
  private static final int SECONDS = Integer.getInteger("vivarium.equivalence.seconds", 12);
  private static final Duration SHRINKING = Duration.ofSeconds(60);
  private static final Path FAILURES = Path.of("target", "equivalence");

  /** From those by which all is taken apart to those that guests are run with. */
  private static final List<Limits> LIMITS =
      List.of(
          new Limits(1, 1, 1),
          new Limits(40, 40, 40),
          new Limits(250, 250, 250),
          new Limits(1_000, 600, 2_000));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void guestsOfKnownSeedsDoWhatTheInterpreterDoes(long seed) throws Exception {
    compare(seed);
  }

  @Test
  void guestsOfFreshSeedsDoWhatTheInterpreterDoes() throws Exception {
    long first = Long.getLong("vivarium.equivalence.seed", System.nanoTime() & 0xffff_ffffL);
    System.out.println("equivalence: first seed " + first);
    var end = Instant.now().plusSeconds(SECONDS);
    long seed = first;
    while (seed == first || Instant.now().isBefore(end)) {
      compare(seed++);
    }
    System.out.println("equivalence: " + (seed - first) + " modules compared");
  }

  private static void compare(long seed) throws Exception {
    var choices = Choices.of(seed);
    var module = new GeneratedModule(choices);
    var limits = LIMITS.get(Math.floorMod(seed, LIMITS.size()));
    var whole = GeneratedRun.interpreted(module);
    for (var each : List.of(limits, Limits.HOTSPOT)) {
      if (!GeneratedRun.ours(module, each).equals(whole)) {
        report(seed, choices, each);
      }
    }
  }

  /** Fails, with the smallest module that fails alike. */
  private static void report(long seed, Choices choices, Limits limits) throws Exception {
    var script = Shrinker.shrink(choices.taken(), less -> differs(less, limits), SHRINKING);
    var module = new GeneratedModule(Choices.of(script));
    Files.createDirectories(FAILURES);
    var file = FAILURES.resolve("seed-" + seed + ".wasm");
    Files.write(file, module.bytes());
    var ours = GeneratedRun.ours(module, limits);
    var whole = GeneratedRun.interpreted(module);
    int first = 0;
    while (first < Math.min(ours.size(), whole.size())
        && ours.get(first).equals(whole.get(first))) {
      first++;
    }
    assertThat(rest(ours, first))
        .as("seed %d, %s, observation %d; a small module is in %s", seed, limits, first, file)
        .isEqualTo(rest(whole, first));
    throw new AssertionError("seed " + seed + " fails, but not each time; " + limits);
  }

  private static List<String> rest(List<String> seen, int from) {
    return seen.subList(from, Math.min(seen.size(), from + 4));
  }

  private static boolean differs(int[] script, Limits limits) {
    try {
      var module = new GeneratedModule(Choices.of(script));
      return !GeneratedRun.ours(module, limits).equals(GeneratedRun.interpreted(module));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
