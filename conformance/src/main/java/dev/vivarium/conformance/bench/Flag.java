package dev.vivarium.conformance.bench;

/** A flag of {@code conformance/bench}. */
enum Flag {
  /** Fewer and shorter runs. */
  SHORT("--short", null),
  /** Writes every measured value to a file. */
  JSON("--json", "FILE"),
  /** Draws the ratios into a file. */
  PLOT("--plot", "FILE.svg"),
  /** Measures some hosts only. */
  ONLY("--only", "HOST,.."),
  /** Measures some guests only. */
  GUEST("--guest", "GUEST,..");

  private final String text;
  private final String value;

  Flag(String text, String value) {
    this.text = text;
    this.value = value;
  }

  boolean takesValue() {
    return value != null;
  }

  String usage() {
    return "[" + (value == null ? text : text + " " + value) + "]";
  }

  @Override
  public String toString() {
    return text;
  }
}
