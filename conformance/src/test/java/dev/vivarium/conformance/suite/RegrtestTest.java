package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of what regrtest leaves. */
class RegrtestTest {
  @TempDir Path directory;

  private ModuleResult result(int status, String message, String output, String tests)
      throws Exception {
    var said = Files.writeString(directory.resolve("output"), output);
    var list = Files.writeString(directory.resolve("results.xml"), "<r>" + tests + "</r>");
    return Regrtest.result("test_a", status, message, 2, said, list);
  }

  @Test
  void status0IsAPass() throws Exception {
    var result = result(0, "", "All OK", "<testcase name='a'/>");

    assertThat(result.end()).isEqualTo(End.PASSED);
    assertThat(result.tests()).hasSize(1);
    assertThat(result.detail()).isEmpty();
  }

  @Test
  void aModuleThatSkipsItselfSaysWhy() throws Exception {
    var result = result(0, "", "== x\ntest_a skipped -- No module named '_ssl'\n", "");

    assertThat(result.end()).isEqualTo(End.SKIPPED);
    assertThat(result.detail()).isEqualTo("test_a skipped -- No module named '_ssl'");
  }

  @Test
  void status2IsAFailure() throws Exception {
    var tests = "<testcase name='a'><failure/></testcase>";

    assertThat(result(2, "", "", tests).end()).isEqualTo(End.FAILED);
    assertThat(result(2, "", "", tests).detail()).isEmpty();
  }

  @Test
  void aFailureOutsideOfAnyTestSaysWhatItKnows() throws Exception {
    var said = "Traceback\n  at 1\nRuntimeError: no\n";

    assertThat(result(2, "", said, "<testcase name='a'/>").detail()).isEqualTo("RuntimeError: no");
    assertThat(result(2, "", "", "").detail()).isEqualTo("failed outside of any test");
  }

  @Test
  void anotherStatusIsACrashWithTheLastThatWasSaid() throws Exception {
    assertThat(result(1, "", "one\ntwo\n\n", "").detail()).isEqualTo("status 1; two");
    assertThat(result(134, "out of bounds", "", "").detail()).isEqualTo("out of bounds");
    assertThat(result(134, "out of bounds", "", "").end()).isEqualTo(End.CRASHED);
  }
}
