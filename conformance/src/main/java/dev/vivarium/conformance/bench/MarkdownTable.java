package dev.vivarium.conformance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rows as a table: each host's median and spread in milliseconds, the ratios to node last. */
final class MarkdownTable {
  private MarkdownTable() {}

  static String of(Set<Host> hosts, List<Row> rows) {
    var compared =
        hosts.contains(Host.NODE)
            ? List.of(Host.CHICORY, Host.OURS).stream().filter(hosts::contains).toList()
            : List.<Host>of();
    var head = new ArrayList<>(List.of("guest", "work"));
    hosts.forEach(host -> head.add(host.title() + ", ms"));
    compared.forEach(host -> head.add(host.title() + " / node"));
    var table = new StringBuilder(line(head));
    table.append("|---|---").append("|---:".repeat(head.size() - 2)).append("|\n");
    for (var row : rows) {
      var line = new ArrayList<>(List.of(row.guest().label(), row.work()));
      hosts.forEach(host -> line.add(cell(row.cells().get(host))));
      compared.forEach(host -> line.add(ratio(row, host)));
      table.append(line(line));
    }
    return table.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String cell(Cell cell) {
    if (cell instanceof Cell.Measured measured) {
      return "%s (%s-%s)%s"
          .formatted(
              millis(measured.median()),
              millis(measured.least()),
              millis(measured.most()),
              measured.settled() ? "" : " †");
    }
    return cell instanceof Cell.Crash crash ? "crash: " + crash.reason().replace("|", "\\|") : "";
  }

  private static String ratio(Row row, Host host) {
    var ratio = row.ratioToNode(host);
    return ratio.isPresent() ? digits(ratio.getAsDouble()) : "";
  }

  private static String millis(double seconds) {
    return digits(seconds * 1000);
  }

  /** Three digits that count, or more before the point. */
  static String digits(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }
}
