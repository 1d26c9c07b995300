package dev.vivarium.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium rm}. */
@Command(
    name = "rm",
    description = {
      "Takes the names of boxes away. What nothing names any more goes with: vivarium gc",
      ""
    },
    customSynopsis = "vivarium rm BOX...",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class RemoveCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, Integer.MAX_VALUE, "names of boxes");
    var references = operands.stream().map(context::reference).toList();
    var tags = context.store().tags().keySet();
    for (int i = 0; i < references.size(); i++) {
      var name = references.get(i);
      if (name.digest().isPresent()) {
        throw Failure.usage(operands.get(i) + ": rm takes names, not digests");
      }
      if (!tags.contains(name)) {
        throw Context.noBox(operands.get(i));
      }
    }
    for (var reference : references) {
      context.store().untag(reference);
    }
  }
}
