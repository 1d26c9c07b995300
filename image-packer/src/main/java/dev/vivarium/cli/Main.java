package dev.vivarium.cli;

import dev.vivarium.image.HostReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code vivarium} command. */
public final class Main {

  private Main() {}

  /** Runs a command line and ends the JVM with its status. */
  public static void main(String[] arguments) {
    int status = run(Host.ofProcess(), arguments);
    Runtime.getRuntime().exit(status);
  }

  /**
   * Runs a command line.
   *
   * @return the exit status; whatever goes wrong is a line on the host's standard error
   */
  static int run(Host host, String... arguments) {
    var console = host.console();
    try {
      return dispatch(host, console, arguments);
    } catch (Failure e) {
      console.say(e.getMessage());
      return e.status();
    } catch (IOException e) {
      console.say(HostReason.withFile(e));
      return Failure.HOST;
    } catch (OutOfMemoryError e) {
      console.say(
          "the JVM has not enough memory for this ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB); give it more: VIVARIUM_JAVA_OPTS=-Xmx4g");
      return Failure.HOST;
    } catch (RuntimeException | Error e) {
      if (host.environment().containsKey("VIVARIUM_DEBUG")) {
        e.printStackTrace();
      }
      console.say(
          "internal error: " + e + "; please report it, with what VIVARIUM_DEBUG=1 adds to this");
      return Failure.HOST;
    }
  }

  private static int dispatch(Host host, Console console, String... arguments) throws IOException {
    var top = new TopOptions();
    top.command = List.of(arguments);
    if (beginsWithOption(top.command) && !parse(host, "vivarium", top, List.of(arguments))) {
      return 0;
    }
    if (top.command.isEmpty()) {
      throw Failure.usage("no command; see: vivarium --help");
    }
    var command = top.command.get(0);
    var rest = top.command.subList(1, top.command.size());
    switch (command) {
      case "help" -> {
        if (rest.size() > 1) {
          throw Failure.usage("help takes the name of a command; see: vivarium --help");
        }
        return rest.isEmpty()
            ? dispatch(host, console, "--help")
            : dispatch(host, console, rest.get(0), "--help");
      }
      case "run" -> {
        var options = new RunOptions();
        if (!beginsWithOption(rest)) {
          options.command = rest;
        } else if (!parse(host, "vivarium run", options, rest)) {
          return 0;
        }
        return new RunCommand(host, console, options).run();
      }
      case "build" -> {
        var options = new BuildOptions();
        return parse(host, "vivarium build", options, rest)
            ? new BuildCommand(host, console, options).run()
            : 0;
      }
      case "pack" -> {
        var options = new PackOptions();
        return parse(host, "vivarium pack", options, rest)
            ? new PackCommand(host, console, options).run()
            : 0;
      }
      default -> {
        var options = StoreCommands.named(command);
        return parse(host, "vivarium " + command, options, rest) ? options.run(host, console) : 0;
      }
    }
  }

  /**
   * Whether there is an option to parse. What follows the name of a command, or of a program to
   * run, is theirs; a start without options does without the parser, which takes long to load.
   */
  private static boolean beginsWithOption(List<String> arguments) {
    return !arguments.isEmpty() && arguments.get(0).startsWith("-");
  }

  /** Fills in the options; false if help or the version was asked for, and has been shown. */
  private static boolean parse(Host host, String command, Object options, List<String> arguments) {
    var line = commandLine(options);
    try {
      var parsed = line.parseArgs(new ArrayList<>(arguments).toArray(new String[0]));
      var out = new java.io.PrintStream(host.out(), true, java.nio.charset.StandardCharsets.UTF_8);
      if (parsed.isVersionHelpRequested()) {
        out.println("vivarium " + version() + " (Java " + Runtime.version() + ")");
        return false;
      }
      if (parsed.isUsageHelpRequested()) {
        line.usage(out, CommandLine.Help.Ansi.OFF);
        return false;
      }
      return true;
    } catch (ParameterException e) {
      throw Failure.usage(e.getMessage() + "; see: " + command + " --help");
    }
  }

  /** A parser. What follows the name of a command, or of a program to run, is theirs. */
  static CommandLine commandLine(Object options) {
    return new CommandLine(options)
        .setStopAtPositional(options instanceof TopOptions || options instanceof RunOptions)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true);
  }

  private static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
