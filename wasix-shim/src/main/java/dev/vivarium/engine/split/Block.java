package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A block, loop or if, and the function's root. Its identity is its label. Blocks have no
 * parameters, and at most one result.
 */
final class Block extends Node {
  static final byte EMPTY = 0x40;

  final int code;
  final byte result;
  final List<Node> body = new ArrayList<>();

  /** Null but for an if with an else. */
  List<Node> orElse;

  /**
   * Locals live where the block begins, and where a forward branch to it arrives; set by {@link
   * Liveness}.
   */
  BitSet liveIn;

  BitSet liveOut;

  /** Estimated size, kept by {@link Partitioner}. */
  int cost;

  Block(int code, byte result) {
    this.code = code;
    this.result = result;
  }

  boolean isLoop() {
    return code == Opcode.LOOP;
  }

  boolean hasResult() {
    return result != EMPTY;
  }

  /** The type of the value that a branch to this label carries, or {@link #EMPTY}. */
  byte labelType() {
    return isLoop() ? EMPTY : result;
  }

  BitSet liveAtLabel() {
    return isLoop() ? liveIn : liveOut;
  }
}
