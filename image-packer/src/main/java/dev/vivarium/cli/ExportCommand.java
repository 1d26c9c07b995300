package dev.vivarium.cli;

import dev.vivarium.image.oci.BoxArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vivarium export}. */
@Command(
    name = "export",
    description = {
      "Makes one file of a box: the archive of an OCI image layout, for `vivarium import` and other tools"
          + " of containers.",
      ""
    },
    customSynopsis = "vivarium export [--files] BOX [-o FILE]",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class ExportCommand extends StoreCommand {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to make; replaced if it is there. Default: standard output")
  Path output;

  @Option(
      names = "--files",
      description = "Pack the box's files alone, as `docker import` reads them.")
  boolean files;

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 1, "one box");
    var image = context.image(operands.get(0));
    // Who named it by its digest has given it no name.
    var name =
        Optional.of(context.reference(operands.get(0))).filter(context.store().tags()::containsKey);
    OutputFile.Content content =
        out -> {
          if (files) {
            BoxArchive.writeTree(image.snapshot(), out);
          } else {
            BoxArchive.write(image, name, out);
          }
        };
    if (output != null) {
      OutputFile.of(context.host(), output).write(content);
      return;
    }
    if (context.host().terminals()[1]) {
      throw Failure.usage(
          "export writes no archive to a terminal; give it -o FILE, or redirect standard output");
    }
    var out = new BufferedOutputStream(context.host().out(), 1 << 16);
    content.writeTo(out);
    out.flush();
  }
}
