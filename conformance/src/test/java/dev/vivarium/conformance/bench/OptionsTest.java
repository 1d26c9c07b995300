package dev.vivarium.conformance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final Suite COMPUTE = new ComputeSuite();

  @TempDir Path directory;

  private static Options parse(String... arguments) throws UsageException {
    return Options.parse(COMPUTE, List.of(arguments));
  }

  @Test
  void withoutFlagsEverythingIsMeasuredAtLength() throws Exception {
    var options = parse();

    assertThat(options.brief()).isFalse();
    assertThat(options.json()).isNull();
    assertThat(options.plot()).isNull();
    assertThat(options.hosts()).containsExactly(Host.values());
    assertThat(options.guests()).containsExactly(Guest.values());
    assertThat(options.command()).isEqualTo("conformance/bench compute");
  }

  @Test
  void eachFlagIsFollowed() throws Exception {
    var json = directory.resolve("a.json").toString();
    var plot = directory.resolve("a.svg").toString();

    var options =
        parse(
            "--short",
            "--json",
            json,
            "--plot",
            plot,
            "--only",
            "node,ours",
            "--guest",
            "ruby-3.4");

    assertThat(options.brief()).isTrue();
    assertThat(options.json()).hasToString(json);
    assertThat(options.plot()).hasToString(plot);
    assertThat(options.hosts()).containsExactly(Host.OURS, Host.NODE);
    assertThat(options.guests()).containsExactly(Guest.RUBY_3_4);
    assertThat(options.command())
        .endsWith(
            "compute --short --json "
                + json
                + " --plot "
                + plot
                + " --only node,ours --guest ruby-3.4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--shor | compute has no flag --shor; usage: conformance/bench compute [--short]",
        "more | compute has no flag more",
        "--json | --json needs a value",
        "--only ours,theirs | --only knows no \"theirs\"; there are ours, chicory, node",
        "--guest perl | --guest knows no \"perl\"; there are python-3.12, python-3.11, ruby-3.4",
        "--guest  | --guest needs a value",
        "--json /absent/a.json | --json /absent/a.json: no directory /absent",
        "--plot / | --plot /: is a directory"
      })
  void whatIsWrongIsSaidInALine(String arguments, String message) {
    assertThatThrownBy(() -> parse(arguments.strip().split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFileThatIsThereMayBeReplaced() throws Exception {
    var file = Files.createFile(directory.resolve("old.json"));

    assertThat(parse("--json", file.toString()).json()).isEqualTo(file);
  }

  @Test
  void aFlagOfAnotherSuiteIsRefused() {
    var snapshot = new JmhSuite("snapshot", SnapshotBenchmark.class);

    assertThatThrownBy(() -> Options.parse(snapshot, List.of("--plot", "a.svg")))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "snapshot has no flag --plot;"
                + " usage: conformance/bench snapshot [--short] [--json FILE]");
  }

  @Test
  void anUnknownSuiteIsRefusedWithThoseThatThereAre() {
    var suites = "; there are compute, boot, imports, limits, snapshot, fs, pack";

    assertThatThrownBy(() -> Bench.run(List.of("speed")))
        .isInstanceOf(UsageException.class)
        .hasMessage("no suite is named speed" + suites);
    assertThatThrownBy(() -> Bench.run(List.of()))
        .isInstanceOf(UsageException.class)
        .hasMessage("name a suite" + suites);
  }
}
