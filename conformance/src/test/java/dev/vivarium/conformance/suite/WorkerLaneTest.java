package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lane, with a shell in the place of its worker; the seconds count the modules of one worker. */
@Timeout(60)
class WorkerLaneTest {
  private static final String WORKER =
      """
      echo ready
      served=0
      while read -r directory arguments; do
        served=$((served + 1))
        case ${arguments##* } in
          test_dies) echo "out of memory" >&2; exit 3 ;;
          test_stuck) echo "STUCK 1 $served " ;;
          test_slow) echo "TIMED_OUT 124 $served past its deadline" ;;
          test_trap) : > "$directory/output"; echo "ENDED 134 $served unreachable executed" ;;
          *) : > "$directory/output"; echo "ENDED 0 $served " ;;
        esac
      done
      """;

  private final Lane lane =
      new WorkerLane(
          new PythonGuest(Path.of("nowhere")), List.of("sh", "-c", WORKER), Duration.ofSeconds(30));

  private void assertThatIt(String module, End end, double served, String detail) throws Exception {
    var result = lane.run(module);
    assertThat(result.module()).isEqualTo(module);
    assertThat(result.end()).isEqualTo(end);
    assertThat(result.detail()).isEqualTo(detail);
    if (served > 0) {
      assertThat(result.seconds()).isEqualTo(served);
    }
  }

  @Test
  void oneWorkerServesManyModulesWhateverBecomesOfTheGuests() throws Exception {
    try (lane) {
      assertThatIt("test_first", End.PASSED, 1, "");
      assertThatIt("test_slow", End.TIMED_OUT, 2, "past its deadline");
      assertThatIt("test_trap", End.CRASHED, 3, "unreachable executed");
      assertThatIt("test_last", End.PASSED, 4, "");
    }
  }

  @Test
  void aWorkerThatCannotEndItsGuestIsReplaced() throws Exception {
    try (lane) {
      assertThatIt("test_first", End.PASSED, 1, "");
      assertThatIt("test_stuck", End.TIMED_OUT, 2, "");
      assertThatIt("test_last", End.PASSED, 1, "");
    }
  }

  @Test
  void aWorkerThatDiesCostsOneModule() throws Exception {
    try (lane) {
      assertThatIt("test_dies", End.CRASHED, 0, "the host: status 3, out of memory");
      assertThatIt("test_last", End.PASSED, 1, "");
    }
  }
}
