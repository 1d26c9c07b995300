package dev.vivarium.engine.split;

/**
 * A branch; a {@code return} is a branch to the function's root block. The last target of a table
 * is its default.
 */
final class Jump extends Node {
  final int code;
  final Block[] targets;

  Jump(int code, Block... targets) {
    this.code = code;
    this.targets = targets;
  }

  boolean unconditional() {
    return code != Opcode.BR_IF;
  }
}
