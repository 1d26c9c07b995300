package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.sys.Signal;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcCallsTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void exitEndsTheProcessWithAll32Bits() {
    assertThatThrownBy(() -> guest.raw(TestGuest.PREVIEW1, "proc_exit", 0x1_0007))
        .isInstanceOfSatisfying(
            ProcessExit.class, exit -> assertThat(exit.code()).isEqualTo(0x1_0007));
  }

  @ParameterizedTest
  @CsvSource({"2, INT", "6, ABRT", "9, KILL", "15, TERM", "23, XCPU", "24, XFSZ", "30, SYS"})
  void raisedSignalsHaveTheNumbersOfPreview1(int number, Signal signal) {
    assertThatThrownBy(() -> guest.call("proc_raise", number))
        .isInstanceOfSatisfying(
            ProcessExit.class, exit -> assertThat(exit.signal()).isEqualTo(signal));
  }

  @Test
  void ignoredSignalsAreFineAndWhatStopsIsRefused() {
    guest.ok("proc_raise", 0).ok("proc_raise", 16);
    assertThat(guest.call("proc_raise", 18)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(guest.call("proc_raise", 31)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("proc_raise", -1)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void yieldingSucceeds() {
    guest.ok("sched_yield");
  }

  @Test
  void randomBytesFillTheWholeBufferAndNoMore() {
    int length = 150_000;
    guest.ok("random_get", DATA, length);
    byte[] bytes = guest.memory.copy(DATA, length + 8);
    for (int block = 0; block < length; block += 1_000) {
      int sum = 0;
      for (int i = block; i < block + 1_000; i++) {
        sum |= bytes[i];
      }
      assertThat(sum).as("block at %d", block).isNotZero();
    }
    assertThat(guest.u64(DATA + length)).isZero();
    guest.ok("random_get", DATA, 0);
    assertThat(guest.call("random_get", (int) guest.memory.size() - 4, 8)).isEqualTo(Errno.EFAULT);
  }

  @Test
  void randomnessComesFromTheKernelOnly() {
    guest.ok("random_get", DATA, 32);
    var again = new TestGuest();
    again.ok("random_get", DATA, 32);
    assertThat(again.memory.copy(DATA, 32)).isEqualTo(guest.memory.copy(DATA, 32));
  }

  @Test
  void aLongFillCanBeInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> guest.call("random_get", DATA, 200_000)).isInstanceOf(GuestTrap.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
