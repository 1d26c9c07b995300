package dev.vivarium.guest;

import java.util.List;

/**
 * What of {@code python}'s command line matters here: where its program is, and whether the
 * interpreter will import {@code sitecustomize}. The interpreter itself reads it all again.
 *
 * @param kind what the program is
 * @param head how many arguments there are up to the program and with it; the rest are its own
 * @param offset where the program begins in its argument, behind switches such as {@code -c}
 * @param customized whether {@code sitecustomize} is found: without {@code -I}, {@code -E} and
 *     {@code -S}
 */
public record PythonCommandLine(Kind kind, int head, int offset, boolean customized) {
  /** Short options that take a value. */
  private static final String WITH_VALUE = "cmWX";

  /** Short options with which the interpreter ignores PYTHONPATH or does not import site. */
  private static final String UNCUSTOMIZED = "IES";

  /** What a program is. */
  public enum Kind {
    /** The text behind {@code -c}. */
    COMMAND,
    /** The name behind {@code -m}. */
    MODULE,
    /** A path. */
    SCRIPT,
    /** Standard input, or none: the interpreter will say what is wrong, or its version. */
    INPUT
  }

  /**
   * Reads a command line.
   *
   * @param arguments without the program's own name
   */
  public static PythonCommandLine parse(List<String> arguments) {
    boolean customized = true;
    int i = 0;
    while (i < arguments.size()) {
      var argument = arguments.get(i);
      if (argument.equals("-")) {
        return new PythonCommandLine(Kind.INPUT, i + 1, 0, customized);
      }
      if (!argument.startsWith("-")) {
        return new PythonCommandLine(Kind.SCRIPT, i + 1, 0, customized);
      }
      if (argument.equals("--")) {
        boolean more = i + 1 < arguments.size();
        boolean script = more && !arguments.get(i + 1).equals("-");
        return new PythonCommandLine(
            script ? Kind.SCRIPT : Kind.INPUT, more ? i + 2 : i + 1, 0, customized);
      }
      if (argument.startsWith("--")) {
        i += argument.equals("--check-hash-based-pycs") ? 2 : 1;
        continue;
      }
      int valued = 1;
      while (valued < argument.length() && WITH_VALUE.indexOf(argument.charAt(valued)) < 0) {
        customized &= UNCUSTOMIZED.indexOf(argument.charAt(valued)) < 0;
        valued++;
      }
      boolean apart = valued == argument.length() - 1;
      if (valued < argument.length() && "cm".indexOf(argument.charAt(valued)) >= 0) {
        int head = apart ? i + 2 : i + 1;
        var kind = argument.charAt(valued) == 'c' ? Kind.COMMAND : Kind.MODULE;
        return head > arguments.size()
            ? new PythonCommandLine(Kind.INPUT, arguments.size(), 0, customized)
            : new PythonCommandLine(kind, head, apart ? 0 : valued + 1, customized);
      }
      i += apart ? 2 : 1;
    }
    return new PythonCommandLine(Kind.INPUT, arguments.size(), 0, customized);
  }

  /** The script's index among the arguments, or -1 if the program is none. */
  public int script() {
    return kind == Kind.SCRIPT ? head - 1 : -1;
  }
}
