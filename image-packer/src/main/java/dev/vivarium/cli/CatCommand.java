package dev.vivarium.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium cat}. */
@Command(
    name = "cat",
    description = {"Writes files of a box to standard output.", ""},
    customSynopsis = "vivarium cat BOX PATH...",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class CatCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(2, Integer.MAX_VALUE, "a box and paths");
    var files = new BoxFiles(operands.get(0), context.image(operands.get(0)).snapshot());
    for (var path : operands.subList(1, operands.size())) {
      files.copy(path, context.host().out());
    }
  }
}
