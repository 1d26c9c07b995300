package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compares our side with Linux, script by script, and makes what differs small. */
final class Oracle {
  /** How often a difference has to be seen: Linux's clock may move on within a script. */
  private static final int CONFIRMATIONS = 3;

  /** Who says what is right. */
  interface Side {
    /** What it says to a script. */
    Answers run(Script script) throws ErrnoException, IOException;
  }

  private final Side linux;

  Oracle(Side linux) {
    this.linux = linux;
  }

  /** Where the sides differ, every time, or null. */
  Difference compare(Script script) throws ErrnoException, IOException {
    Difference difference = null;
    for (int i = 0; i < CONFIRMATIONS; i++) {
      difference = compareOnce(script);
      if (difference == null) {
        return null;
      }
    }
    return difference;
  }

  /**
   * On Linux time may or may not go on from one call to the next, and relatime tells: ours is run
   * with both, and one of them is to be right.
   */
  private Difference compareOnce(Script script) throws ErrnoException, IOException {
    var still = World.run(script, Duration.ZERO);
    var answers = linux.run(script.with(still.operations()));
    var difference = Difference.between(script, List.of(still), answers);
    if (difference == null) {
      return null;
    }
    var moving = World.run(script, Duration.ofNanos(1));
    return Difference.between(script, List.of(still, moving), answers);
  }

  /** The same or another difference, of a script from which no call can be left out. */
  Difference shrink(Difference difference) throws ErrnoException, IOException {
    var smallest = upToDifference(difference);
    for (int size = smallest.operations().size() / 2; size > 0; size /= 2) {
      boolean smaller = true;
      while (smaller) {
        smaller = false;
        for (int from = 0; from < smallest.operations().size(); ) {
          var candidate = smallest.with(without(smallest.operations(), from, size));
          var found = compareOnce(candidate);
          if (found == null) {
            from += size;
          } else {
            smallest = upToDifference(found);
            smaller = size == 1;
          }
        }
      }
    }
    var confirmed = compare(smallest);
    return confirmed == null ? difference : confirmed;
  }

  private static Script upToDifference(Difference difference) {
    var operations = difference.script().operations();
    int end = Math.min(difference.at() + 1, operations.size());
    return difference.script().with(operations.subList(0, end));
  }

  private static List<Operation> without(List<Operation> operations, int from, int count) {
    var rest = new ArrayList<>(operations.subList(0, from));
    rest.addAll(operations.subList(Math.min(from + count, operations.size()), operations.size()));
    return rest;
  }
}
