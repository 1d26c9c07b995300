package dev.vivarium.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.code.CodeExecutionEngine;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SandboxedPythonTest {
  private static CodeExecutionEngine engine;
  private static CodeExecutionEngine impatient;

  @BeforeAll
  static void load() throws Exception {
    engine = SandboxedPython.load(Duration.ofSeconds(60));
    impatient = SandboxedPython.load(Duration.ofSeconds(3));
  }

  @Test
  void theModelReadsWhatItsCodePrinted() {
    assertThat(engine.execute("import statistics; print(statistics.median([1, 5, 2]))"))
        .isEqualTo("2\n");
  }

  @Test
  void theModelReadsWhatIsWrongWithItsCode() {
    assertThat(engine.execute("print('before'); undefined"))
        .startsWith("before\n")
        .contains("NameError")
        .endsWith("exit status 1\n");
  }

  @Test
  void theModelReadsThatThereWasMoreOutput() {
    assertThat(engine.execute("print('x' * 1_000_000)"))
        .endsWith("x\n(the rest of the output is cut off)\n");
    assertThat(engine.execute("raise SystemExit('x' * 1_000_000)"))
        .endsWith("x\n(the rest of the output is cut off)\nexit status 1\n");
  }

  @Test
  void theModelReadsThatItsCodeDidNotEnd() {
    assertThat(impatient.execute("while True: pass"))
        .isEqualTo("still running after 3.0 s\nexit status 124\n");
  }

  @Test
  void theModelReadsWhichFilesItsCodeWrote() {
    assertThat(engine.execute("open('plot.svg', 'w').write('<svg/>')"))
        .isEqualTo("wrote /work/plot.svg\n");
  }
}
