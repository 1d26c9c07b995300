package dev.vivarium.conformance.host;

import picocli.CommandLine;

/** How the commands in {@code conformance} take their arguments, and say in a line why not. */
public final class CommandLines {
  private static final int WRONG_USAGE = 2;
  private static final int MISSING = 125;

  private CommandLines() {}

  /**
   * Runs a command.
   *
   * @return its exit status: 2 for wrong usage, 125 if it fails
   */
  public static int execute(Object command, String... arguments) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(
            (wrong, given) -> say(wrong.getCommandLine(), wrong, WRONG_USAGE))
        .setExecutionExceptionHandler((failure, line, given) -> say(line, failure, MISSING))
        .execute(arguments);
  }

  private static int say(CommandLine line, Exception why, int status) {
    line.getErr().println(line.getCommandName() + ": " + why.getMessage());
    return status;
  }
}
