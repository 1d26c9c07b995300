package dev.vivarium.cli;

import dev.vivarium.image.oci.Registry;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium push}. */
@Command(
    name = "push",
    description = {
      "Copies a box to a registry: the one in its name, or in a second name. Logins are those of Docker's"
          + " config.json.",
      ""
    },
    customSynopsis = "vivarium push BOX [HOST[:PORT]/NAME[:TAG]]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class PushCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "a box and a name");
    var image = context.image(operands.get(0));
    var target = context.newName(operands.get(operands.size() - 1));
    try {
      Registry.of(target, context.host().environment(), context.console()::report).push(image);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
    context.out().println(target.name() + ":" + target.tag() + "@" + image.digest());
  }
}
