package dev.vivarium.conformance.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.stream.Stream;

/**
 * A package's place in the project: what it may need of the project and of other libraries. A name
 * is relative to {@code dev.vivarium}; one that ends in {@code ..} stands for the package and all
 * below it that have no place of their own. A package always has itself and the JDK's {@code java}
 * and {@code javax}.
 */
record Place(String name, List<String> needs, List<String> libraries) {
  static final String ROOT = "dev.vivarium";

  static Place of(String name, String... needs) {
    return new Place(name, List.of(needs), List.of());
  }

  Place and(String... furtherNeeds) {
    return new Place(name, concat(needs, furtherNeeds), libraries);
  }

  Place withLibraries(String... packages) {
    return new Place(name, needs, concat(libraries, packages));
  }

  boolean holds(String packageName) {
    return covers(name, packageName);
  }

  boolean allows(String from, String to) {
    return to.equals(from)
        || needs.stream().anyMatch(need -> covers(need, to))
        || Stream.concat(Stream.of("java..", "javax.."), libraries.stream())
            .anyMatch(library -> matches(library, to));
  }

  /** The rule that the classes of this place keep to it. */
  ArchRule rule() {
    return ArchRuleDefinition.classes()
        .that(DescribedPredicate.describe("are in " + this, this::holds))
        .should(NeedOnly.what("it may need", this::allows))
        .allowEmptyShould(true);
  }

  private boolean holds(JavaClass type) {
    return Places.of(type.getPackageName()).filter(this::equals).isPresent();
  }

  private static boolean covers(String name, String packageName) {
    return matches(name.isEmpty() ? ROOT : ROOT + "." + name, packageName);
  }

  private static boolean matches(String name, String packageName) {
    if (!name.endsWith("..")) {
      return packageName.equals(name);
    }
    String top = name.substring(0, name.length() - 2);
    return packageName.equals(top) || packageName.startsWith(top + ".");
  }

  private static List<String> concat(List<String> first, String... second) {
    return Stream.concat(first.stream(), Stream.of(second)).toList();
  }

  @Override
  public String toString() {
    return name.isEmpty() ? ROOT : name;
  }
}
