package dev.vivarium.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.sys.time.SystemClock;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollTest {
  @Test
  void aSourceIsWatchedOnceHoweverManyTargetsItHas() throws Exception {
    List<Waker> watching = new ArrayList<>();
    List<Waker> watched = new ArrayList<>();
    var source =
        new Readiness() {
          @Override
          public int events() {
            return watched.isEmpty() ? 0 : READABLE;
          }

          @Override
          public void watch(Waker waker) {
            watching.add(waker);
            watched.add(waker);
          }

          @Override
          public void unwatch(Waker waker) {
            watching.remove(waker);
          }
        };
    var targets = Collections.nCopies(1000, new Poll.Target(source, Readiness.READABLE));
    assertThat(Poll.await(new SystemClock(), targets, -1)).containsOnly(Readiness.READABLE);
    assertThat(watched).hasSize(1);
    assertThat(watching).isEmpty();
  }
}
