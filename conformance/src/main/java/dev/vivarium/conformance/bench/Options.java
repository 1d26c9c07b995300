package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.ResultFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a command line asks for.
 *
 * @param brief whether fewer and shorter runs will do
 * @param json the file for the measured values, or null
 * @param plot the file for the plot, or null
 * @param hosts the hosts to measure
 * @param guests the guests to measure
 * @param command the command line itself, for the report
 */
record Options(
    boolean brief, Path json, Path plot, Set<Host> hosts, Set<Guest> guests, String command) {

  /**
   * Reads a command line.
   *
   * @param arguments what follows the suite's name
   * @throws UsageException if an argument is wrong, or a file cannot be written
   */
  static Options parse(Suite suite, List<String> arguments) throws UsageException {
    Map<Flag, String> given = new EnumMap<>(Flag.class);
    for (int i = 0; i < arguments.size(); i++) {
      Flag flag = flag(suite, arguments.get(i));
      if (flag.takesValue() && i + 1 == arguments.size()) {
        throw new UsageException(flag + " needs a value: " + flag.usage());
      }
      given.put(flag, flag.takesValue() ? arguments.get(++i) : "");
    }
    return new Options(
        given.containsKey(Flag.SHORT),
        file(Flag.JSON, given.get(Flag.JSON)),
        file(Flag.PLOT, given.get(Flag.PLOT)),
        some(Flag.ONLY, given.get(Flag.ONLY), Host.values(), Host::label),
        some(Flag.GUEST, given.get(Flag.GUEST), Guest.values(), Guest::label),
        ("conformance/bench " + suite.name() + " " + String.join(" ", arguments)).strip());
  }

  private static Flag flag(Suite suite, String text) throws UsageException {
    return suite.flags().stream()
        .filter(flag -> flag.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    suite.name() + " has no flag " + text + "; usage: " + Bench.usage(suite)));
  }

  private static Path file(Flag flag, String name) throws UsageException {
    if (name == null) {
      return null;
    }
    Path file = Path.of(name);
    var objection = ResultFile.objection(file);
    if (objection.isPresent()) {
      throw new UsageException(flag + " " + objection.get());
    }
    return file;
  }

  private static <E extends Enum<E>> Set<E> some(
      Flag flag, String names, E[] all, Function<E, String> label) throws UsageException {
    Set<E> chosen = EnumSet.copyOf(List.of(all));
    if (names == null) {
      return chosen;
    }
    Set<String> wanted = new TreeSet<>(Arrays.asList(names.split(",", -1)));
    chosen.removeIf(value -> !wanted.remove(label.apply(value)));
    if (!wanted.isEmpty()) {
      throw new UsageException(
          flag
              + " knows no \""
              + String.join(", ", wanted)
              + "\"; there are "
              + Arrays.stream(all).map(label).collect(Collectors.joining(", ")));
    }
    return chosen;
  }
}
