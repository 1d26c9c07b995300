package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Change;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vivarium diff}. */
@Command(
    name = "diff",
    description = {
      "Shows what the uppermost layer of a box changes, or what differs in a second box: A for what is"
          + " added, C for what is changed, D for what is deleted.",
      ""
    },
    customSynopsis = "vivarium diff BOX [BOX]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class DiffCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "one box or two");
    var first = context.image(operands.get(0));
    print(
        operands.size() == 1
            ? first.snapshot().diff(first.snapshotBelow())
            : context.image(operands.get(1)).snapshot().diff(first.snapshot()),
        context.out());
  }

  private static void print(List<Change> changes, PrintStream out) {
    for (var change : changes) {
      switch (change.kind()) {
        case ADDED -> line(out, 'A', change.path());
        case CHANGED -> line(out, 'C', change.path());
        case REMOVED -> line(out, 'D', change.path());
        case RENAMED -> {
          line(out, 'D', change.oldPath());
          line(out, 'A', change.path());
        }
      }
    }
  }

  private static void line(PrintStream out, char what, byte[] path) {
    out.println(what + " " + Console.printable(new String(path, UTF_8)));
  }
}
