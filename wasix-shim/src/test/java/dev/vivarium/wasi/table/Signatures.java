package dev.vivarium.wasi.table;

import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Core types in the short notation of the tests' lists: {@code fd_seek(iIii)i}. */
final class Signatures {
  private Signatures() {}

  /** The rows of a table by name, in the short notation. */
  static Map<String, String> of(HostModule table) {
    var types = new TreeMap<String, String>();
    for (var row : table.rows()) {
      types.merge(row.name(), text(row.shape().signature()), (a, b) -> a + " or " + b);
    }
    return types;
  }

  /** A list such as {@code args_get(ii)i sched_yield()i}. */
  static Map<String, String> parse(String list) {
    var types = new TreeMap<String, String>();
    for (String entry : list.trim().split("\\s+")) {
      int open = entry.indexOf('(');
      types.put(entry.substring(0, open), entry.substring(open));
    }
    return types;
  }

  static Signature signature(String text) {
    int close = text.indexOf(')');
    return new Signature(types(text.substring(1, close)), types(text.substring(close + 1)));
  }

  private static String text(Signature signature) {
    return "(" + letters(signature.params()) + ")" + letters(signature.results());
  }

  private static String letters(List<ValueType> types) {
    return types.stream()
        .map(type -> type == ValueType.I64 ? "I" : "i")
        .collect(Collectors.joining());
  }

  private static List<ValueType> types(String letters) {
    var types = new ArrayList<ValueType>();
    for (char letter : letters.toCharArray()) {
      types.add(letter == 'I' ? ValueType.I64 : ValueType.I32);
    }
    return types;
  }
}
