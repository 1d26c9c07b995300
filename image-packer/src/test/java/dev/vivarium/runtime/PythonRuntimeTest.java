package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class PythonRuntimeTest {
  private static final String ARCHIVE = "/opt/vivarium/python.zip";
  private final LanguageRuntime python = LanguageRuntime.named("python").orElseThrow();

  @Test
  void inTheRootNothingIsAddedButThePackageDirectory() {
    var launch = python.launch(List.of("s.py", "-x"), "/", Map.of("A", "1"));

    assertThat(launch.arguments()).containsExactly("python", "s.py", "-x");
    assertThat(launch.environment()).isEqualTo(Map.of("A", "1", "PYTHONPATH", "/opt/python"));
    assertThat(launch.files()).isEmpty();
    assertThat(launch.warnings()).isEmpty();
  }

  @Test
  void elsewhereAScriptGetsAnAbsolutePathAndAStartInItsDirectory() {
    var launch = python.launch(List.of("-u", "s.py", "s.py"), "/work/", Map.of());

    assertThat(launch.arguments()).containsExactly("python", "-u", "/work/s.py", "s.py");
    assertThat(launch.environment()).containsEntry("PYTHONPATH", ARCHIVE + ":/opt/python");
    assertThat(launch.files()).containsOnlyKeys(ARCHIVE);
    assertThat(launch.warnings()).isEmpty();
  }

  @Test
  void anAbsoluteScriptAndOtherArgumentsStayAsTheyAre() {
    assertThat(python.launch(List.of("/s.py"), "/work", Map.of()).arguments())
        .containsExactly("python", "/s.py");
    assertThat(python.launch(List.of("-c", "s.py"), "/work", Map.of()).arguments())
        .containsExactly("python", "-c", "s.py");
  }

  @Test
  void aSearchPathOfTheUsersStaysAndComesFirst() {
    var environment = Map.of("PYTHONPATH", "/mine:/too");

    assertThat(python.launch(List.of(), "/", environment).environment())
        .containsEntry("PYTHONPATH", "/mine:/too:/opt/python");
    assertThat(python.launch(List.of(), "/w", environment).environment())
        .containsEntry("PYTHONPATH", ARCHIVE + ":/mine:/too:/opt/python");
    assertThat(python.launch(List.of(), "/", Map.of("PYTHONPATH", "")).environment())
        .containsEntry("PYTHONPATH", "/opt/python");
  }

  @Test
  void anInterpreterThatImportsNoSitecustomizeIsWarnedAbout() {
    var launch = python.launch(List.of("-I", "s.py"), "/work", Map.of());

    assertThat(launch.warnings()).hasSize(1);
    assertThat(launch.files()).isEmpty();
    assertThat(launch.arguments()).containsExactly("python", "-I", "/work/s.py");
    assertThat(python.launch(List.of("-I", "s.py"), "/", Map.of()).warnings()).isEmpty();
  }

  @Test
  void noDirectoryNameCanBreakOutOfTheInjectedSource() throws IOException {
    var launch = python.launch(List.of("s'.py"), "/a'\n\"\\é", Map.of());

    var lines = sitecustomize(launch).lines().toList();

    assertThat(lines.get(0))
        .isEqualTo("WORKING_DIRECTORY = b'\\x2f\\x61\\x27\\x0a\\x22\\x5c\\xc3\\xa9'");
    assertThat(lines.get(1)).isEqualTo("SCRIPT = b'\\x73\\x27\\x2e\\x70\\x79'");
  }

  @Test
  void whatIsPutIntoUsrIsHidden() {
    assertThat(python.hides("/usr")).isTrue();
    assertThat(python.hides("/usr/lib")).isTrue();
    assertThat(python.hides("/usrlocal")).isFalse();
    assertThat(python.hides("/opt/usr")).isFalse();
  }

  private static String sitecustomize(Launch launch) throws IOException {
    try (var zip = new ZipInputStream(new ByteArrayInputStream(launch.files().get(ARCHIVE)))) {
      assertThat(zip.getNextEntry().getName()).isEqualTo("sitecustomize.py");
      return new String(zip.readAllBytes(), UTF_8);
    }
  }
}
