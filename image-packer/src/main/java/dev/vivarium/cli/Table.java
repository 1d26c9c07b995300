package dev.vivarium.cli;

import java.io.PrintStream;
import java.util.List;

/** Rows for people, in columns as wide as what is in them. */
final class Table {

  private Table() {}

  static void print(List<List<String>> rows, PrintStream out) {
    int columns = rows.get(0).size();
    var widths = new int[columns];
    for (var row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 3));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
