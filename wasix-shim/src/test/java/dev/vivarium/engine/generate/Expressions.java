package dev.vivarium.engine.generate;

import static dev.vivarium.engine.generate.Type.F32;
import static dev.vivarium.engine.generate.Type.F64;
import static dev.vivarium.engine.generate.Type.I32;
import static dev.vivarium.engine.generate.Type.I64;

/** Writes code that leaves one value of a number type on the stack. */
final class Expressions {
  private static final int[] EDGES = {
    0, 1, -1, 2, 7, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0xffff, Integer.MIN_VALUE, 0x7fffffff
  };

  private final Scope scope;
  private final GeneratedModule module;
  private final Choices choices;
  private final Code out;
  private final int anyF32;
  private final int anyF64;

  Expressions(Scope scope) {
    this.scope = scope;
    module = scope.module;
    choices = scope.choices;
    out = scope.out;
    anyF32 = scope.local(F32);
    anyF64 = scope.local(F64);
  }

  byte type() {
    return Type.NUMBERS[choices.below(Type.NUMBERS.length)];
  }

  void constant(byte wanted) {
    int small = choices.below(200);
    boolean any = choices.oneIn(8);
    int edge = EDGES[choices.below(EDGES.length)];
    switch (wanted) {
      case I32 -> out.u8(0x41).s64(any ? choices.any() : small < 100 ? edge : small - 150);
      case I64 -> {
        long wide = ((long) edge << 32) | (edge & 0xffff_ffffL);
        out.u8(0x42).s64(any ? choices.any() * 0x1_0000_0001L : small < 50 ? wide : small - 150);
      }
      case F32 -> {
        float value = small == 0 ? 0 : small == 1 ? -0f : small == 2 ? 1 / 0f : small / 4f - 25;
        out.u8(0x43).fixed(any ? bits32() : Float.floatToRawIntBits(value), 4);
      }
      default -> {
        double value = small == 0 ? 0 : small == 1 ? -0d : small == 2 ? 1 / 0d : small / 8d - 12;
        out.u8(0x44).fixed(any ? bits64() : Double.doubleToRawLongBits(value), 8);
      }
    }
  }

  /** A float of any kind, NaNs of any payload among them. */
  private int bits32() {
    int bits = choices.any();
    return choices.oneIn(2) ? bits | 0x7f80_0000 : bits;
  }

  private long bits64() {
    long bits = choices.any() * 0x1_0001_0001L;
    return choices.oneIn(2) ? bits | 0x7ff0_0000_0000_0000L : bits;
  }

  /**
   * A value whose bits will be looked at. WebAssembly leaves open what NaN comes of arithmetic, so
   * any NaN is made the canonical one, unless the value comes of no arithmetic.
   */
  void observed(byte wanted, int depth) {
    if (!Type.floating(wanted)) {
      of(wanted, depth);
      return;
    }
    boolean narrow = wanted == F32;
    switch (choices.below(6)) {
      case 1 -> constant(wanted);
      case 2 -> {
        if (!load(wanted)) {
          constant(wanted);
        }
      }
      case 3 -> {
        of(narrow ? I32 : I64, depth - 1);
        out.u8(narrow ? 0xbe : 0xbf);
      }
      default -> {
        of(wanted, depth);
        canonical(wanted);
      }
    }
  }

  private void canonical(byte wanted) {
    boolean narrow = wanted == F32;
    int local = narrow ? anyF32 : anyF64;
    out.op(Scope.LOCAL_TEE, local);
    if (narrow) {
      out.u8(0x43).fixed(0x7fc0_0000, 4);
    } else {
      out.u8(0x44).fixed(0x7ff8_0000_0000_0000L, 8);
    }
    out.op(Scope.LOCAL_GET, local).op(Scope.LOCAL_GET, local);
    out.u8(narrow ? 0x5b : 0x61, Scope.SELECT);
  }

  void of(byte wanted, int depth) {
    switch (choices.below(depth <= 0 ? 6 : 26)) {
      case 0, 1 -> constant(wanted);
      case 2, 3, 4, 5 -> read(wanted);
      case 6 -> out.op(Scope.GLOBAL_GET, module.anyGlobal(wanted));
      case 7, 8 -> {
        if (!load(wanted)) {
          operate(wanted, depth);
        }
      }
      case 9 -> call(wanted, depth);
      case 10 -> {
        of(wanted, depth - 1);
        of(wanted, depth - 1);
        condition(depth - 1);
        if (choices.oneIn(4)) {
          out.u8(0x1c, 1, wanted);
        } else {
          out.u8(Scope.SELECT);
        }
      }
      case 11 -> {
        condition(depth - 1);
        scope.open(Scope.IF, wanted);
        of(wanted, depth - 1);
        out.u8(Scope.ELSE);
        of(wanted, depth - 1);
        scope.close();
      }
      case 12 -> {
        scope.open(Scope.BLOCK, wanted);
        of(wanted, depth - 1);
        condition(depth - 1);
        out.op(Scope.BR_IF, 0);
        set(wanted);
        of(wanted, depth - 1);
        scope.close();
      }
      case 13, 14 -> tee(wanted, depth);
      case 15, 16 -> convert(wanted, depth);
      case 17, 18 -> unary(wanted, depth);
      default -> operate(wanted, depth);
    }
  }

  /** An i32 as a branch looks at it: comparisons, negations of them, and what is done to bits. */
  void condition(int depth) {
    if (depth < 0 || choices.oneIn(4)) {
      of(I32, Math.max(0, depth));
      return;
    }
    compare(depth);
    for (int n = choices.below(4); n > 0; n--) {
      switch (choices.below(4)) {
        case 0, 1 -> out.u8(0x45);
        case 2 -> out.u8(0x41, 1, 0x71);
        default -> out.u8(0x41, choices.below(4), pick(0x6a, 0x6b, 0x71, 0x72, 0x73, 0x76));
      }
    }
  }

  private void compare(int depth) {
    byte compared = type();
    of(compared, depth - 1);
    if (!Type.floating(compared) && choices.oneIn(4)) {
      out.u8(compared == I32 ? 0x45 : 0x50);
      return;
    }
    of(compared, depth - 1);
    switch (compared) {
      case I32 -> out.u8(0x46 + choices.below(10));
      case I64 -> out.u8(0x51 + choices.below(10));
      case F32 -> out.u8(0x5b + choices.below(6));
      default -> out.u8(0x61 + choices.below(6));
    }
  }

  private void read(byte wanted) {
    int local = scope.anyLocal(wanted);
    if (local < 0) {
      constant(wanted);
    } else {
      out.op(Scope.LOCAL_GET, local);
    }
  }

  /** Moves the value on the stack into a local, or drops it. */
  void set(byte wanted) {
    int local = scope.anyLocal(wanted);
    if (local < 0) {
      out.u8(Scope.DROP);
    } else {
      out.op(Scope.LOCAL_SET, local);
    }
  }

  private void tee(byte wanted, int depth) {
    of(wanted, depth - 1);
    int local = scope.anyLocal(wanted);
    if (local >= 0) {
      out.op(Scope.LOCAL_TEE, local);
    }
  }

  /**
   * An address, nearly always inside the memory.
   *
   * @return whether it is just a local
   */
  boolean address(int depth) {
    if (choices.oneIn(2)) {
      out.op(Scope.LOCAL_GET, scope.frame());
      return true;
    }
    computedAddress(depth);
    return false;
  }

  void computedAddress(int depth) {
    of(I32, depth);
    // From 2^31 on the interpreter lets its sum with the offset come round; MemoryTest has those.
    int[] masks = {0xfff, 0x1_ffff, Integer.MAX_VALUE};
    out.u8(0x41).s64(masks[choices.oneIn(300) ? 1 + choices.below(2) : 0]).u8(0x71);
  }

  /**
   * The immediates of an access: mostly small, some near the end of a page, few beyond all.
   *
   * @param local whether the address is just a local: the same places are to be met again
   */
  void access(boolean local) {
    int offset = local ? 2 * choices.below(8) : choices.below(64);
    switch (choices.below(200)) {
      case 198 -> offset += 0xf000 + choices.below(0x3000);
      case 199 -> offset = choices.oneIn(4) ? 0x7fff_0000 : offset;
      default -> {}
    }
    out.u32(0).u32(offset);
  }

  /** A value from memory; false if there is none. */
  boolean load(byte wanted) {
    if (!module.hasMemory()) {
      return false;
    }
    boolean local = address(2);
    out.u8(
        switch (wanted) {
          case I32 -> pick(0x28, 0x2c, 0x2d, 0x2e, 0x2f);
          case I64 -> pick(0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35);
          case F32 -> 0x2a;
          default -> 0x2b;
        });
    access(local);
    return true;
  }

  private int pick(int... values) {
    return values[choices.below(values.length)];
  }

  /** A call of something that gives one value of the type, if there is such a function. */
  private void call(byte wanted, int depth) {
    int callee = choices.below(module.functionCount());
    var target = module.typeOf(callee);
    if (target.results().length != 1 || target.results()[0] != wanted) {
      operate(wanted, depth);
      return;
    }
    call(callee, depth - 2);
  }

  /** Calls a function, directly or through a table; its results are on the stack after it. */
  void call(int callee, int depth) {
    arguments(callee, depth);
    callee(callee, depth, 0x10, 0x11);
  }

  void arguments(int callee, int depth) {
    boolean host = module.isHost(callee);
    for (byte param : module.typeOf(callee).params()) {
      if (host) {
        observed(param, depth);
      } else {
        of(param, depth);
      }
    }
  }

  /** Calls with the arguments on the stack; the opcodes are those of a call or of a tail call. */
  void callee(int callee, int depth, int direct, int indirect) {
    var type = module.typeOf(callee);
    int table = module.anyTable();
    var places = module.places(table, type);
    switch (choices.below(6)) {
      case 4 -> {
        if (places.isEmpty()) {
          out.op(direct, callee);
          return;
        }
        // Where functions of the type were at the beginning.
        out.u8(0x41).s64(places.get(choices.below(places.size())));
        out.u8(0x41).s64(places.get(choices.below(places.size())));
        condition(depth);
        out.u8(Scope.SELECT).op(indirect, module.type(type), table);
      }
      case 5 -> {
        if (!choices.oneIn(5)) {
          out.op(direct, callee);
          return;
        }
        of(I32, depth);
        out.u8(0x41).s64(module.tableMask(table)).u8(0x71);
        out.op(indirect, module.type(type), table);
      }
      default -> out.op(direct, callee);
    }
  }

  private void unary(byte wanted, int depth) {
    of(wanted, depth - 1);
    out.u8(
        switch (wanted) {
          case I32 -> pick(0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1);
          case I64 -> pick(0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4);
          case F32 -> 0x8b + choices.below(7);
          default -> 0x99 + choices.below(7);
        });
  }

  private void convert(byte wanted, int depth) {
    int code =
        switch (wanted) {
          case I32 -> pick(0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xbc);
          case I64 -> pick(0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xbd);
          case F32 -> pick(0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xbe);
          default -> pick(0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbf);
        };
    byte from =
        switch (code) {
          case 0xac, 0xad, 0xb2, 0xb3, 0xb7, 0xb8, 0xbe -> I32;
          case 0xa7, 0xb4, 0xb5, 0xb9, 0xba, 0xbf -> I64;
          case 0xa8, 0xa9, 0xae, 0xaf, 0xbb, 0xbc -> F32;
          default -> F64;
        };
    if (code == 0xbc || code == 0xbd) {
      observed(from, depth - 1);
    } else {
      of(from, depth - 1);
    }
    boolean truncates = (code >= 0xa8 && code <= 0xab) || (code >= 0xae && code <= 0xb1);
    if (truncates && !choices.oneIn(20)) {
      out.u8(0xfc).u32(code <= 0xab ? code - 0xa8 : code - 0xae + 4);
    } else {
      out.u8(code);
    }
  }

  private void operate(byte wanted, int depth) {
    if (wanted == I32) {
      switch (choices.below(12)) {
        case 0, 1, 2 -> {
          compare(depth);
          return;
        }
        case 3 -> {
          condition(depth - 1);
          return;
        }
        case 4 -> {
          if (size(depth)) {
            return;
          }
        }
        default -> {}
      }
    }
    of(wanted, depth - 1);
    if (Type.floating(wanted)) {
      int code = (wanted == F32 ? 0x92 : 0xa0) + choices.below(7);
      boolean copiesSign = code == 0x98 || code == 0xa6;
      if (copiesSign) {
        observed(wanted, depth - 1);
      } else {
        of(wanted, depth - 1);
      }
      out.u8(code);
      return;
    }
    of(wanted, depth - 1);
    int code = (wanted == I32 ? 0x6a : 0x7c) + choices.below(15);
    boolean divides = (code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82);
    if (divides && !choices.oneIn(20)) {
      // An odd divisor is not 0, though it may be -1, by which the least number overflows.
      out.u8(wanted == I32 ? 0x41 : 0x42, 1, wanted == I32 ? 0x72 : 0x84);
    }
    out.u8(code);
  }

  /** What a memory or a table answers about its size. */
  private boolean size(int depth) {
    switch (choices.below(6)) {
      case 0, 1 -> {
        if (module.hasMemory()) {
          out.u8(0x3f, 0);
          return true;
        }
      }
      case 2, 3 -> {
        if (module.hasMemory()) {
          of(I32, depth - 1);
          out.u8(0x41, choices.oneIn(10) ? 0x7f : 1, 0x71, 0x40, 0);
          return true;
        }
      }
      case 4 -> {
        out.op(0xfc10, module.anyTable());
        return true;
      }
      default -> {}
    }
    return false;
  }
}
