package dev.vivarium.engine.split;

/**
 * An instruction without control flow. Prefixed instructions have the code {@code prefix << 8 |
 * sub}. What {@code a} and {@code b} mean depends on the instruction: an index, a constant's bits,
 * a memory access's offset and alignment.
 */
final class Op extends Node {
  final int code;
  final long a;
  final int b;

  Op(int code, long a, int b) {
    this.code = code;
    this.a = a;
    this.b = b;
  }

  static Op of(int code) {
    return new Op(code, 0, 0);
  }

  static Op of(int code, long a) {
    return new Op(code, a, 0);
  }

  int index() {
    return (int) a;
  }

  boolean isLocal() {
    return code >= Opcode.LOCAL_GET && code <= Opcode.LOCAL_TEE;
  }
}
