package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags at the beginning of an instruction, such as {@code --from=build}. */
final class Flags {
  private final LogicalLine line;
  private final Map<String, List<String>> values;
  private final String rest;

  private Flags(LogicalLine line, Map<String, List<String>> values, String rest) {
    this.line = line;
    this.values = values;
    this.rest = rest;
  }

  /** Takes the flags from the text behind an instruction's name. */
  static Flags of(LogicalLine line, String text) {
    var values = new LinkedHashMap<String, List<String>>();
    int at = WordSplitter.skipBlanks(text, 0);
    while (text.startsWith("--", at)) {
      int end = WordSplitter.end(text, at, line.escape());
      var word = WordSplitter.unquoted(text.substring(at + 2, end), line.escape());
      at = WordSplitter.skipBlanks(text, end);
      if (word.isEmpty()) {
        break;
      }
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      values
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(equals < 0 ? "" : word.substring(equals + 1));
    }
    return new Flags(line, values, text.substring(at));
  }

  /** What is behind the flags. */
  String rest() {
    return rest;
  }

  /** Takes out a flag that may be there once, with a value. */
  Optional<String> one(String name) throws DockerfileException {
    var all = all(name);
    if (all.size() > 1) {
      throw line.error("--" + name + " is there twice");
    }
    if (!all.isEmpty() && all.get(0).isEmpty()) {
      throw line.error("--" + name + " needs a value: --" + name + "=...");
    }
    return all.stream().findFirst();
  }

  /** Takes out a flag that may be there any number of times. */
  List<String> all(String name) {
    var all = values.remove(name);
    return all == null ? List.of() : List.copyOf(all);
  }

  /** Takes out a flag that is on, with {@code =true} or without. */
  boolean isOn(String name) throws DockerfileException {
    var all = all(name);
    for (var value : all) {
      if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
        throw line.error("--" + name + " is " + value + "; it can be true or false");
      }
    }
    return !all.isEmpty() && !all.get(all.size() - 1).equals("false");
  }

  /** Makes sure that no flag is left. */
  void requireNoMore(String instruction) throws DockerfileException {
    if (!values.isEmpty()) {
      throw line.error(instruction + " has no flag --" + values.keySet().iterator().next());
    }
  }
}
