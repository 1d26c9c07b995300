package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.OUT2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;

class ArgCallsTest {
  private final TestGuest guest = new TestGuest();

  @Test
  void argumentsAreNulTerminatedInOneBlock() {
    guest.ok("args_sizes_get", OUT, OUT2);
    assertThat(guest.u32(OUT)).isEqualTo(3);
    assertThat(guest.u32(OUT2)).isEqualTo("prog\0-x\0\0".length());

    guest.ok("args_get", OUT, DATA);
    assertThat(guest.memory.text(DATA, 9)).isEqualTo("prog\0-x\0\0");
    assertThat(guest.u32(OUT)).isEqualTo(DATA);
    assertThat(guest.u32(OUT + 4)).isEqualTo(DATA + 5);
    assertThat(guest.u32(OUT + 8)).isEqualTo(DATA + 8);
  }

  @Test
  void theEnvironmentIsLaidOutAlike() {
    guest.ok("environ_sizes_get", OUT, OUT2);
    assertThat(guest.u32(OUT)).isEqualTo(2);
    assertThat(guest.u32(OUT2)).isEqualTo("HOME=/root\0LANG=C.UTF-8\0".length());

    guest.ok("environ_get", OUT, DATA);
    assertThat(guest.memory.text(guest.u32(OUT + 4), 13)).isEqualTo("LANG=C.UTF-8\0");
  }

  @Test
  void aBlockThatDoesNotFitLeavesEverythingAsItWas() {
    int end = (int) guest.memory.size();
    assertThat(guest.call("args_get", OUT, end - 8)).isEqualTo(Errno.EFAULT);
    assertThat(guest.call("args_get", end - 8, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.u32(OUT)).isZero();
    assertThat(guest.u64(end - 8)).isZero();
  }
}
