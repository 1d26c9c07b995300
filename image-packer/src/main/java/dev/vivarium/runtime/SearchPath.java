package dev.vivarium.runtime;

/** Lists of directories in a variable, separated by colons. */
final class SearchPath {

  private SearchPath() {}

  /** Two lists as one. An empty entry would be the working directory. */
  static String joined(String first, String second) {
    return first.isEmpty() ? second : first + ":" + second;
  }
}
