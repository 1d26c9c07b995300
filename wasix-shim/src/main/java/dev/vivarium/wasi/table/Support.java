package dev.vivarium.wasi.table;

/** How far a function is supported. */
enum Support {
  /** As the specification has it. */
  FULL,
  /** What it does is right, but it does not do all; the row's note says what is missing. */
  PARTIAL,
  /** Answers what a system without the feature answers. */
  STUB
}
