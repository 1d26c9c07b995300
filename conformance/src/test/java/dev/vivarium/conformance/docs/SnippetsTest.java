package dev.vivarium.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code in the documentation is code that is built and run: the tests of the guides, the examples,
 * or a program as it stands, which {@link CommandsTest} compiles and runs. Indentation aside, the
 * lines are the same, in one piece.
 */
class SnippetsTest {
  private static final Pattern CLASS =
      Pattern.compile("dev\\.vivarium(\\.[a-z]\\w*)*(\\.[A-Z]\\w*)+");

  /** Where the lines of a language must be found. */
  private static List<Path> sources(String language) throws IOException {
    var examples = Page.TOP.resolve("examples");
    return switch (language) {
      case "java" ->
          Stream.concat(
                  files(Path.of("src/test/java/dev/vivarium/conformance/docs"), ".*\\.java"),
                  files(examples, ".*/src/.*\\.java"))
              .toList();
      case "dockerfile" -> files(examples, ".*/Dockerfile").toList();
      case "xml" -> files(examples, ".*/pom\\.xml").toList();
      case "python" -> files(examples, ".*\\.py").toList();
      default -> List.of();
    };
  }

  private static Stream<Path> files(Path directory, String pattern) throws IOException {
    try (var tree = Files.walk(directory)) {
      return tree.filter(file -> file.toString().matches(pattern)).toList().stream();
    }
  }

  static List<Page.Block> snippets() throws IOException {
    return Page.all().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> !block.language().equals("sh"))
        .filter(block -> !block.language().isEmpty())
        .filter(block -> !block.text().contains("public class"))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void everySnippetIsAPieceOfWhatIsBuiltAndRun(Page.Block snippet) throws IOException {
    var wanted = unindented(snippet.text());
    assertThat(sources(snippet.language()).stream().map(SnippetsTest::text))
        .as("%s: the sources that have these lines in one piece:%n%s", snippet, wanted)
        .anyMatch(text -> text.contains(wanted));
  }

  /** A block that says nothing of its language would be looked at by nobody. */
  @Test
  void onlyPicturesHaveNoLanguage() throws IOException {
    assertThat(Page.all())
        .flatExtracting(Page::blocks)
        .filteredOn(block -> block.language().isEmpty())
        .extracting(Page.Block::place)
        .allMatch(place -> place.startsWith("docs/ARCHITECTURE.md:"));
  }

  @Test
  void everyClassThatIsNamedIsThere() throws IOException {
    var named =
        Page.all().stream()
            .flatMap(
                page ->
                    Stream.concat(
                        page.blocks().stream().map(Page.Block::text),
                        page.spans().stream().map(Page.Span::text)))
            .flatMap(text -> CLASS.matcher(text).results().map(MatchResult::group))
            // These are started by CommandsTest, and in no class path of ours.
            .filter(name -> !name.startsWith("dev.vivarium.examples."))
            .distinct()
            .toList();
    assertThat(named).isNotEmpty();
    assertThat(named).allSatisfy(name -> Class.forName(name));
  }

  /** A reader has no imports to look at. */
  @Test
  void everyClassThatAGuideUsesIsInTheTableWithItsPackage() throws IOException {
    var guides = files(Path.of("src/test/java/dev/vivarium/conformance/docs"), ".*GuideTest.java");
    var used =
        guides
            .flatMap(guide -> Page.lines(guide).stream())
            .filter(line -> line.startsWith("import dev.vivarium."))
            .filter(line -> !line.contains(".conformance."))
            .map(line -> line.replaceAll("import (.*);", "$1"))
            .distinct()
            .toList();
    var table =
        Page.lines(Page.TOP.resolve("docs/EMBEDDING.md")).stream()
            .filter(line -> line.startsWith("| `dev.vivarium."))
            .flatMap(line -> CLASS.matcher(line).results().map(MatchResult::group))
            .toList();
    assertThat(used).isNotEmpty();
    assertThat(table).containsAll(used);
  }

  /** What is set off by spaces alone would be looked at by nobody. */
  @Test
  void codeIsBetweenFences() throws IOException {
    assertThat(Page.all())
        .allSatisfy(page -> assertThat(page.indented()).as(page.name()).isEmpty());
  }

  /** The table of docs/MIGRATING.md, whose cells are pieces of lines. */
  @Test
  void everyCallThatBecomesAnotherIsMadeBeforeAndAfter() throws IOException {
    var test = Path.of("src/test/java/dev/vivarium/conformance/docs", "MigrationGuideTest.java");
    var source = text(test).replaceAll("\\s+", "");
    var calls =
        Page.read(Page.TOP.resolve("docs/MIGRATING.md")).spans().stream()
            .filter(span -> span.text().contains("("))
            .toList();
    assertThat(calls).hasSizeGreaterThan(20);
    assertThat(calls)
        .allSatisfy(call -> assertThat(source).contains(call.text().replaceAll("\\s+", "")));
  }

  private static String text(Path file) {
    return unindented(Page.lines(file).stream().collect(Collectors.joining("\n")));
  }

  private static String unindented(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
