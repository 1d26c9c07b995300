package dev.vivarium.conformance.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What has been tried, what came of it, and what must not have come. Safe for use by threads. */
final class Tally {
  private static final int MOST_DEFECTS = 30;

  private final Map<String, Map<String, Long>> outcomes = new TreeMap<>();
  private final List<String> defects = new ArrayList<>();

  /** Counts one input. */
  synchronized void count(String what, String outcome) {
    add(what, outcome, 1);
  }

  /** Notes what must not be, up to a number that somebody may read. */
  synchronized void defect(String what) {
    if (defects.size() < MOST_DEFECTS) {
      defects.add(what);
    }
  }

  synchronized List<String> defects() {
    return List.copyOf(defects);
  }

  /** Of each thing that was tried, how often it came to what. */
  synchronized Map<String, Map<String, Long>> outcomes() {
    var copy = new TreeMap<String, Map<String, Long>>();
    outcomes.forEach((what, counts) -> copy.put(what, Map.copyOf(counts)));
    return copy;
  }

  /** How often something was tried. */
  static long inputs(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** For another process to {@link #read}. */
  synchronized List<String> lines() {
    var lines = new ArrayList<String>();
    outcomes.forEach(
        (what, counts) ->
            counts.forEach((outcome, n) -> lines.add("tried " + what + " " + outcome + " " + n)));
    defects.forEach(defect -> lines.add("defect " + defect.replace('\n', ' ')));
    return lines;
  }

  /** Takes over what another process has counted. */
  synchronized void read(List<String> lines) {
    for (var line : lines) {
      var words = line.split(" ");
      if (words[0].equals("tried")) {
        add(words[1], words[2], Long.parseLong(words[3]));
      } else {
        defects.add(line);
      }
    }
  }

  private void add(String what, String outcome, long count) {
    outcomes.computeIfAbsent(what, key -> new TreeMap<>()).merge(outcome, count, Long::sum);
  }

  /** As a Markdown table. */
  synchronized String markdown() {
    var text = new StringBuilder("| tried | inputs | outcomes |\n|---|---:|---|\n");
    long sum = 0;
    for (var entry : outcomes.entrySet()) {
      long inputs = inputs(entry.getValue());
      sum += inputs;
      var list =
          entry.getValue().entrySet().stream()
              .map(count -> count.getKey() + " " + count.getValue())
              .collect(Collectors.joining(", "));
      text.append("| `%s` | %d | %s |\n".formatted(entry.getKey(), inputs, list));
    }
    return text.append("\n%d inputs, %d defects\n".formatted(sum, defects.size())).toString();
  }
}
