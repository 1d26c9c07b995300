package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/**
 * How several results of a piece reach its caller: up to two in the returned value, the rest in
 * scratch globals, which the piece writes just before it returns and the caller reads at once.
 * Nothing runs in between, so that recursion and threads (an instance each) need no frame.
 */
final class Carriers {
  /** Scratch globals are appended to the module: type by type on demand. */
  static final class Pool {
    private final int base;
    final List<Byte> types = new ArrayList<>();

    Pool(int base) {
      this.base = base;
    }

    /** The global that carries the {@code nth} value of a type. */
    int global(byte type, int nth) {
      int seen = 0;
      for (int i = 0; i < types.size(); i++) {
        if (types.get(i) == type && seen++ == nth) {
          return base + i;
        }
      }
      while (seen <= nth) {
        types.add(type);
        seen++;
      }
      return base + types.size() - 1;
    }
  }

  /** What the piece returns. */
  enum Returned {
    NOTHING,
    CODE,
    VALUE,
    CODE_AND_VALUE,
    TWO_VALUES
  }

  final Returned returned;

  /** Indexes into the values: what travels in the returned value, and what in globals. */
  final int first;

  final int second;
  final byte[] types;

  private Carriers(Returned returned, int first, int second, byte[] types) {
    this.returned = returned;
    this.first = first;
    this.second = second;
    this.types = types;
  }

  /** Chooses the carriers of an exit code, if there is one, and of values of these types. */
  static Carriers choose(boolean code, byte[] types) {
    int first = find(types, 0);
    if (code) {
      return first < 0
          ? new Carriers(Returned.CODE, -1, -1, types)
          : new Carriers(Returned.CODE_AND_VALUE, first, -1, types);
    }
    if (types.length == 0) {
      return new Carriers(Returned.NOTHING, -1, -1, types);
    }
    int second = first < 0 ? -1 : find(types, first + 1);
    return second < 0
        ? new Carriers(Returned.VALUE, first < 0 ? 0 : first, -1, types)
        : new Carriers(Returned.TWO_VALUES, first, second, types);
  }

  private static int find(byte[] types, int from) {
    for (int i = from; i < types.length; i++) {
      if (types[i] == FuncType.I32) {
        return i;
      }
    }
    return -1;
  }

  byte resultType() {
    return switch (returned) {
      case NOTHING -> Block.EMPTY;
      case CODE -> FuncType.I32;
      case VALUE -> types[first];
      case CODE_AND_VALUE, TWO_VALUES -> FuncType.I64;
    };
  }

  int globals() {
    int count = types.length;
    return count - (first >= 0 ? 1 : 0) - (second >= 0 ? 1 : 0);
  }

  /**
   * In the piece: the code, if there is one, is on the stack; the values are in the locals given.
   */
  void pack(List<Node> out, int[] locals, Pool pool) {
    eachGlobal(
        pool,
        (value, global) -> {
          out.add(Op.of(Opcode.LOCAL_GET, locals[value]));
          out.add(Op.of(Opcode.GLOBAL_SET, global));
        });
    switch (returned) {
      case NOTHING, CODE -> {}
      case VALUE -> out.add(Op.of(Opcode.LOCAL_GET, locals[first]));
      case CODE_AND_VALUE -> {
        out.add(Op.of(Opcode.I64_EXTEND_I32_U));
        upperHalf(out, locals[first]);
      }
      case TWO_VALUES -> {
        out.add(Op.of(Opcode.LOCAL_GET, locals[second]));
        out.add(Op.of(Opcode.I64_EXTEND_I32_U));
        upperHalf(out, locals[first]);
      }
    }
  }

  private static void upperHalf(List<Node> out, int local) {
    out.add(Op.of(Opcode.LOCAL_GET, local));
    out.add(Op.of(Opcode.I64_EXTEND_I32_U));
    out.add(Op.of(Opcode.I64_CONST, 32));
    out.add(Op.of(Opcode.I64_SHL));
    out.add(Op.of(Opcode.I64_OR));
  }

  /**
   * In the caller, after the call: the values go into the locals given, the code is left on the
   * stack.
   */
  void unpack(List<Node> out, int[] locals, Pool pool, int pair) {
    if (resultType() == FuncType.I64 && returned != Returned.VALUE) {
      out.add(Op.of(Opcode.LOCAL_TEE, pair));
      out.add(Op.of(Opcode.I64_CONST, 32));
      out.add(Op.of(Opcode.I64_SHR_U));
      out.add(Op.of(Opcode.I32_WRAP_I64));
      out.add(Op.of(Opcode.LOCAL_SET, locals[first]));
    } else if (returned == Returned.VALUE) {
      out.add(Op.of(Opcode.LOCAL_SET, locals[first]));
    }
    eachGlobal(
        pool,
        (value, global) -> {
          out.add(Op.of(Opcode.GLOBAL_GET, global));
          out.add(Op.of(Opcode.LOCAL_SET, locals[value]));
        });
    if (returned == Returned.CODE_AND_VALUE || returned == Returned.TWO_VALUES) {
      out.add(Op.of(Opcode.LOCAL_GET, pair));
      out.add(Op.of(Opcode.I32_WRAP_I64));
      if (returned == Returned.TWO_VALUES) {
        out.add(Op.of(Opcode.LOCAL_SET, locals[second]));
      }
    }
  }

  private interface GlobalUse {
    void of(int value, int global);
  }

  private void eachGlobal(Pool pool, GlobalUse use) {
    int[] seen = new int[4];
    for (int i = 0; i < types.length; i++) {
      if (i != first && i != second) {
        use.of(i, pool.global(types[i], seen[FuncType.I32 - types[i]]++));
      }
    }
  }
}
