package dev.vivarium.conformance.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules of {@link ArchitectureTest} against a made-up project in which every package needs
 * every other: a rule is worth something only if it finds these.
 */
class ArchitectureRulesTest {
  private static final List<String> LIBRARIES =
      List.of("com.dylibso.chicory.runtime", "picocli", "org.apache.commons.io");

  @TempDir static Path dir;

  private static JavaClasses world;

  @BeforeAll
  static void makeTheWorld() throws IOException {
    List<Path> sources = new ArrayList<>();
    List<String> packages =
        Stream.concat(Places.ALL.stream().map(place -> sample(place)), LIBRARIES.stream()).toList();
    for (String name : packages) {
      sources.add(source(name, "Here", ""));
    }
    for (Place place : Places.ALL) {
      for (String target : packages) {
        sources.add(source(sample(place), needing(target), target + ".Here field;"));
      }
    }
    sources.add(source("dev.vivarium", "Sandbox", "dev.vivarium.engine.chicory.Here field;"));
    sources.add(source("dev.vivarium", "Plain", "dev.vivarium.engine.chicory.Here field;"));
    sources.add(source("dev.vivarium.vfs.tree", "Ticks", "long t = System.nanoTime();"));
    sources.add(source("dev.vivarium.sys.time", "SystemClock", "long t = System.nanoTime();"));
    sources.add(source("dev.vivarium.sys", "Dice", "Object dice = new java.util.Random();"));
    sources.add(source("dev.vivarium.cli", "StringUtils", ""));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> arguments = new ArrayList<>(List.of("-d", dir.resolve("classes").toString()));
    sources.forEach(file -> arguments.add(file.toString()));
    assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
    world = new ClassFileImporter().importPath(dir.resolve("classes"));
  }

  @Test
  void aPlaceReportsEveryForbiddenPackageAndNoOther() {
    for (Place place : Places.ALL) {
      String from = sample(place);
      Set<String> forbidden = new TreeSet<>();
      Places.ALL.stream().map(ArchitectureRulesTest::sample).forEach(forbidden::add);
      forbidden.addAll(LIBRARIES);
      forbidden.removeIf(target -> place.allows(from, target));
      for (String target : forbidden) {
        assertThat(findings(place.rule()))
            .as("%s must not need %s", from, target)
            .anyMatch(line -> line.contains(from + "." + needing(target) + "."));
      }
      assertThat(
              findings(place.rule()).stream()
                  .map(line -> line.replaceAll(".*has type <(.*)\\.Here>.*", "$1"))
                  .collect(toSet()))
          .isSubsetOf(forbidden);
    }
  }

  @Test
  void nothingMayNeedConformanceButItself() {
    for (Place place : Places.ALL) {
      assertThat(place.allows(sample(place), "dev.vivarium.conformance"))
          .as(place.name())
          .isEqualTo(place.name().startsWith("conformance"));
    }
  }

  @Test
  void chicoryIsNamedOnlyByItsBindingAndByPeers() {
    assertThat(
            Places.ALL.stream()
                .filter(place -> place.allows(sample(place), "com.dylibso.chicory.runtime"))
                .map(Place::name))
        .containsExactlyInAnyOrder("engine.chicory", "conformance.peer");
  }

  @Test
  void thePlacesThemselvesHaveNoCycle() {
    List<String> below = new ArrayList<>();
    for (Place place : Places.ALL) {
      for (Place other : Places.ALL) {
        if (!place.equals(other) && place.allows(sample(place), sample(other))) {
          assertThat(place.name().startsWith("conformance") || below.contains(other.name()))
              .as("%s stands above %s", place, other)
              .isTrue();
        }
      }
      below.add(place.name());
    }
  }

  @Test
  void aCycleIsFound() {
    assertThat(findings(ArchitectureTest.noCycles())).isNotEmpty();
  }

  @Test
  void onlyTheEmbeddersOtherTypesAreReportedForTheBinding() {
    assertThat(findings(ArchitectureTest.onlySandboxNamesTheBinding()))
        .anyMatch(line -> line.contains("dev.vivarium.Plain"))
        .noneMatch(line -> line.contains("dev.vivarium.Sandbox"));
  }

  @Test
  void ambientReadsAreFoundButInTheSystemClock() {
    assertThat(findings(ArchitectureTest.nothingAmbient()))
        .hasSize(2)
        .anyMatch(line -> line.contains("dev.vivarium.vfs.tree.Ticks"))
        .anyMatch(line -> line.contains("dev.vivarium.sys.Dice"));
  }

  @Test
  void aDrawerIsFound() {
    assertThat(findings(ArchitectureTest.noDrawers()))
        .singleElement()
        .asString()
        .contains("StringUtils");
  }

  @Test
  void aPackageWithoutAPlaceHasNone() {
    assertThat(Places.of("dev.vivarium.elsewhere")).isEmpty();
  }

  private static List<String> findings(ArchRule rule) {
    return rule.evaluate(world).getFailureReport().getDetails();
  }

  /** A package that has this place. */
  private static String sample(Place place) {
    if (place.name().isEmpty()) {
      return Place.ROOT;
    }
    return Place.ROOT + "." + place.name().replaceFirst("\\.\\.$", ".sample");
  }

  private static String needing(String target) {
    return "Needs_" + target.replace('.', '_');
  }

  private static Path source(String packageName, String type, String body) throws IOException {
    Path file = dir.resolve("src").resolve(packageName.replace('.', '/')).resolve(type + ".java");
    Files.createDirectories(file.getParent());
    return Files.writeString(
        file, "package %s; public class %s { %s }".formatted(packageName, type, body));
  }
}
