package dev.vivarium.cli;

import dev.vivarium.image.oci.Registry;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code vivarium pull}. */
@Command(
    name = "pull",
    description = {
      "Copies a box from a registry, and checks all of it. Logins are those of Docker's config.json.",
      ""
    },
    customSynopsis = "vivarium pull HOST[:PORT]/NAME[:TAG][@DIGEST]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class PullCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 1, "one name");
    var name = context.reference(operands.get(0));
    try {
      var registry = Registry.of(name, context.host().environment(), context.console()::report);
      var pulled = registry.pull(context.store()).digest();
      // What was asked for by a digest, which may be that of an index, has that for its name.
      var exact = name.digest().map(asked -> "@" + asked);
      context.out().println(name.name() + exact.orElse(":" + name.tag() + "@" + pulled));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }
}
