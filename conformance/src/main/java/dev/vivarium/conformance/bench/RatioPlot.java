package dev.vivarium.conformance.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Ratios to one contender as an SVG: a line for each row, on a logarithmic scale. */
final class RatioPlot {
  private static final int LABELS = 230;
  private static final int WIDTH = 760;
  private static final int RIGHT = 30;
  private static final int TOP = 64;
  private static final int LINE = 20;
  private static final int BOTTOM = 34;

  private static final List<Host> COMPARED = List.of(Host.CHICORY, Host.OURS);
  private static final List<String> COLORS = List.of("#d9822b", "#1f6fb4", "#3a8f4d", "#8a4fa3");

  /**
   * A line of the plot.
   *
   * @param ratios in the order of what is compared, where there are any
   */
  record Line(String label, List<OptionalDouble> ratios) {}

  private final String unit;
  private final List<String> compared;
  private final List<Line> lines;
  private final int first;
  private final int last;
  private final StringBuilder svg = new StringBuilder();

  private RatioPlot(String unit, List<String> compared, List<Line> lines) {
    this.unit = unit;
    this.compared = compared;
    this.lines =
        lines.stream()
            .filter(line -> line.ratios().stream().anyMatch(OptionalDouble::isPresent))
            .toList();
    double least = 1;
    double most = 2;
    for (var line : this.lines) {
      for (var ratio : line.ratios()) {
        least = Math.min(least, ratio.orElse(1));
        most = Math.max(most, ratio.orElse(1));
      }
    }
    int first = 0;
    while (tick(first) > least) {
      first--;
    }
    int last = 1;
    while (tick(last) < most) {
      last++;
    }
    this.first = first;
    this.last = last;
  }

  /** The ticks of the axis: 1, 2, 5, 10 and so on for 0, 1, 2, 3, and below 1 for what is less. */
  private static double tick(int index) {
    return new double[] {1, 2, 5}[Math.floorMod(index, 3)] * Math.pow(10, Math.floorDiv(index, 3));
  }

  /** The hosts of guests, divided by node. */
  static String of(String suite, List<Row> rows) {
    var lines =
        rows.stream()
            .map(
                row ->
                    new Line(
                        row.guest().label() + " " + row.work(),
                        COMPARED.stream().map(row::ratioToNode).toList()))
            .toList();
    return of(
        suite + ": time divided by node's, less is better",
        "node",
        COMPARED.stream().map(Host::title).toList(),
        lines);
  }

  /**
   * Draws.
   *
   * @param unit what the ratios are to
   * @param compared what has ratios; the second has round marks
   */
  static String of(String heading, String unit, List<String> compared, List<Line> lines) {
    return new RatioPlot(unit, compared, lines).draw(heading);
  }

  private String draw(String heading) {
    int bottom = TOP + LINE * lines.size();
    int height = bottom + BOTTOM;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height, WIDTH, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    text(LABELS, 20, "start", "black", heading);
    legend();
    axis(bottom);
    for (int i = 0; i < lines.size(); i++) {
      line(lines.get(i), TOP + LINE * i + LINE / 2);
    }
    add("</svg>");
    return svg.toString();
  }

  private void legend() {
    int x = LABELS;
    for (int i = 0; i < compared.size(); i++) {
      mark(i, x + 5, 38);
      text(x + 16, 42, "start", "black", compared.get(i));
      x += 130;
    }
  }

  private void axis(int bottom) {
    for (int i = first; i <= last; i++) {
      double tick = tick(i);
      boolean one = i == 0;
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\"/>",
          x(tick), TOP - 6, x(tick), bottom, one ? "black" : "#dddddd", one ? "1.5" : "1");
      text(
          x(tick),
          bottom + 16,
          "middle",
          "black",
          one ? unit + " = 1" : String.valueOf((float) tick).replaceFirst("\\.0$", ""));
    }
  }

  private void line(Line line, int y) {
    text(LABELS - 12, y + 4, "end", "black", line.label());
    for (int i = 0; i < compared.size(); i++) {
      var ratio = line.ratios().get(i);
      if (ratio.isPresent()) {
        mark(i, x(ratio.getAsDouble()), y);
      }
    }
  }

  private void mark(int which, double x, int y) {
    String color = COLORS.get(which);
    if (which == 1) {
      add("<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"%s\"/>", x, y, color);
    } else {
      add(
          "<rect x=\"%.1f\" y=\"%d\" width=\"9\" height=\"9\" fill=\"%s\"/>",
          x - 4.5, y - 4, color);
    }
  }

  private double x(double ratio) {
    double share = Math.log(ratio / tick(first)) / Math.log(tick(last) / tick(first));
    return LABELS + share * (WIDTH - RIGHT - LABELS);
  }

  private void text(double x, int y, String anchor, String color, String text) {
    add(
        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, color, text.replace("&", "&amp;").replace("<", "&lt;"));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
