package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockCallsTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void theWallClockCountsFromTheEpochAndTheMonotonicFromTheStart() {
    guest.ok("clock_time_get", 0, 0L, OUT);
    assertThat(guest.u64(OUT)).isEqualTo(1_700_000_000_000_000_000L);
    guest.ok("clock_time_get", 1, 0L, OUT);
    assertThat(guest.u64(OUT)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyClockHasAResolution(int clock) {
    guest.ok("clock_res_get", clock, OUT);
    assertThat(guest.u64(OUT)).isPositive();
    guest.ok("clock_time_get", clock, 0L, OUT);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, -1})
  void anotherClockIsInvalid(int clock) {
    assertThat(guest.call("clock_res_get", clock, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("clock_time_get", clock, 0L, OUT)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void noGuestSetsTheTime() {
    var wasix = TestGuest.wasix();
    assertThat(wasix.call("clock_time_set", 0, 0L)).isEqualTo(Errno.EPERM);
    assertThat(wasix.call("clock_time_set", 1, 0L)).isEqualTo(Errno.EINVAL);
  }
}
