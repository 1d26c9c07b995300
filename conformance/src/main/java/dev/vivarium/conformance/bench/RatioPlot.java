package dev.vivarium.conformance.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ratios to node as an SVG: a line for each row, on a logarithmic scale, node being 1. */
final class RatioPlot {
  private static final int LABELS = 230;
  private static final int WIDTH = 760;
  private static final int RIGHT = 30;
  private static final int TOP = 64;
  private static final int LINE = 20;
  private static final int BOTTOM = 34;

  private final List<Row> rows;
  private final int lowest;
  private final int highest;
  private final StringBuilder svg = new StringBuilder();

  private RatioPlot(List<Row> rows) {
    this.rows = rows;
    double least = 1;
    double most = 10;
    for (var row : rows) {
      for (var host : compared()) {
        double ratio = row.ratioToNode(host).orElse(1);
        least = Math.min(least, ratio);
        most = Math.max(most, ratio);
      }
    }
    // Whole powers of ten, so that every plot has the same kind of axis.
    lowest = (int) Math.floor(Math.log10(least));
    highest = (int) Math.ceil(Math.log10(most));
  }

  static String of(String suite, List<Row> rows) {
    var comparable =
        rows.stream()
            .filter(row -> compared().stream().anyMatch(h -> row.ratioToNode(h).isPresent()))
            .toList();
    return new RatioPlot(comparable).draw(suite);
  }

  private static List<Host> compared() {
    return List.of(Host.CHICORY, Host.OURS);
  }

  private String draw(String suite) {
    int bottom = TOP + LINE * rows.size();
    int height = bottom + BOTTOM;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height, WIDTH, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    text(LABELS, 20, "start", "black", suite + ": time divided by node's, less is better");
    legend();
    axis(bottom);
    for (int i = 0; i < rows.size(); i++) {
      row(rows.get(i), TOP + LINE * i + LINE / 2);
    }
    add("</svg>");
    return svg.toString();
  }

  private void legend() {
    int x = LABELS;
    for (var host : compared()) {
      mark(host, x + 5, 38);
      text(x + 16, 42, "start", "black", host.title());
      x += 130;
    }
  }

  private void axis(int bottom) {
    var ticks = new ArrayList<Double>();
    for (int power = lowest; power < highest; power++) {
      for (int step : new int[] {1, 2, 5}) {
        ticks.add(step * Math.pow(10, power));
      }
    }
    ticks.add(Math.pow(10, highest));
    for (double tick : ticks) {
      boolean node = Math.abs(tick - 1) < 1e-9;
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\"/>",
          x(tick), TOP - 6, x(tick), bottom, node ? "black" : "#dddddd", node ? "1.5" : "1");
      text(x(tick), bottom + 16, "middle", "black", node ? "node = 1" : label(tick));
    }
  }

  private static String label(double tick) {
    return tick < 1
        ? String.format(Locale.ROOT, "%s", (float) tick)
        : String.format(Locale.ROOT, "%.0f", tick);
  }

  private void row(Row row, int y) {
    text(LABELS - 12, y + 4, "end", "black", row.guest().label() + " " + row.work());
    for (var host : compared()) {
      var ratio = row.ratioToNode(host);
      if (ratio.isPresent()) {
        double x = x(ratio.getAsDouble());
        mark(host, x, y);
      }
    }
  }

  private void mark(Host host, double x, int y) {
    if (host == Host.OURS) {
      add("<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#1f6fb4\"/>", x, y);
    } else {
      add("<rect x=\"%.1f\" y=\"%d\" width=\"9\" height=\"9\" fill=\"#d9822b\"/>", x - 4.5, y - 4);
    }
  }

  private double x(double ratio) {
    double share = (Math.log10(ratio) - lowest) / (highest - lowest);
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
