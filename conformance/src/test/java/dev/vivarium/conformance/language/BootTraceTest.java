package dev.vivarium.conformance.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The interpreters start with the calls that they have always started with, and none of them fails
 * that did not. What they called is in {@code python.calls} and {@code ruby.calls}: from the traces
 * of the first version that ran both, of the same command lines.
 */
@Timeout(600)
class BootTraceTest {

  @Test
  void pythonLosesNoCallAndGainsNoError() throws Exception {
    assertCalls(Guest.python("-c", "import math; print(math.sqrt(2))"), "python.calls");
  }

  @Test
  void rubyLosesNoCallAndGainsNoError() throws Exception {
    assertCalls(Guest.ruby("-e", "puts Math.sqrt(2)"), "ruby.calls");
  }

  private static void assertCalls(Guest guest, String first) throws Exception {
    var trace = Collections.synchronizedList(new ArrayList<String>());
    assertThat(guest.traced(trace::add).run().status()).isZero();
    var now = BootCalls.of(trace);
    var then = BootCalls.parse(Scripts.read(first).lines().toList());
    assertThat(then.without(now).toString()).as("calls that are lost").isEmpty();
    assertThat(now.failed().without(then).toString()).as("errors that are new").isEmpty();
  }

  @Test
  void whatIsLostOrNewIsFound() {
    var then =
        BootCalls.of(
            List.of(
                "path_open(3, 0, \"a\") = 0 (fd 4)",
                "path_open(3, 0, \"a\") = 0 (fd 5)",
                "path_readlink(3, \"b \\\"c\\\"\", 0x10, 9) = ENOENT",
                "fd_write(1, \"x\") = 0 (1)"));
    var now =
        BootCalls.of(
            List.of(
                "path_open(3, 0, \"a\") = 0 (fd 4)",
                "fd_write(1, \"y\") = 0 (1)",
                "path_open(3, 0, \"z\") = EACCES"));
    assertThat(then.without(now))
        .hasToString("1 path_open \"a\" = 0\n1 path_readlink \"b \\\"c\\\"\" = ENOENT\n");
    assertThat(now.failed().without(then)).hasToString("1 path_open \"z\" = EACCES\n");
    var text = then.toString().lines().toList();
    assertThat(BootCalls.parse(text)).hasToString(then.toString());
  }
}
