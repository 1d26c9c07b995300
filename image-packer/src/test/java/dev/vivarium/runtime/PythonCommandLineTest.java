package dev.vivarium.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonCommandLineTest {

  /** Indices as CPython's own getopt would leave them. */
  @ParameterizedTest
  @CsvSource({
    "'',                                     -1, true",
    "script.py,                               0, true",
    "script.py -I,                            0, true",
    "-u script.py,                            1, true",
    "-uB script.py a,                         1, true",
    "-c pass script.py,                      -1, true",
    "-cpass script.py,                       -1, true",
    "-m http.server,                         -1, true",
    "-Bm http.server,                        -1, true",
    "-W error script.py,                      2, true",
    "-Werror script.py,                       1, true",
    "-BW error script.py,                     2, true",
    "-X utf8 -W ignore s.py,                  4, true",
    "-Xutf8 s.py,                             1, true",
    "-,                                      -1, true",
    "- s.py,                                 -1, true",
    "-- -s.py,                                1, true",
    "--,                                     -1, true",
    "-- -,                                   -1, true",
    "--check-hash-based-pycs always s.py,     2, true",
    "--version s.py,                          1, true",
    "-I s.py,                                 1, false",
    "-uE s.py,                                1, false",
    "-S -c pass,                             -1, false",
    "-WI s.py,                                1, true",
    "-s s.py,                                 1, true",
  })
  void findsTheScriptAndWhetherSitecustomizeIsImported(
      String line, int script, boolean customized) {
    var arguments = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));

    assertThat(PythonCommandLine.parse(arguments))
        .isEqualTo(new PythonCommandLine(script, customized));
  }
}
