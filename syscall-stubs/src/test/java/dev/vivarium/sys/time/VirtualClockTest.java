package dev.vivarium.sys.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.sys.Poll;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
  private static final Instant START = Instant.parse("2001-02-03T04:05:06.000000007Z");

  @Test
  void standsStillWithoutATick() {
    var clock = new VirtualClock(START, 0);
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(clock.resolutionNanos()).isEqualTo(1);
  }

  @Test
  void eachReadingAddsATick() {
    var clock = new VirtualClock(START, 5);
    assertThat(clock.monotonicNanos()).isZero();
    assertThat(clock.monotonicNanos()).isEqualTo(5);
    assertThat(clock.resolutionNanos()).isEqualTo(5);
  }

  @Test
  void waitingMovesItOnAtOnce() throws Exception {
    var clock = new VirtualClock(START, 0);
    long aDay = 86_400_000_000_000L;
    assertThat(clock.await(new Waker(), aDay)).isFalse();
    assertThat(clock.instant()).isEqualTo(START.plusNanos(aDay));
    assertThat(Poll.await(clock, List.of(), aDay)).isEmpty();
    assertThat(clock.instant()).isEqualTo(START.plusNanos(2 * aDay));
  }

  @Test
  void aWaitForEverEndsAtTheEndOfTime() throws Exception {
    var clock = new VirtualClock(START, 1);
    for (int i = 0; i < 2; i++) {
      assertThat(clock.await(new Waker(), Long.MAX_VALUE)).isFalse();
      assertThat(clock.realtimeNanos()).isEqualTo(Long.MAX_VALUE);
      assertThat(clock.monotonicNanos()).isPositive();
    }
  }

  @Test
  void aWakeEndsAWaitWithoutMovingIt() throws Exception {
    var clock = new VirtualClock(START, 0);
    var waker = new Waker();
    waker.wake();
    assertThat(clock.await(waker, 1_000)).isTrue();
    assertThat(clock.instant()).isEqualTo(START);
  }

  @Test
  void cannotTickBackwards() {
    assertThatThrownBy(() -> new VirtualClock(START, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInstantBeforeTheEpochKeepsItsNanoseconds() {
    var before = Instant.parse("1969-12-31T23:59:59.999999999Z");
    assertThat(new VirtualClock(before, 0).instant()).isEqualTo(before);
  }
}
