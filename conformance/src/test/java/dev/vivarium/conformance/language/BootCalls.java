package dev.vivarium.conformance.language;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a guest has called, how often and with what answer: of each line of a trace the function,
 * the texts among its arguments, and the error or 0.
 */
final class BootCalls {
  private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\) = (-?\\w+|\\?).*");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

  private final Map<String, Integer> counts = new TreeMap<>();

  private BootCalls() {}

  /** Of the lines of a trace. */
  static BootCalls of(Collection<String> trace) {
    var calls = new BootCalls();
    for (var line : trace) {
      var call = CALL.matcher(line);
      if (call.matches()) {
        var texts =
            TEXT.matcher(call.group(2))
                .results()
                .map(text -> " " + text.group())
                .collect(Collectors.joining());
        // What is written is the program's business.
        boolean writes = call.group(1).equals("fd_write");
        calls.counts.merge(
            call.group(1) + (writes ? "" : texts) + " = " + call.group(3), 1, Integer::sum);
      }
    }
    return calls;
  }

  /** As {@link #toString} has written it. */
  static BootCalls parse(Collection<String> lines) {
    var calls = new BootCalls();
    for (var line : lines) {
      int space = line.indexOf(' ');
      calls.counts.put(line.substring(space + 1), Integer.parseInt(line.substring(0, space)));
    }
    return calls;
  }

  /** The calls that others make less often. */
  BootCalls without(BootCalls others) {
    var fewer = new BootCalls();
    counts.forEach(
        (call, count) -> {
          int missing = count - others.counts.getOrDefault(call, 0);
          if (missing > 0) {
            fewer.counts.put(call, missing);
          }
        });
    return fewer;
  }

  /** Those that have failed. */
  BootCalls failed() {
    var failed = new BootCalls();
    counts.forEach(
        (call, count) -> {
          if (call.matches("(?s).* = E\\w+")) {
            failed.counts.put(call, count);
          }
        });
    return failed;
  }

  /** A line for each call: how often, and what. */
  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(call -> call.getValue() + " " + call.getKey() + "\n")
        .collect(Collectors.joining());
  }
}
