package dev.vivarium.conformance.bench;

/** A program that every host runs as it is. */
enum Guest {
  /** CPython from npm, built without optimisation. */
  PYTHON_3_12("python-3.12", "python"),
  /** CPython that {@code conformance/guest} builds, optimised. */
  PYTHON_3_11("python-3.11", "python"),
  /** CRuby from npm, a reactor. */
  RUBY_3_4("ruby-3.4", "ruby");

  private final String label;
  private final String language;

  Guest(String label, String language) {
    this.label = label;
    this.language = language;
  }

  String label() {
    return label;
  }

  /** {@code python} or {@code ruby}. */
  String language() {
    return language;
  }

  boolean isRuby() {
    return language.equals("ruby");
  }
}
