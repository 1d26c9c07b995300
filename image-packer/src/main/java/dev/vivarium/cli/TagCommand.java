package dev.vivarium.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium tag}. */
@Command(
    name = "tag",
    description = {"Gives a box one more name. Another box that has it has it no more.", ""},
    customSynopsis = "vivarium tag BOX NAME[:TAG]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class TagCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(2, 2, "a box and a name");
    var image = context.image(operands.get(0));
    context.store().tag(context.newName(operands.get(1)), image);
  }
}
