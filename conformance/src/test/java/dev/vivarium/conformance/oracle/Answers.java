package dev.vivarium.conformance.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one side says to a script, with what is its own made comparable: an inode or a process is
 * known by when it was first seen, and a time that nobody set by the {@code tick} that it comes
 * after.
 */
final class Answers {
  private static final long DAY = 86_400_000_000_000L;

  private final List<Operation> operations;
  private final List<String> results = new ArrayList<>();
  private final List<String> tree = new ArrayList<>();
  private final Map<String, Integer> inodes = new HashMap<>();
  private final List<Long> borders = new ArrayList<>();
  private boolean timesCount = true;

  /**
   * @param operations the calls that were made
   * @param start the time at which the sequence started
   */
  Answers(List<Operation> operations, long start) {
    this.operations = operations;
    borders.add(start);
  }

  List<Operation> operations() {
    return operations;
  }

  /** An answer for each of the operations. */
  List<String> results() {
    return results;
  }

  /** A line for each inode of the final tree. */
  List<String> tree() {
    return tree;
  }

  void addResult(Operation operation, String answer) {
    if (operation.call() == Call.TICK) {
      borders.add(Long.parseLong(answer));
      results.add("0");
    } else {
      results.add(comparable(answer));
      timesCount &= !AcceptedDifference.spoilsTimes(operation, answer);
    }
  }

  void addToTree(String line) {
    tree.add(comparable(line));
  }

  private String comparable(String answer) {
    if (answer.indexOf('=') < 0) {
      return answer;
    }
    var words = answer.split(" ");
    for (int i = 0; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals > 0) {
        String name = words[i].substring(0, equals + 1);
        String value = words[i].substring(equals + 1);
        switch (name) {
          case "ino=", "pid=" ->
              words[i] = name + "#" + inodes.computeIfAbsent(value, v -> inodes.size() + 1);
          case "atime=", "mtime=", "ctime=", "btime=" ->
              words[i] = name + time(Long.parseLong(value));
          default -> {
            // Comparable as it is.
          }
        }
      }
    }
    return String.join(" ", words);
  }

  private String time(long nanos) {
    if (!timesCount) {
      return "?";
    }
    if (nanos < borders.get(0) || nanos > borders.get(borders.size() - 1) + DAY) {
      return String.valueOf(nanos);
    }
    int tick = borders.size() - 1;
    while (borders.get(tick) > nanos) {
      tick--;
    }
    return "tick" + tick;
  }
}
