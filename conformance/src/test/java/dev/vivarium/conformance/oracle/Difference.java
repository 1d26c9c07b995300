package dev.vivarium.conformance.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the two sides differ first.
 *
 * @param script the calls that were made
 * @param ours what our side answered to each of them
 * @param at the place of the call whose answers differ; the number of calls if it is the final tree
 * @param oursThere our side's answer there, or the line of its tree
 * @param linuxThere Linux's
 */
record Difference(Script script, List<String> ours, int at, String oursThere, String linuxThere) {

  /**
   * Where none of our answers is Linux's; null if that is nowhere, or accepted.
   *
   * @param ours of one or more runs, which made the same calls
   */
  static Difference between(Script script, List<Answers> ours, Answers linux) {
    var first = ours.get(0);
    var operations = first.operations();
    var made = script.with(operations);
    for (int i = 0; i < operations.size(); i++) {
      int at = i;
      String there = linux.results().get(i);
      if (ours.stream().noneMatch(each -> each.results().get(at).equals(there))
          && !AcceptedDifference.allows(
              script.scenario(), operations.get(i), first.results().get(i), there)) {
        return new Difference(made, first.results(), i, first.results().get(i), there);
      }
    }
    int lines = Math.max(first.tree().size(), linux.tree().size());
    for (int i = 0; i < lines; i++) {
      int at = i;
      String there = line(linux, i);
      if (ours.stream().noneMatch(each -> line(each, at).equals(there))) {
        return new Difference(made, first.results(), operations.size(), line(first, i), there);
      }
    }
    return null;
  }

  private static String line(Answers answers, int at) {
    return at < answers.tree().size() ? answers.tree().get(at) : "nothing";
  }

  /** The script as far as it matters, with what was answered. */
  @Override
  public String toString() {
    var lines = new ArrayList<>(script.scenario().lines());
    var operations = script.operations();
    for (int i = 0; i < Math.min(at, operations.size()); i++) {
      lines.add("%-60s -> %s".formatted(operations.get(i), ours.get(i)));
    }
    lines.add(at < operations.size() ? operations.get(at).toString() : "the final tree:");
    lines.add("    ours:  " + oursThere);
    lines.add("    Linux: " + linuxThere);
    return String.join("\n", lines);
  }
}
