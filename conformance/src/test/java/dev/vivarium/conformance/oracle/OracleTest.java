package dev.vivarium.conformance.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That a difference is found, made small and told. Needs no Linux: the other side is ours, too. */
class OracleTest {
  private static final long SEED = 5;

  /** Ours, but for a mistake: there is no room for a second link. */
  private static Answers mistaken(Script script) throws ErrnoException {
    var answers = World.run(script, Duration.ZERO);
    int links = 0;
    for (int i = 0; i < answers.operations().size(); i++) {
      boolean link = answers.operations().get(i).call() == Call.LINKAT;
      if (link && answers.results().get(i).equals("0") && ++links == 2) {
        answers.results().set(i, "EMLINK");
      }
    }
    return answers;
  }

  private static Script scriptWithTwoLinks() throws ErrnoException {
    for (long seed = SEED; ; seed++) {
      var script = Generator.script(seed, 400, Protection.OURS);
      var answers = World.run(script, Duration.ZERO);
      long links = 0;
      for (int i = 0; i < answers.operations().size(); i++) {
        boolean link = answers.operations().get(i).call() == Call.LINKAT;
        links += link && answers.results().get(i).equals("0") ? 1 : 0;
      }
      if (links >= 2) {
        return script;
      }
    }
  }

  @Test
  void whatDiffersIsShrunkToWhatItTakes() throws Exception {
    var oracle = new Oracle(OracleTest::mistaken);
    var small = oracle.shrink(oracle.compare(scriptWithTwoLinks()));
    var operations = small.script().operations();
    assertThat(operations).filteredOn(each -> each.call() == Call.LINKAT).hasSize(2);
    for (int i = 0; i < operations.size(); i++) {
      List<Operation> fewer = new ArrayList<>(operations);
      fewer.remove(i);
      assertThat(oracle.compare(small.script().with(fewer))).as("without %d", i).isNull();
    }
    assertThat(small.toString())
        .contains("process 0", operations.get(0).toString(), "ours:  0", "Linux: EMLINK");
  }

  @Test
  void theSameSideDoesNotDiffer() throws Exception {
    var oracle = new Oracle(script -> World.run(script, Duration.ZERO));
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(oracle.compare(Generator.script(seed, 100, Protection.OURS))).isNull();
    }
  }

  @Test
  void aSeedAlwaysMakesTheSameScript() throws Exception {
    assertThat(Generator.script(SEED, 200, Protection.OURS))
        .isEqualTo(Generator.script(SEED, 200, Protection.OURS))
        .isNotEqualTo(Generator.script(SEED + 1, 200, Protection.OURS));
  }

  @Test
  void everyCallIsGeneratedAndSucceedsSometimes() throws ErrnoException {
    var succeeded = new TreeSet<Call>();
    for (long seed = 1; seed <= 200; seed++) {
      var answers = World.run(Generator.script(seed, 150, Protection.OURS), Duration.ZERO);
      for (int i = 0; i < answers.operations().size(); i++) {
        if (!answers.results().get(i).matches("E[A-Z0-9]+")) {
          succeeded.add(answers.operations().get(i).call());
        }
      }
    }
    assertThat(succeeded).containsExactly(Call.values());
  }

  @Test
  void namesSurviveTheirText() {
    var all = new byte[255];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i + 1);
    }
    var long255 = new byte[255];
    Arrays.fill(long255, (byte) 'n');
    for (var name : List.of(all, long255, new byte[0], new byte[] {'%', '"', ' '})) {
      assertThat(new Arguments(Text.quote(name)).string()).isEqualTo(name);
    }
    assertThat(Text.quote(long255)).isEqualTo("\"%x6e,255;\"");
  }

  @Test
  void inodesAndTimesAreComparableWhateverTheirNumbers() throws IOException {
    var tick = new Operation(0, Call.TICK, "");
    var stat = new Operation(0, Call.FSTAT, "0");
    var answers = new Answers(List.of(stat, tick, stat, stat), 1_000);
    answers.addResult(stat, "f ino=1:77 atime=5 mtime=1000");
    answers.addResult(tick, "2000");
    answers.addResult(stat, "f ino=1:78 atime=1999 mtime=2000");
    answers.addResult(stat, "f ino=1:77 atime=4000000000000000000 mtime=2001");
    assertThat(answers.results())
        .containsExactly(
            "f ino=#1 atime=5 mtime=tick0",
            "0",
            "f ino=#2 atime=tick0 mtime=tick1",
            "f ino=#1 atime=4000000000000000000 mtime=tick1");
  }
}
