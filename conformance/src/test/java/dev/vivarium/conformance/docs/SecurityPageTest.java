package dev.vivarium.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the page about security names is there. */
class SecurityPageTest {
  private static final Path TOP = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

  @Test
  void everyTestThatIsSaidToHoldSomethingExists() throws Exception {
    var page = Files.readString(TOP.resolve("docs/SECURITY.md"));
    var named = TEST.matcher(page).results().map(found -> found.group(1)).toList();
    try (var files = Files.walk(TOP, 20)) {
      var tests =
          files
              .filter(file -> file.toString().contains("src/test/java"))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
      assertThat(named).isNotEmpty();
      assertThat(tests).containsAll(named);
    }
    assertThat(LINK.matcher(page).results().map((MatchResult found) -> found.group(1)))
        .allSatisfy(link -> assertThat(TOP.resolve("docs").resolve(link)).exists());
  }
}
