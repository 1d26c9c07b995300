package dev.vivarium.engine.split;

import java.util.Arrays;

/** A function type: value types as their binary codes. */
final class FuncType {
  static final byte I32 = 0x7f;
  static final byte I64 = 0x7e;
  static final byte F32 = 0x7d;
  static final byte F64 = 0x7c;

  final byte[] params;
  final byte[] results;

  FuncType(byte[] params, byte[] results) {
    this.params = params;
    this.results = results;
  }

  /**
   * True for the four types that a JVM holds in a primitive and that a scratch global can carry.
   */
  static boolean numeric(int type) {
    int signed = (byte) type;
    return signed >= F64 && signed <= I32;
  }

  /** JVM slots that a value of the type takes. */
  static int slots(byte type) {
    return type == I64 || type == F64 ? 2 : 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FuncType type
        && Arrays.equals(params, type.params)
        && Arrays.equals(results, type.results);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(params) + Arrays.hashCode(results);
  }
}
