package dev.vivarium.conformance.hostile;

import dev.vivarium.conformance.host.Checkout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The errors that each function may answer, as a list in a resource: a line begins with the names
 * of functions, and after a colon are the errors. All functions may succeed, find an address
 * outside of the memory (EFAULT), find no memory (ENOMEM), be interrupted, and end for want of
 * stack.
 */
public final class Expected {
  private static final Set<String> ALWAYS =
      Set.of("SUCCESS", "EFAULT", "ENOMEM", "INTERRUPTED", "STACK_EXHAUSTED");

  private final Map<String, Set<String>> errors = new HashMap<>();

  /** Reads the list. */
  public static Expected load() {
    var expected = new Expected();
    Checkout.text(Expected.class, "errnos.txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(expected::add);
    return expected;
  }

  private void add(String line) {
    int colon = line.indexOf(':');
    for (var name : line.substring(0, colon).strip().split("\\s+")) {
      errors
          .computeIfAbsent(name, key -> new HashSet<>())
          .addAll(List.of(line.substring(colon + 1).strip().split("\\s+")));
    }
  }

  /** Whether a function may answer so. */
  public boolean allows(String function, String outcome) {
    return ALWAYS.contains(outcome) || errors.getOrDefault(function, Set.of()).contains(outcome);
  }
}
