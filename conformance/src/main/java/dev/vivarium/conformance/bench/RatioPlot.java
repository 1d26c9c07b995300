package dev.vivarium.conformance.bench;

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

  private static final List<Host> COMPARED = List.of(Host.CHICORY, Host.OURS);

  private final List<Row> rows;
  private final int first;
  private final int last;
  private final StringBuilder svg = new StringBuilder();

  private RatioPlot(List<Row> rows) {
    this.rows = rows;
    double least = 1;
    double most = 2;
    for (var row : rows) {
      for (var host : COMPARED) {
        double ratio = row.ratioToNode(host).orElse(1);
        least = Math.min(least, ratio);
        most = Math.max(most, ratio);
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

  static String of(String suite, List<Row> rows) {
    var comparable =
        rows.stream()
            .filter(row -> COMPARED.stream().anyMatch(h -> row.ratioToNode(h).isPresent()))
            .toList();
    return new RatioPlot(comparable).draw(suite);
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
    for (var host : COMPARED) {
      mark(host, x + 5, 38);
      text(x + 16, 42, "start", "black", host.title());
      x += 130;
    }
  }

  private void axis(int bottom) {
    for (int i = first; i <= last; i++) {
      double tick = tick(i);
      boolean node = i == 0;
      add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\"/>",
          x(tick), TOP - 6, x(tick), bottom, node ? "black" : "#dddddd", node ? "1.5" : "1");
      text(
          x(tick),
          bottom + 16,
          "middle",
          "black",
          node ? "node = 1" : String.valueOf((float) tick).replaceFirst("\\.0$", ""));
    }
  }

  private void row(Row row, int y) {
    text(LABELS - 12, y + 4, "end", "black", row.guest().label() + " " + row.work());
    for (var host : COMPARED) {
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
