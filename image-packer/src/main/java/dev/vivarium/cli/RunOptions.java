package dev.vivarium.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code vivarium run}. */
@Command(
    name = "run",
    description = {
      "Runs a guest in a world of its own, in memory.",
      "",
      "PROGRAM is a WebAssembly file (a name with a / in it, or one that ends in .wasm), a runtime"
          + " (python, python:3.12, ruby, ...), or a box of this machine; a box, too, if it has a / and"
          + " no such file is there. What follows it is the guest's; its exit status is that of this"
          + " command.",
      ""
    },
    customSynopsis = "vivarium run [OPTION...] PROGRAM [ARG...]",
    optionListHeading = "Options:%n",
    sortOptions = false,
    footer = {
      "",
      "SIZE is a number of bytes, or one with k, m or g (powers of 1024): 8m, 1GiB.",
      "TIME is a number of seconds, or one with ms, s, m or h: 500ms, 2s, 1h.",
      "",
      "Exit status: the guest's own; 2 wrong usage, 124 timeout, 125 vivarium failed,",
      "126 a box's command cannot be run, 127 it is not there, 130 interrupted,",
      "134 the guest trapped, 137 out of memory."
    })
final class RunOptions {

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      converter = EnvironmentVariable.Converter.class,
      description =
          "Set a variable of the guest's environment, which has nothing of the host's but what a NAME"
              + " alone names.")
  List<EnvironmentVariable> environment = new ArrayList<>();

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description =
          "Start in this directory of the guest; made if it is not there. Default: the box's, or /")
  String workingDirectory;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description =
          "Run as this user, a name in the guest's /etc/passwd or a number. Default: the box's, or"
              + " root")
  String user;

  @Option(
      names = "--map",
      paramLabel = "HOST:GUEST[:ro]",
      converter = HostMapping.OfMap.class,
      description =
          "Show the guest a directory or a file of the host. Nothing else of the disk is visible.")
  List<HostMapping> mappings = new ArrayList<>();

  // Apart from --map, so that a message has the name that was typed.
  @Option(
      names = {"-v", "--volume"},
      paramLabel = "HOST:GUEST[:ro]",
      converter = HostMapping.OfVolume.class,
      description = "As --map, as Docker has it.")
  List<HostMapping> volumes = new ArrayList<>();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "Start from the files that `vivarium pack` put into FILE.")
  Path root;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Save the files that the guest made or changed into DIR, which must be empty.")
  Path save;

  @Option(
      names = "--commit",
      paramLabel = "NAME[:TAG]",
      description = "Make another box of the one that is run, with what the guest changed.")
  String commit;

  @Option(
      names = "--entrypoint",
      paramLabel = "COMMAND",
      description = "Run this command of the box instead of its own; the arguments are its.")
  String entrypoint;

  @Option(
      names = "--read-only",
      description =
          "Let the guest change nothing but /dev, the box's volumes, and what --tmpfs and --map"
              + " show it.")
  boolean readOnly;

  @Option(
      names = "--tmpfs",
      paramLabel = "DIR[:OPTIONS]",
      converter = TemporaryDirectory.Converter.class,
      description =
          "Give the guest an empty directory that is gone when it ends. Options are size=SIZE,"
              + " mode=OCTAL, ro, rw, noexec, exec, nosuid and nodev, with commas between.")
  List<TemporaryDirectory> temporary = new ArrayList<>();

  @Option(
      names = {"-i", "--interactive", "-t", "--tty", "--rm"},
      description =
          "As for Docker; here they are always so: the guest has the standard streams and terminals"
              + " of this command, and nothing of it stays.")
  boolean asAlways;

  @Option(
      names = "--limit-memory",
      paramLabel = "SIZE",
      converter = Quantity.Size.class,
      description = "The most memory that the guest may have. Default: 1g")
  Long memory;

  @Option(
      names = "--limit-fs",
      paramLabel = "SIZE",
      converter = Quantity.Size.class,
      description = "The most that its files may hold. Default: 1g")
  Long fileBytes;

  @Option(
      names = "--limit-files",
      paramLabel = "N",
      converter = Quantity.Count.class,
      description = "The most files and directories that it may make. Default: 1048576")
  Long files;

  @Option(
      names = "--limit-open-files",
      paramLabel = "N",
      converter = Quantity.Count.class,
      description = "The most descriptors that it may have open. Default: 1024")
  Long openFiles;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "End the guest if it still runs after this time, with status 124.")
  Duration timeout;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      arity = "0..1",
      preprocessor = OnlyAttached.class,
      description =
          "Write each call that the guest makes, to standard error or (--trace=FILE) a file.")
  String trace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Parameters(arity = "0..*", hidden = true)
  List<String> command = new ArrayList<>();

  /** All that the guest is shown of the host. */
  List<HostMapping> hostMappings() {
    return Stream.concat(mappings.stream(), volumes.stream()).toList();
  }

  /**
   * Takes a value only with an equals sign, so that the word behind {@code --trace} is the program.
   * An option without a value is given the empty text.
   */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!command.parser().separator().equals(info.get("separator"))) {
        arguments.push("");
      }
      return false;
    }
  }
}
