package dev.vivarium.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code vivarium pack}. */
@Command(
    name = "pack",
    description = {
      "Packs a directory into one file, which `vivarium run --root` starts from.",
      "",
      "Names, contents, permissions and links are kept; everything belongs to root, and every time is"
          + " $SOURCE_DATE_EPOCH or 0, so that the same content makes the same file.",
      ""
    },
    customSynopsis = "vivarium pack DIR -o FILE",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class PackOptions {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to make; replaced if it is there.")
  Path output;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Parameters(arity = "0..*", hidden = true)
  List<Path> directories = new ArrayList<>();
}
