package dev.vivarium.guest;

import java.util.List;

/**
 * What can be an argument of a process, or a variable of its environment. A process has them as
 * strings that end in NUL, and a variable as {@code NAME=value}: with a NUL or an equals sign in
 * the wrong place it would have other ones than those that were meant.
 */
public final class ProcessTexts {

  private ProcessTexts() {}

  /**
   * Requires that a process can have these arguments.
   *
   * @throws NullPointerException if one is null
   * @throws IllegalArgumentException if one has a NUL in it; the message is for people
   */
  public static void requireArguments(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).indexOf('\0') >= 0) {
        throw hasNul("argument " + i + " (" + shown(arguments.get(i)) + ")");
      }
    }
  }

  /**
   * Requires that a process can have this variable. In checking order:
   *
   * @throws NullPointerException if name or value is null
   * @throws IllegalArgumentException if the name is empty, or has an equals sign or a NUL in it; if
   *     the value has a NUL in it; the message is for people
   */
  public static void requireVariable(String name, String value) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "a variable without a name cannot be set, to " + shown(value));
    }
    if (name.indexOf('=') >= 0) {
      throw new IllegalArgumentException(
          "the variable " + shown(name) + " cannot be set: its name has an equals sign in it");
    }
    if (name.indexOf('\0') >= 0) {
      throw hasNul("the name of the variable " + shown(name));
    }
    if (value.indexOf('\0') >= 0) {
      throw hasNul("the value of the variable " + name);
    }
  }

  /**
   * Requires that a process can be started in this directory.
   *
   * @throws NullPointerException if it is null
   * @throws IllegalArgumentException if it has a NUL in it; the message is for people
   */
  public static void requireDirectory(String path) {
    if (path.indexOf('\0') >= 0) {
      throw hasNul("the working directory " + shown(path));
    }
  }

  private static IllegalArgumentException hasNul(String what) {
    return new IllegalArgumentException(
        what + " has a NUL character in it, behind which nothing of it would be seen");
  }

  private static String shown(String text) {
    return "'" + text.replace("\0", "\\0") + "'";
  }
}
