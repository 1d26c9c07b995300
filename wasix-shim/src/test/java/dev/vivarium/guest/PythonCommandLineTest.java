package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonCommandLineTest {

  /** Where CPython's own getopt finds the program. */
  @ParameterizedTest
  @CsvSource({
    "'',                                     INPUT,   0, 0, true",
    "script.py,                              SCRIPT,  1, 0, true",
    "script.py -I,                           SCRIPT,  1, 0, true",
    "-u script.py,                           SCRIPT,  2, 0, true",
    "-uB script.py a,                        SCRIPT,  2, 0, true",
    "-c pass script.py,                      COMMAND, 2, 0, true",
    "-cpass script.py,                       COMMAND, 1, 2, true",
    "-uBcpass script.py,                     COMMAND, 1, 4, true",
    "-c,                                     INPUT,   1, 0, true",
    "-B -m,                                  INPUT,   2, 0, true",
    "-m http.server,                         MODULE,  2, 0, true",
    "-Bm http.server a,                      MODULE,  2, 0, true",
    "-mhttp.server,                          MODULE,  1, 2, true",
    "-W error script.py,                     SCRIPT,  3, 0, true",
    "-Werror script.py,                      SCRIPT,  2, 0, true",
    "-BW error script.py,                    SCRIPT,  3, 0, true",
    "-X utf8 -W ignore s.py,                 SCRIPT,  5, 0, true",
    "-Xutf8 s.py,                            SCRIPT,  2, 0, true",
    "-,                                      INPUT,   1, 0, true",
    "- s.py,                                 INPUT,   1, 0, true",
    "-- -s.py,                               SCRIPT,  2, 0, true",
    "--,                                     INPUT,   1, 0, true",
    "-- -,                                   INPUT,   2, 0, true",
    "--check-hash-based-pycs always s.py,    SCRIPT,  3, 0, true",
    "--version s.py,                         SCRIPT,  2, 0, true",
    "-I s.py,                                SCRIPT,  2, 0, false",
    "-uE s.py,                               SCRIPT,  2, 0, false",
    "-S -c pass,                             COMMAND, 3, 0, false",
    "-WI s.py,                               SCRIPT,  2, 0, true",
    "-s s.py,                                SCRIPT,  2, 0, true",
  })
  void findsTheProgramAndWhetherSitecustomizeIsImported(
      String line, PythonCommandLine.Kind kind, int head, int offset, boolean customized) {
    var arguments = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));

    assertThat(PythonCommandLine.parse(arguments))
        .isEqualTo(new PythonCommandLine(kind, head, offset, customized));
  }
}
