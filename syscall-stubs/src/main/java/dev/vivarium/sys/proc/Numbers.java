package dev.vivarium.sys.proc;

/** Names that are numbers. */
final class Numbers {
  private Numbers() {}

  /** The number that a name is in the one way to write it; -1 if it is none. */
  static int parse(String name) {
    if (name.isEmpty() || name.length() > 10 || (name.charAt(0) == '0' && name.length() > 1)) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number > Integer.MAX_VALUE ? -1 : (int) number;
  }
}
