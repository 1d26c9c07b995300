package dev.vivarium.conformance.bench;

/** A program that every host runs as it is. */
enum Guest {
  /** CPython from npm, built without optimisation. */
  PYTHON_3_12("python-3.12", "python", "python"),
  /** CPython that {@code conformance/guest} builds, optimised. */
  PYTHON_3_11("python-3.11", "python", "python:3.11"),
  /** CRuby from npm, a reactor. */
  RUBY_3_4("ruby-3.4", "ruby", "ruby");

  private final String label;
  private final String language;
  private final String runtime;

  Guest(String label, String language, String runtime) {
    this.label = label;
    this.language = language;
    this.runtime = runtime;
  }

  String label() {
    return label;
  }

  /** {@code python} or {@code ruby}. */
  String language() {
    return language;
  }

  /** What {@code vivarium run} calls it. */
  String runtime() {
    return runtime;
  }

  boolean isRuby() {
    return language.equals("ruby");
  }
}
