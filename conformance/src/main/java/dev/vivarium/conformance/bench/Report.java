package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/**
 * What a suite has measured.
 *
 * @param notes how it was measured, and what was left out, a line each
 */
record Report(String suite, Machine machine, Options options, List<Row> rows, List<String> notes) {

  /** The flags of a suite that makes reports. */
  static final Set<Flag> FLAGS = Set.of(Flag.values());

  /** Prints the table, and writes the files that were asked for. */
  void publish() throws IOException {
    System.out.print(MarkdownTable.of(options.hosts(), rows));
    System.out.println();
    notes.forEach(note -> System.out.println("- " + note));
    System.out.println(machine.describe(options.command()));
    if (options.json() != null) {
      Files.writeString(options.json(), JsonReport.of(this));
    }
    if (options.plot() != null) {
      Files.writeString(options.plot(), RatioPlot.of(suite, rows));
    }
  }
}
