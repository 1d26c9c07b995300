package dev.vivarium.engine.generate;

import java.util.Arrays;

/**
 * A function type.
 *
 * @param params the bytes of the parameters' types
 * @param results the bytes of the results' types
 */
public record Type(byte[] params, byte[] results) {
  public static final byte I32 = 0x7f;
  public static final byte I64 = 0x7e;
  public static final byte F32 = 0x7d;
  public static final byte F64 = 0x7c;
  public static final byte FUNCREF = 0x70;
  public static final byte EXTERNREF = 0x6f;

  /** What stands for "no type" in a block. */
  static final byte EMPTY = 0x40;

  static final byte[] NUMBERS = {I32, I64, F32, F64};
  static final byte[] NONE = {};

  static boolean floating(byte type) {
    return type == F32 || type == F64;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Type type
        && Arrays.equals(params, type.params)
        && Arrays.equals(results, type.results);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(params) + Arrays.hashCode(results);
  }
}
