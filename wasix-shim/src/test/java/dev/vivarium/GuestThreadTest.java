package dev.vivarium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuestThreadTest {
  private static GuestThread.End end(Error thrown) throws InterruptedException {
    var ends = new ArrayList<GuestThread.End>();
    var thread = new GuestThread(1 << 20, null, () -> false);
    thread.run(
        watch -> {
          throw thrown;
        },
        end -> {
          ends.add(end);
          return null;
        });
    return ends.get(0);
  }

  /** The JVM may say it when the call that has read the file is over. */
  @Test
  void aMappedFileThatWasCutEndsTheGuestAndNotTheHost() throws Exception {
    var end = end(new InternalError("a fault occurred in an unsafe memory access operation"));
    assertThat(end.reason()).isEqualTo(Outcome.Reason.TRAPPED);
    assertThat(end.message()).contains("cut while it was mapped");
  }

  @Test
  void anotherErrorOfTheJvmIsTheHosts() {
    var error = new InternalError("another");
    assertThatThrownBy(() -> end(error)).isInstanceOf(IllegalStateException.class).hasCause(error);
  }
}
