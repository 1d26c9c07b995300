package dev.vivarium.wasi.table;

import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Layout;
import dev.vivarium.wasi.abi.Returns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables as a page for people: which functions there are, and how far they are supported. */
public final class Compatibility {
  private static final String HEAD =
      """
      # Compatibility

      This page is generated from the import tables in `dev.vivarium.wasi.table`; to make it anew, run

      ```sh
      mvn -pl wasix-shim -am test -Dtest=CompatibilityTest -Dsurefire.failIfNoSpecifiedTests=false -Dvivarium.regenerate=true
      ```

      **full**: as the specification has it. **partial**: what it does is right, but it does not do all. **stub**: it
      answers what a system without the feature answers. A path, a text or a list of buffers is one parameter here and
      two core values in the import. An import that is not on this page is linked to a stub that answers ENOSYS, or traps
      with its name if it cannot answer an errno.
      """;

  private Compatibility() {}

  /** The page in Markdown. */
  public static String markdown() {
    var page = new StringBuilder(HEAD);
    Set<FunctionSpec> shown = new HashSet<>();
    for (var table : HostModules.all()) {
      var rows = new ArrayList<>(table.rows());
      boolean shared = rows.removeAll(shown);
      page.append("\n## ").append(table.name()).append("\n\n");
      page.append(summary(table.rows())).append('\n');
      if (shared) {
        page.append("\nWhat is not in the list is as in ")
            .append(Preview1.TABLE.name())
            .append(".\n");
      }
      page.append("\n| function | support | |\n|---|---|---|\n");
      rows.forEach(row -> page.append(line(row)));
      shown.addAll(rows);
    }
    return page.toString();
  }

  private static String summary(List<FunctionSpec> rows) {
    var counts = new ArrayList<String>();
    for (var support : Support.values()) {
      long count = rows.stream().filter(row -> row.support() == support).count();
      if (count > 0) {
        counts.add(count + " " + word(support));
      }
    }
    String functions = rows.size() == 1 ? " function: " : " functions: ";
    return rows.size() + functions + String.join(", ", counts) + ".";
  }

  private static String line(FunctionSpec row) {
    return "| `%s` | %s | %s |%n"
        .formatted(declaration(row.shape()), word(row.support()), row.note())
        .replace(System.lineSeparator(), "\n");
  }

  /** Such as {@code fd_seek(fd, offset, whence) -> filesize}. */
  private static String declaration(FunctionShape shape) {
    var params = new ArrayList<String>();
    shape.params().forEach(param -> params.add(param.name()));
    String results =
        shape.returns().outs().stream().map(Layout::name).collect(Collectors.joining(", "));
    String arrow = shape.returns().core() == Returns.Core.VALUE ? "value" : results;
    return shape.name()
        + "("
        + String.join(", ", params)
        + ")"
        + (arrow.isEmpty() ? "" : " -> " + arrow);
  }

  private static String word(Support support) {
    return support.name().toLowerCase(Locale.ROOT);
  }
}
