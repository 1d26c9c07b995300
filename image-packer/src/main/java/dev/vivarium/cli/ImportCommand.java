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
          + " archive of files. `-` is standard input.",
      ""
    },
    customSynopsis = "vivarium import FILE|- [NAME[:TAG]]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class ImportCommand extends StoreCommand {
  private static final String STANDARD_INPUT = "-";

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 2, "a file and a name");
    var given = operands.get(0);
    var what = given.equals(STANDARD_INPUT) ? "standard input" : given;
    var name =
        operands.size() > 1
            ? Optional.of(context.newName(operands.get(1)))
            : Optional.<Reference>empty();
    try {
      context.out().println(read(given, name, context));
    } catch (BoxFormatException e) {
      throw Failure.usage(what + ": " + HostReason.of(e));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(what + ": " + e.getMessage());
    }
  }

  private static Reference read(String given, Optional<Reference> name, Context context)
      throws IOException {
    var host = context.host();
    if (given.equals(STANDARD_INPUT)) {
      if (host.terminals()[0]) {
        throw Failure.usage("import reads no archive from a terminal; redirect standard input");
      }
      return BoxArchive.read(host.in(), name, context.store());
    }
    var file = host.path(given);
    if (!Files.isRegularFile(file)) {
      throw Failure.usage(given + ": " + (Files.exists(file) ? "not a file" : "no such file"));
    }
    return BoxArchive.read(file, name, context.store());
  }
}
