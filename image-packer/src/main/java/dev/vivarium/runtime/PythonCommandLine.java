package dev.vivarium.runtime;

import java.util.List;

/**
 * What of {@code python}'s command line matters here: where its script is, and whether the
 * interpreter will import {@code sitecustomize}. The interpreter itself reads it all again.
 *
 * @param script the index of the script's path, or -1 if there is none
 * @param customized whether {@code sitecustomize} is found: without {@code -I}, {@code -E} and
 *     {@code -S}
 */
record PythonCommandLine(int script, boolean customized) {
  /** Short options that take a value. */
  private static final String WITH_VALUE = "cmWX";

  /** Short options with which the interpreter ignores PYTHONPATH or does not import site. */
  private static final String UNCUSTOMIZED = "IES";

  static PythonCommandLine parse(List<String> arguments) {
    boolean customized = true;
    int i = 0;
    while (i < arguments.size()) {
      var argument = arguments.get(i);
      if (argument.equals("-") || !argument.startsWith("-")) {
        return new PythonCommandLine(argument.equals("-") ? -1 : i, customized);
      }
      if (argument.equals("--")) {
        boolean more = i + 1 < arguments.size() && !arguments.get(i + 1).equals("-");
        return new PythonCommandLine(more ? i + 1 : -1, customized);
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
      if (valued < argument.length() && "cm".indexOf(argument.charAt(valued)) >= 0) {
        return new PythonCommandLine(-1, customized);
      }
      i += valued == argument.length() - 1 ? 2 : 1;
    }
    return new PythonCommandLine(-1, customized);
  }
}
