package dev.vivarium.guest;

import dev.vivarium.guest.PythonCommandLine.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * How an interpreter is started before it has a program: what does not depend on the program, or as
 * little as can be, so that many runs share a start.
 *
 * @param arguments the switches, and a placeholder for the program
 * @param environment the variables that the interpreter reads while it starts
 * @param placeholder what stands for the program
 * @param kept whether other runs are likely to want the same start
 */
record PythonBoot(
    List<String> arguments, List<String> environment, String placeholder, boolean kept) {
  /** Where {@code sitecustomize} is: an archive, beside which no compiled copy is written. */
  static final String ARCHIVE = "/.vivarium.zip";

  /** The size of the mailbox, for {@code sitecustomize}. */
  private static final String MAILBOX = "VIVARIUM_MAILBOX=";

  private static final String PATH = "PYTHONPATH=";
  private static final String PLACEHOLDER = "/vivarium.placeholder";

  /** Room for what a run tells the interpreter, in bytes. */
  private static final int MAILBOX_BYTES = 1 << 16;

  static PythonBoot of(
      PythonCommandLine line, List<String> processArguments, PythonProgram program) {
    int usual = usualLength(line.kind());
    int length = roomFor(program.text().codePointCount(0, program.text().length()) + 1, usual);
    var placeholder =
        line.kind() == Kind.INPUT
            ? ""
            : PLACEHOLDER.repeat(length / PLACEHOLDER.length() + 1).substring(0, length);
    var arguments = new ArrayList<>(processArguments.subList(0, line.head() + 1));
    if (line.kind() != Kind.INPUT) {
      var last = arguments.get(line.head());
      arguments.set(line.head(), last.substring(0, line.offset()) + placeholder);
    }
    int mailbox = roomFor(program.letter().length, MAILBOX_BYTES);
    var environment = new ArrayList<String>();
    environment.add(MAILBOX + mailbox);
    var path = ARCHIVE;
    for (var variable : program.environment()) {
      if (variable.startsWith(PATH)) {
        path += ":" + variable.substring(PATH.length());
      } else if (isRead(variable)) {
        environment.add(variable);
      }
    }
    environment.add(PATH + path);
    return new PythonBoot(
        arguments, environment, placeholder, length == usual && mailbox == MAILBOX_BYTES);
  }

  private static int usualLength(Kind kind) {
    return switch (kind) {
      case COMMAND -> 1 << 14;
      case MODULE -> 1 << 8;
      case SCRIPT -> 1 << 12;
      case INPUT -> 1;
    };
  }

  private static int roomFor(int length, int usual) {
    return length <= usual ? usual : Integer.highestOneBit(length) << 1;
  }

  /** Whether the interpreter reads a variable while it starts. */
  private static boolean isRead(String variable) {
    var name = variable.substring(0, Math.max(0, variable.indexOf('=')));
    return name.startsWith("PYTHON")
        || name.startsWith("LC_")
        || List.of("LANG", "LANGUAGE", "PATH", "HOME", "TZ").contains(name);
  }

  /**
   * What names the state that this start leads to.
   *
   * @param module the prepared module
   * @param preopens the directories that it is given besides the root
   */
  String key(String module, List<String> preopens) {
    return BootKey.of(
        List.of(module, PythonArchive.customization()),
        preopens,
        arguments,
        environment.stream().sorted().toList());
  }
}
