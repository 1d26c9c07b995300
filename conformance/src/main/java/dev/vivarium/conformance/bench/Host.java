package dev.vivarium.conformance.bench;

/** What the same guest is run on. */
enum Host {
  /** Vivarium: its cached modules, its WASI, its filesystem in memory. */
  OURS("ours", "Vivarium"),
  /** Chicory's own WASI over jimfs, with the classes that its own compiler makes. */
  CHICORY("chicory", "Chicory alone"),
  /** node's own WASI on V8: what the others are divided by. */
  NODE("node", "node");

  private final String label;
  private final String title;

  Host(String label, String title) {
    this.label = label;
    this.title = title;
  }

  /** What the command line calls it. */
  String label() {
    return label;
  }

  /** What a table calls it. */
  String title() {
    return title;
  }
}
