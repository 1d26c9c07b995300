package dev.vivarium.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The attacks that the page about security names are those that there are. */
class CitedAttacksTest {
  private static final Pattern CITED = Pattern.compile("`HostileTest` \\(([^)]*)\\)");

  @Test
  void everyAttackThatIsSaidToFindAHoleIsMade() throws Exception {
    var page = Files.readString(Path.of("..", "docs", "SECURITY.md"));
    var cited =
        CITED
            .matcher(page)
            .results()
            .flatMap(found -> Stream.of(found.group(1).split(",\\s*")))
            .toList();
    assertThat(cited).hasSizeGreaterThan(5);
    assertThat(Attacks.ALL.keySet()).containsAll(cited);
  }
}
