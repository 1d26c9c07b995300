package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as JSON, with every measured value. */
final class JsonReport {
  private JsonReport() {}

  static String of(Report report) {
    var root = head(report.suite(), report.options(), report.machine());
    root.put("notes", report.notes());
    root.put("rows", report.rows().stream().map(JsonReport::row).toList());
    return json(root) + "\n";
  }

  /** What was run, and where. */
  static Map<String, Object> head(String suite, Options options, Machine machine) {
    var root = new LinkedHashMap<String, Object>();
    root.put("suite", suite);
    root.put("command", options.command());
    root.put("hardware", machine.hardware());
    root.put("system", machine.system());
    root.put("load", machine.load());
    root.put("java", machine.java());
    root.put("node", machine.node());
    root.put("chicory", machine.chicory());
    root.put("commit", machine.commit());
    return root;
  }

  private static Map<String, Object> row(Row row) {
    var object = new LinkedHashMap<String, Object>();
    object.put("guest", row.guest().label());
    object.put("work", row.work());
    row.cells().forEach((host, cell) -> object.put(host.label(), cell(row, host, cell)));
    return object;
  }

  private static Map<String, Object> cell(Row row, Host host, Cell cell) {
    var object = new LinkedHashMap<String, Object>();
    if (cell instanceof Cell.Measured measured) {
      object.put("median", measured.median());
      object.put("min", measured.least());
      object.put("max", measured.most());
      object.put("settled", measured.settled());
      object.put("seconds", measured.seconds());
      row.ratioToNode(host).ifPresent(ratio -> object.put("ratioToNode", ratio));
    } else if (cell instanceof Cell.Crash crash) {
      object.put("crash", crash.reason());
    }
    return object;
  }

  /** A value of maps, lists, texts, numbers and booleans. */
  static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> text(entry.getKey().toString()) + ": " + json(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(JsonReport::json).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String text ? text(text) : String.valueOf(value);
  }

  private static String text(String text) {
    var literal = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        literal.append('\\').append(c);
      } else if (c < ' ') {
        literal.append("\\u%04x".formatted((int) c));
      } else {
        literal.append(c);
      }
    }
    return literal.append('"').toString();
  }
}
