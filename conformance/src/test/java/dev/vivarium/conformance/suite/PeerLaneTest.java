package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A crash of a peer's may have been chance. */
class PeerLaneTest {
  private static End run(Queue<End> ends) throws Exception {
    Lane peer =
        new Lane() {
          @Override
          public ModuleResult run(String module) {
            return new ModuleResult(module, ends.remove(), 1, new TreeMap<>(), "");
          }

          @Override
          public void close() {}
        };
    try (var lane = new PeerLane(peer)) {
      return lane.run("test_a").end();
    }
  }

  @Test
  void whatCrashesIsRunUpToThreeTimesMore() throws Exception {
    var recovering = new ArrayDeque<>(List.of(End.CRASHED, End.CRASHED, End.CRASHED, End.PASSED));
    assertThat(run(recovering)).isEqualTo(End.PASSED);

    var crashing = new ArrayDeque<>(List.of(End.CRASHED, End.CRASHED, End.CRASHED, End.CRASHED));
    assertThat(run(crashing)).isEqualTo(End.CRASHED);
    assertThat(crashing).isEmpty();
  }

  @Test
  void anyOtherEndIsTheResult() throws Exception {
    for (var end : List.of(End.PASSED, End.FAILED, End.SKIPPED, End.TIMED_OUT)) {
      var ends = new ArrayDeque<>(List.of(end, End.PASSED));
      assertThat(run(ends)).isEqualTo(end);
      assertThat(ends).hasSize(1);
    }
  }
}
