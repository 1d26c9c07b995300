package dev.vivarium.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium tree}. */
@Command(
    name = "tree",
    description = {"Shows a directory of a box with all that is below it.", ""},
    customSynopsis = "vivarium tree BOX [PATH]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class TreeCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "a box and a path");
    var files = new BoxFiles(operands.get(0), context.image(operands.get(0)).snapshot());
    context.out().print(files.tree(operands.size() > 1 ? operands.get(1) : "/"));
  }
}
