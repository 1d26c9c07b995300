package dev.vivarium.conformance.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The directions between the packages, held against the compiled classes. {@link
 * ArchitectureRulesTest} shows that each rule can fail.
 */
class ArchitectureTest {
  private static JavaClasses project;

  @BeforeAll
  static void readTheProject() {
    project =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(Place.ROOT);
  }

  static List<Place> places() {
    return Places.ALL;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aPackageNeedsOnlyWhatItsPlaceAllows(Place place) {
    place.rule().check(project);
  }

  @Test
  void noConcatenationMakesClassesWhenItRuns() {
    Assertions.assertThat(project)
        .allSatisfy(
            type -> {
              try (var in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
                Assertions.assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as(type.getName())
                    .doesNotContain("makeConcatWithConstants");
              }
            });
  }

  @Test
  void everyPackageHasAPlace() {
    Assertions.assertThat(packages().filter(name -> Places.of(name).isEmpty())).isEmpty();
  }

  @Test
  void everyModuleIsOnTheClassPath() {
    Assertions.assertThat(packages())
        .contains("dev.vivarium.vfs", "dev.vivarium.sys", "dev.vivarium.engine")
        .contains("dev.vivarium.cli");
  }

  @Test
  void noTwoPackagesNeedEachOther() {
    noCycles().check(project);
  }

  @Test
  void amongTheEmbeddersTypesOnlySandboxNamesTheEngineBinding() {
    onlySandboxNamesTheBinding().check(project);
  }

  @Test
  void filesystemAndKernelTakeTimeAndRandomnessFromTheirMaker() {
    nothingAmbient().check(project);
  }

  @Test
  void noClassIsADrawerOfUtilities() {
    noDrawers().check(project);
  }

  static ArchRule noCycles() {
    return SlicesRuleDefinition.slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();
  }

  static ArchRule onlySandboxNamesTheBinding() {
    return noClasses()
        .that()
        .resideInAPackage(Place.ROOT)
        .and()
        .haveNameNotMatching("dev\\.vivarium\\.Sandbox(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.vivarium.engine.chicory")
        .allowEmptyShould(true);
  }

  static ArchRule nothingAmbient() {
    return noClasses()
        .that()
        .resideInAnyPackage("dev.vivarium.vfs..", "dev.vivarium.sys..")
        .and()
        .doNotHaveFullyQualifiedName("dev.vivarium.sys.time.SystemClock")
        .should()
        .accessTargetWhere(DescribedPredicate.describe("reads the host's", Ambient::isRead))
        .allowEmptyShould(true);
  }

  static ArchRule noDrawers() {
    return noClasses().should().haveNameMatching(".*(Util|Utils|Utilities|Helper|Helpers)");
  }

  private static Stream<String> packages() {
    return project.stream().map(JavaClass::getPackageName).distinct();
  }

  /** What of the JDK reads the clock, the entropy or the environment of the host. */
  private static final class Ambient {
    private static final Set<String> METHODS =
        Set.of(
            System.class.getName() + ".currentTimeMillis",
            System.class.getName() + ".nanoTime",
            System.class.getName() + ".getenv",
            Instant.class.getName() + ".now",
            Clock.class.getName() + ".systemUTC",
            Clock.class.getName() + ".systemDefaultZone",
            Math.class.getName() + ".random",
            UUID.class.getName() + ".randomUUID",
            ThreadLocalRandom.class.getName() + ".current",
            Random.class.getName() + ".<init>");

    static boolean isRead(JavaAccess<?> access) {
      AccessTarget target = access.getTarget();
      return METHODS.contains(target.getOwner().getName() + "." + target.getName());
    }
  }

  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      return name.equals(Place.ROOT) || name.startsWith(Place.ROOT + ".")
          ? SliceIdentifier.of(name)
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }
}
