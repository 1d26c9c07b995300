package dev.vivarium.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code vivarium} before the name of a command. */
@Command(
    name = "vivarium",
    description = {
      "Runs WebAssembly guests, such as Python and Ruby, in a world that lives in memory.",
      ""
    },
    customSynopsis = "vivarium COMMAND [ARG...]",
    optionListHeading = "Options:%n",
    sortOptions = false,
    footer = {
      "",
      "Commands:",
      "  help   Show this, or what a command does.",
      "  run    Run python, ruby, a box or a WebAssembly file.",
      "  build  Build a box from a directory with a Dockerfile.",
      "  pack   Pack a directory into a file that a guest can start from.",
      "",
      "Commands on the boxes of this machine:",
      "  images    List them.",
      "  inspect   Show what a box is made of, and how it starts.",
      "  ls, tree, cat   Show its files.",
      "  diff      Show what differs between two boxes.",
      "  tag, rm   Give one more name; take a name away.",
      "  gc        Remove what has no name.",
      "  export, import   Make a file of a box, and a box of a file.",
      "  push, pull       Copy boxes to and from a registry.",
      "",
      "Examples:",
      "  vivarium run python -c 'import math; print(math.sqrt(2))'",
      "  vivarium run --map .:/work -w /work python script.py",
      "",
      "`vivarium help COMMAND` says more."
    })
final class TopOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Parameters(arity = "0..*", hidden = true)
  List<String> command = new ArrayList<>();
}
