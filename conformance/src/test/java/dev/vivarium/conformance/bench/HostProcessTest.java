package dev.vivarium.conformance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes and what is made of them, with shells in the place of hosts. */
@Timeout(60)
class HostProcessTest {
  /** Answers as a guest does, and counts in a file how often it has been started. */
  private static final String GUEST =
      """
      echo started >> starts
      while read row count; do
        i=0
        while [ $i -lt $count ]; do echo "0.5 42"; i=$((i + 1)); done
      done
      """;

  private static final Warmup WARMUP = new Warmup(1, 2);

  @TempDir Path directory;

  private List<String> shell(String script) {
    return List.of("sh", "-c", "cd " + directory + "\n" + script);
  }

  private long starts() throws Exception {
    return Files.readAllLines(directory.resolve("starts")).size();
  }

  @Test
  void aCrashNamesTheStatusAndTheLastThatWasSaid() throws Exception {
    try (var process = HostProcess.start(shell("echo out; echo one >&2; echo two >&2; exit 3"))) {
      assertThat(process.line()).isEqualTo("out");
      assertThatThrownBy(process::line).isInstanceOf(HostCrash.class).hasMessage("status 3, two");
    }
  }

  @Test
  void aSignalIsNamedAsOne() throws Exception {
    try (var process = HostProcess.start(shell("kill -ABRT $$"))) {
      assertThatThrownBy(process::finish).isInstanceOf(HostCrash.class).hasMessage("signal 6");
    }
  }

  @Test
  void optionsInTheEnvironmentDoNotReachAHost() throws Exception {
    try (var process = HostProcess.start(shell("echo \"<$NODE_OPTIONS$JAVA_TOOL_OPTIONS>\""))) {
      assertThat(process.finish()).containsExactly("<>");
    }
  }

  @Test
  void allRowsOfASessionAreDoneByOneProcess() throws Exception {
    try (var session = new ComputeSession(shell(GUEST), WARMUP, new Answers())) {
      for (var row : List.of("a", "b", "a")) {
        session.measure(row);
      }

      assertThat(session.cell("a")).isEqualTo(new Cell.Measured(List.of(0.5, 0.5), false));
      assertThat(starts()).isEqualTo(1);
    }
  }

  @Test
  void aRowThatAlwaysCrashesIsTriedFourTimesAndTheOthersAreMeasured() throws Exception {
    var crashing = GUEST.replace("i=0", "i=0; [ $row != bad ] || { echo why >&2; exit 9; }");
    try (var session = new ComputeSession(shell(crashing), WARMUP, new Answers())) {
      session.warmUp("bad");
      session.measure("bad");
      assertThat(starts()).isEqualTo(4);

      session.measure("good");

      assertThat(session.cell("bad")).isEqualTo(new Cell.Crash("status 9, why"));
      assertThat(session.cell("good")).isInstanceOf(Cell.Measured.class);
      assertThat(starts()).isEqualTo(5);
    }
  }

  @Test
  void aCrashThatDoesNotComeBackIsForgiven() throws Exception {
    var once = GUEST.replace("i=0", "i=0; [ -e crashed ] || { : > crashed; exit 9; }");
    try (var session = new ComputeSession(shell(once), WARMUP, new Answers())) {
      session.measure("a");

      assertThat(session.cell("a")).isInstanceOf(Cell.Measured.class);
      assertThat(starts()).isEqualTo(2);
    }
  }

  @Test
  void anotherResultThanElsewhereIsACrash() throws Exception {
    var answers = new Answers();
    assertThat(answers.seconds("a", "0.25 41")).isEqualTo(0.25);
    assertThat(answers.seconds("a", "0.5 41")).isEqualTo(0.5);

    try (var session = new ComputeSession(shell(GUEST), WARMUP, answers)) {
      session.measure("a");

      assertThat(session.cell("a")).isEqualTo(new Cell.Crash("its result is 42, elsewhere 41"));
    }
  }

  @Test
  void whatIsNoTimeIsACrash() {
    var answers = new Answers();

    assertThatThrownBy(() -> answers.seconds("a", "Traceback"))
        .isInstanceOf(HostCrash.class)
        .hasMessage("it says: Traceback");
    assertThatThrownBy(() -> answers.seconds("a", "soon 42"))
        .isInstanceOf(HostCrash.class)
        .hasMessage("it says: soon 42");
  }

  @Test
  void theSecondAndTheThirdInstanceAreMeasuredAndTheFirstIsNot() throws Exception {
    var instances = "echo hi; echo instance 9; echo hi; echo instance 2; echo hi; echo instance 3";
    var starts = new Starts(shell("echo hi"), shell(instances), "hi");

    starts.rehearse();
    starts.measure();

    assertThat(starts.cell(Starts.SECOND)).isEqualTo(new Cell.Measured(List.of(2.0), true));
    assertThat(starts.cell(Starts.THIRD)).isEqualTo(new Cell.Measured(List.of(3.0), true));
    assertThat(((Cell.Measured) starts.cell(Starts.COLD)).seconds()).hasSize(1);
  }

  @Test
  void aProgramThatDoesNotPrintWhatItShouldIsACrash() throws Exception {
    var starts = new Starts(shell("echo ho"), shell("echo hi"), "hi");

    starts.measure();

    assertThat(starts.cell(Starts.COLD)).isEqualTo(new Cell.Crash("its output is [ho]"));
    assertThat(starts.cell(Starts.SECOND)).isEqualTo(new Cell.Crash("its output is [hi]"));
    assertThat(starts.cell(Starts.THIRD)).isEqualTo(new Cell.Crash("its output is [hi]"));
  }
}
