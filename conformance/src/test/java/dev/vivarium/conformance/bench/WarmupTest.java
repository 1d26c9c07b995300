package dev.vivarium.conformance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private static final List<Double> FALLING =
      IntStream.range(0, 20).mapToObj(i -> 1.0 / (i + 1)).toList();
  private static final List<Double> NOISY =
      IntStream.range(0, 20).mapToObj(i -> i % 3 == 0 ? 0.11 : 0.1).toList();

  @Test
  void fallingTimesAreNotSettledAndNoisyOnesAre() {
    assertThat(Warmup.settled(FALLING)).isFalse();
    assertThat(Warmup.settled(NOISY)).isTrue();
  }

  @Test
  void tooFewTimesAreNotSettled() {
    assertThat(Warmup.settled(NOISY.subList(0, 15))).isFalse();
    assertThat(Warmup.settled(NOISY.subList(0, 16))).isTrue();
  }

  @Test
  void oneSlowRunAmongOthersDoesNotCountAsFalling() {
    var times = DoubleStream.concat(DoubleStream.of(9), DoubleStream.generate(() -> 1).limit(15));

    assertThat(Warmup.settled(times.boxed().toList())).isTrue();
  }

  @Test
  void settledTimesEndItButNotBeforeTheLeastTime() {
    assertThat(new Warmup(1, 100).needsMore(NOISY)).isFalse();
    assertThat(new Warmup(3, 100).needsMore(NOISY)).isTrue();
  }

  @Test
  void patienceEndsItAlthoughTimesFall() {
    assertThat(new Warmup(1, 100).needsMore(FALLING)).isTrue();
    assertThat(new Warmup(1, 3).needsMore(FALLING)).isFalse();
    assertThat(new Warmup(1, 3).needsMore(Collections.nCopies(1, 4.0))).isFalse();
  }
}
