package dev.vivarium.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code vivarium build}. */
@Command(
    name = "build",
    description = {
      "Builds a box from a directory with a Dockerfile.",
      "",
      "FROM takes a runtime (python, python:3, python:3.12, ruby, ...), a box of this machine, or"
          + " scratch. The same files and arguments make the same box: every time in it is"
          + " $SOURCE_DATE_EPOCH or 0.",
      ""
    },
    customSynopsis = "vivarium build [OPTION...] DIR",
    optionListHeading = "Options:%n",
    sortOptions = false,
    footer = {
      "",
      "Exit status: 0; 1 a command of a RUN has failed, or the run that --slim watches;",
      "2 the command line or the Dockerfile is wrong, 124 timeout, 125 vivarium failed,",
      "or what it depends on."
    })
final class BuildOptions {

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "NAME[:TAG]",
      description = "What the box is called; may be given more than once.")
  List<String> tags = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "The Dockerfile; - for one on standard input. Default: Dockerfile or Boxfile in DIR")
  Path file;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME[=VALUE]",
      converter = EnvironmentVariable.Converter.class,
      description =
          "Give an ARG of the Dockerfile a value; without one, that of the variable of this name"
              + " here, if there is one.")
  List<EnvironmentVariable> arguments = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Build this stage, and what it needs. Default: the last")
  String target;

  @Option(
      names = "--strip",
      description =
          "Leave out what a program runs without: names and debugging information of the runtime's"
              + " module, and compiled Python.")
  boolean strip;

  @Option(
      names = "--slim",
      description =
          "Strip, run the box once, and leave out those files of the runtime's library that the run"
              + " does not touch.")
  boolean slim;

  @Option(
      names = "--slim-keep",
      paramLabel = "PATTERN",
      description =
          "With --slim, a pattern of files that stay: opt/python/json/** say. May be given more"
              + " than once.")
  List<String> slimKeep = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description =
          "End the build, with status 124, if a command of a RUN, or the run that --slim watches,"
              + " still runs after this time: 500ms, 2s, 1h.")
  Duration timeout;

  @Option(names = "--no-cache", description = "Do every step, whatever earlier builds have done.")
  boolean noCache;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Parameters(arity = "0..*", hidden = true)
  List<Path> directories = new ArrayList<>();
}
