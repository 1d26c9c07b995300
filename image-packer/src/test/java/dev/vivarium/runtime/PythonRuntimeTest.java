package dev.vivarium.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.guest.BootImages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PythonRuntimeTest {
  private final LanguageRuntime python = LanguageRuntime.named("python").orElseThrow();

  private Launch launch(List<String> arguments, String directory, Map<String, String> variables) {
    return python.launch(arguments, directory, variables, BootImages.NONE);
  }

  @Test
  void nothingIsAddedButThePackageDirectory() {
    for (var directory : List.of("/", "/work")) {
      var launch = launch(List.of("-u", "s.py", "-x"), directory, Map.of("A", "1"));

      assertThat(launch.arguments()).containsExactly("python", "-u", "s.py", "-x");
      assertThat(launch.environment()).isEqualTo(Map.of("A", "1", "PYTHONPATH", "/opt/python"));
      assertThat(launch.warnings()).isEmpty();
    }
  }

  @Test
  void aSearchPathOfTheUsersStaysAndComesFirst() {
    var environment = Map.of("PYTHONPATH", "/mine:/too");

    assertThat(launch(List.of(), "/", environment).environment())
        .containsEntry("PYTHONPATH", "/mine:/too:/opt/python");
    assertThat(launch(List.of(), "/", Map.of("PYTHONPATH", "")).environment())
        .containsEntry("PYTHONPATH", "/opt/python");
  }

  @Test
  void anInterpreterThatImportsNoSitecustomizeIsWarnedAbout() {
    var launch = launch(List.of("-I", "s.py"), "/work/", Map.of());

    assertThat(launch.warnings()).hasSize(1);
    assertThat(launch.arguments()).containsExactly("python", "-I", "s.py");
    assertThat(launch(List.of("-I", "s.py"), "/", Map.of()).warnings()).isEmpty();
  }

  @Test
  void aWorkingDirectoryThatWouldBeHiddenIsPreopenedFromWhereTheWaysPart() {
    assertThat(preopens("/usr/src/app")).containsExactly("/usr/src");
    assertThat(preopens("/usr/local/app/")).containsExactly("/usr/local/app");
    assertThat(preopens("/usr/local/lib/app/x")).containsExactly("/usr/local/lib/app");
    assertThat(preopens("/usr/local")).isEmpty();
    assertThat(preopens("/")).isEmpty();
    assertThat(preopens("/opt/usr/app")).isEmpty();
  }

  private List<String> preopens(String workingDirectory) {
    return launch(List.of(), workingDirectory, Map.of()).start().preopens();
  }

  @Test
  void whatIsPutIntoUsrIsHidden() {
    assertThat(python.hides("/usr")).isTrue();
    assertThat(python.hides("/usr/lib")).isTrue();
    assertThat(python.hides("/usrlocal")).isFalse();
    assertThat(python.hides("/opt/usr")).isFalse();
  }
}
