package dev.vivarium.cli;

import dev.vivarium.image.oci.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code vivarium rm}. */
@Command(
    name = "rm",
    description = {
      "Takes the names of boxes away, or, of a digest, the only name of its box. What nothing names any"
          + " more goes with: vivarium gc",
      ""
    },
    customSynopsis = "vivarium rm BOX...",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class RemoveCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, Integer.MAX_VALUE, "names of boxes");
    var references = new ArrayList<Reference>();
    for (var operand : operands) {
      references.add(only(operand, context.store().names(context.reference(operand))));
    }
    for (var reference : references) {
      context.store().untag(reference);
    }
  }

  /** What else a box is named by somebody may count on who does not know of this. */
  private static Reference only(String operand, List<Reference> names) {
    if (names.isEmpty()) {
      throw Context.noBox(operand);
    }
    if (names.size() > 1) {
      var all = names.stream().map(Reference::toString).collect(Collectors.joining(", "));
      throw Failure.usage(operand + ": it has several names; remove them by these: " + all);
    }
    return names.get(0);
  }
}
