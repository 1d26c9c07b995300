package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The results of the work, which have to be the same wherever it is done. */
final class Answers {
  private final Map<String, String> first = new ConcurrentHashMap<>();

  /**
   * Takes a line that a guest has answered with.
   *
   * @return the seconds in it
   * @throws HostCrash if it is none, or if its result is another than that of the first host
   */
  double seconds(String row, String line) throws HostCrash {
    int space = line.indexOf(' ');
    if (space < 0) {
      throw new HostCrash("it says: " + line);
    }
    var result = line.substring(space + 1);
    var expected = first.putIfAbsent(row, result);
    if (expected != null && !expected.equals(result)) {
      throw new HostCrash("its result is " + result + ", elsewhere " + expected);
    }
    try {
      return Double.parseDouble(line.substring(0, space));
    } catch (NumberFormatException e) {
      throw new HostCrash("it says: " + line);
    }
  }
}
