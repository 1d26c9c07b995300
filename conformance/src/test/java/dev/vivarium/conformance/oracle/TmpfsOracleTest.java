package dev.vivarium.conformance.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever processes do to a filesystem, ours answers as Linux's tmpfs does, and is the same
 * afterwards.
 *
 * <p>{@code -Dvivarium.oracle.operations=N} makes it longer, {@code -Dvivarium.oracle.seed=S}
 * another one. A sequence that differs is printed with its own seed.
 */
class TmpfsOracleTest {
  private static final long OPERATIONS = Long.getLong("vivarium.oracle.operations", 10_000);
  private static final long SEED = Long.getLong("vivarium.oracle.seed", 1);
  private static final int SEQUENCE = 150;
  private static final int MOST_REPORTS = 8;

  private static LinuxTmpfs linux;

  @BeforeAll
  static void start() throws Exception {
    linux = LinuxTmpfs.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (linux != null) {
      linux.close();
    }
  }

  @Test
  void everyCallAnswersAsOnTmpfsAndLeavesTheSameTree() throws Exception {
    System.out.printf(
        "compared with tmpfs: %,d operations from seed %d; %s%n",
        OPERATIONS, SEED, linux.settings());
    var protection = Protection.of(linux.settings());
    var oracle = new Oracle(linux);
    var reports = new ArrayList<String>();
    long done = 0;
    for (long seed = SEED; done < OPERATIONS && reports.size() < MOST_REPORTS; seed++) {
      var script = Generator.script(seed, SEQUENCE, protection);
      var difference = oracle.compare(script);
      if (difference != null) {
        reports.add("seed " + seed + ":\n" + oracle.shrink(difference));
      }
      done += script.operations().size();
    }
    assertThat(reports)
        .as(
            "%s%n%nWhat may differ:%n%s",
            String.join("\n\n", reports), AcceptedDifference.reasons())
        .isEmpty();
  }
}
