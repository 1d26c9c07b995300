package dev.vivarium.cli;

import dev.vivarium.image.HostReason;
import dev.vivarium.image.oci.BoxArchive;
import dev.vivarium.image.oci.BoxFormatException;
import dev.vivarium.image.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code vivarium import}. */
@Command(
    name = "import",
    description = {
      "Makes a box of a file: what `vivarium export` made, the archive of an OCI image layout, or an"
          + " archive of files.",
      ""
    },
    customSynopsis = "vivarium import FILE [NAME[:TAG]]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class ImportCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "a file and a name");
    var given = operands.get(0);
    var file = context.host().path(given);
    if (!Files.isRegularFile(file)) {
      throw Failure.usage(given + ": " + (Files.exists(file) ? "not a file" : "no such file"));
    }
    var name =
        operands.size() > 1
            ? Optional.of(context.newName(operands.get(1)))
            : Optional.<Reference>empty();
    try {
      context.out().println(BoxArchive.read(file, name, context.store()));
    } catch (BoxFormatException e) {
      throw Failure.usage(given + ": " + HostReason.of(e));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(given + ": " + e.getMessage());
    }
  }
}
