package dev.vivarium.conformance.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * What the same work costs on several contenders, a row for each piece of work: ours first, and
 * last what the others take divided by ours.
 */
final class Comparison {
  private final String work;
  private final List<String> contenders;
  private final DoubleFunction<String> format;
  private final Map<String, Map<String, Double>> rows = new LinkedHashMap<>();

  /**
   * @param work what the rows are, for the head of the table
   * @param contenders in the order of the columns, ours first
   * @param format a figure for people
   */
  Comparison(String work, List<String> contenders, DoubleFunction<String> format) {
    this.work = work;
    this.contenders = contenders;
    this.format = format;
  }

  void add(String row, String contender, double figure) {
    rows.computeIfAbsent(row, absent -> new LinkedHashMap<>()).put(contender, figure);
  }

  private String ours() {
    return contenders.get(0);
  }

  private List<String> peers() {
    return contenders.subList(1, contenders.size());
  }

  private static OptionalDouble ratio(Map<String, Double> row, String peer, String ours) {
    return row.containsKey(peer) && row.containsKey(ours)
        ? OptionalDouble.of(row.get(peer) / row.get(ours))
        : OptionalDouble.empty();
  }

  String markdown() {
    var head = new ArrayList<>(List.of(work));
    head.addAll(contenders);
    peers().forEach(peer -> head.add(peer + " / " + ours()));
    var table = new StringBuilder(line(head));
    table.append("|---").append("|---:".repeat(head.size() - 1)).append("|\n");
    rows.forEach(
        (name, row) -> {
          var cells = new ArrayList<>(List.of(name));
          contenders.forEach(
              one -> cells.add(row.containsKey(one) ? format.apply(row.get(one)) : ""));
          for (var peer : peers()) {
            var ratio = ratio(row, peer, ours());
            cells.add(ratio.isPresent() ? MarkdownTable.digits(ratio.getAsDouble()) : "");
          }
          table.append(line(cells));
        });
    return table.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** Each row with its name and the figure of each contender that has one. */
  List<Map<String, Object>> json() {
    var list = new ArrayList<Map<String, Object>>();
    rows.forEach(
        (name, row) -> {
          var object = new LinkedHashMap<String, Object>();
          object.put(work, name);
          object.putAll(row);
          list.add(object);
        });
    return list;
  }

  String plot(String heading) {
    var lines = new ArrayList<RatioPlot.Line>();
    rows.forEach(
        (name, row) ->
            lines.add(
                new RatioPlot.Line(
                    name, peers().stream().map(peer -> ratio(row, peer, ours())).toList())));
    return RatioPlot.of(heading, ours(), peers(), lines);
  }
}
