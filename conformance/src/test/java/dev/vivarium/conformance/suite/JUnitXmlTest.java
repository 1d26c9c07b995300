package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** The lists that test runners leave. */
class JUnitXmlTest {
  private static SortedMap<String, Verdict> read(String xml) throws IOException {
    return JUnitXml.read(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }

  @Test
  void eachTestHasItsVerdict() throws Exception {
    assertThat(
            read(
                """
                <testsuites><testsuite tests="4">
                <testcase name="a" time="0.1" />
                <testcase name="b"><skipped>not here</skipped></testcase>
                <testcase name="c"><failure type="AssertionError">1 != 2</failure></testcase>
                <testcase name="d"><error /><system-out>failure</system-out></testcase>
                </testsuite></testsuites>
                """))
        .containsExactly(
            entry("a", Verdict.PASSED),
            entry("b", Verdict.SKIPPED),
            entry("c", Verdict.FAILED),
            entry("d", Verdict.ERROR));
  }

  @Test
  void theWorstOfATestsPartsCounts() throws Exception {
    var parts = "<testcase name='a'/><testcase name='a'><failure/></testcase><testcase name='a'/>";

    assertThat(read("<r>" + parts + "</r>")).containsExactly(entry("a", Verdict.FAILED));
  }

  @Test
  void aListCutOffIsRefused() {
    assertThatThrownBy(() -> read("<testsuites><testcase name='a'/>"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void entitiesOfTheGuestsAreNotFollowed() {
    var xml = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>";

    assertThatThrownBy(() -> read(xml)).isInstanceOf(IOException.class);
  }
}
