package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run tells an interpreter that has started.
 *
 * @param text what replaces the placeholder: the source, the module's name or the script's path
 * @param environment {@code NAME=value} strings
 * @param letter what the mailbox of {@code sitecustomize} gets: the working directory, {@code
 *     sys.orig_argv}, {@code sys.argv}, both with their lengths, and the environment, each ended by
 *     NUL
 */
record PythonProgram(String text, List<String> environment, byte[] letter) {

  /**
   * The program of a command line.
   *
   * @param arguments the process's arguments, its name first
   * @param environment the process's environment
   */
  static PythonProgram of(
      PythonCommandLine line,
      List<String> arguments,
      List<String> environment,
      String workingDirectory) {
    var program = arguments.get(line.head()).substring(line.offset());
    var seen = new ArrayList<String>();
    seen.add(
        switch (line.kind()) {
          case COMMAND -> "-c";
          case MODULE -> "-m";
          case SCRIPT -> program;
          case INPUT -> program.equals("-") ? "-" : "";
        });
    seen.addAll(arguments.subList(line.head() + 1, arguments.size()));
    var letter = new StringBuilder(workingDirectory).append('\0');
    append(letter, arguments);
    append(letter, seen);
    environment.forEach(variable -> letter.append(variable).append('\0'));
    var text =
        switch (line.kind()) {
          case SCRIPT ->
              program.startsWith("/")
                  ? program
                  : workingDirectory.replaceAll("/+$", "") + "/" + program;
          case COMMAND, MODULE -> program;
          case INPUT -> "";
        };
    return new PythonProgram(text, List.copyOf(environment), letter.toString().getBytes(UTF_8));
  }

  private static void append(StringBuilder letter, List<String> texts) {
    letter.append(texts.size()).append('\0');
    texts.forEach(text -> letter.append(text).append('\0'));
  }
}
