package dev.vivarium.cli;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium gc}. */
@Command(
    name = "gc",
    description = {"Removes what no box and no running command needs.", ""},
    customSynopsis = "vivarium gc",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class CollectCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(0, 0, "no operand");
    var removed = context.store().gc();
    context
        .out()
        .println(
            "removed %d %s, %s"
                .formatted(
                    removed.files(),
                    removed.files() == 1 ? "file" : "files",
                    Quantity.bytes(removed.bytes())));
  }
}
