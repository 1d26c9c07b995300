package dev.vivarium.conformance.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.BiPredicate;

/** Every dependency of a class is one that its package is allowed. */
final class NeedOnly extends ArchCondition<JavaClass> {
  private final BiPredicate<String, String> allowed;

  private NeedOnly(String description, BiPredicate<String, String> allowed) {
    super("need only what %s", description);
    this.allowed = allowed;
  }

  static NeedOnly what(String description, BiPredicate<String, String> allowed) {
    return new NeedOnly(description, allowed);
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      JavaClass target = dependency.getTargetClass().getBaseComponentType();
      if (!target.isPrimitive() && !allowed.test(type.getPackageName(), target.getPackageName())) {
        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
      }
    }
  }
}
