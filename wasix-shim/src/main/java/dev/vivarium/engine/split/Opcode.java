package dev.vivarium.engine.split;

/**
 * What the splitter must know of an instruction: its immediates, how many operands it takes and
 * gives, and its effects.
 *
 * <p>Source: the WebAssembly core specification 3.0, "Instructions" and "Index of Instructions". An
 * instruction that is not here (vectors, garbage collection, exceptions, tail calls, references in
 * locals) leaves its function whole.
 */
final class Opcode {
  static final int UNREACHABLE = 0x00;
  static final int NOP = 0x01;
  static final int BLOCK = 0x02;
  static final int LOOP = 0x03;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int END = 0x0b;
  static final int BR = 0x0c;
  static final int BR_IF = 0x0d;
  static final int BR_TABLE = 0x0e;
  static final int RETURN = 0x0f;
  static final int CALL = 0x10;
  static final int CALL_INDIRECT = 0x11;
  static final int DROP = 0x1a;
  static final int SELECT = 0x1b;
  static final int SELECT_T = 0x1c;
  static final int LOCAL_GET = 0x20;
  static final int LOCAL_SET = 0x21;
  static final int LOCAL_TEE = 0x22;
  static final int GLOBAL_GET = 0x23;
  static final int GLOBAL_SET = 0x24;
  static final int TABLE_GET = 0x25;
  static final int TABLE_SET = 0x26;
  static final int MEMORY_SIZE = 0x3f;
  static final int MEMORY_GROW = 0x40;
  static final int I32_CONST = 0x41;
  static final int I64_CONST = 0x42;
  static final int F32_CONST = 0x43;
  static final int F64_CONST = 0x44;
  static final int I32_NE = 0x47;
  static final int I64_SHL = 0x86;
  static final int I64_SHR_S = 0x87;
  static final int I64_SHR_U = 0x88;
  static final int I64_OR = 0x84;
  static final int I32_WRAP_I64 = 0xa7;
  static final int I64_EXTEND_I32_U = 0xad;
  static final int REF_NULL = 0xd0;
  static final int REF_IS_NULL = 0xd1;
  static final int REF_FUNC = 0xd2;
  static final int MISC = 0xfc;
  static final int ATOMIC = 0xfe;

  /** How the immediates are written. */
  enum Immediate {
    NONE,
    INDEX,
    TWO_INDEXES,
    MEMARG,
    S32,
    S64,
    F32,
    F64,
    BYTE,
    HEAP_TYPE,
    SELECT_TYPES
  }

  static final int READS_MEMORY = 1;
  static final int WRITES_MEMORY = 2;
  static final int READS_GLOBAL = 4;
  static final int WRITES_GLOBAL = 8;
  static final int TRAPS_BOUNDS = 16;
  static final int TRAPS_OTHER = 32;

  /** What a call may do. */
  static final int ANY_EFFECT = 63;

  private Opcode() {}

  static boolean isLoad(int code) {
    return code >= 0x28 && code <= 0x35;
  }

  static boolean isStore(int code) {
    return code >= 0x36 && code <= 0x3e;
  }

  static boolean isNumeric(int code) {
    return code >= 0x45 && code <= 0xc4;
  }

  private static boolean misc(int code) {
    return code >> 8 == MISC;
  }

  private static boolean atomic(int code) {
    return code >> 8 == ATOMIC;
  }

  static boolean changesTable(int code) {
    int sub = code & 0xff;
    return code == TABLE_SET || (misc(code) && (sub == 12 || sub == 14 || sub == 15 || sub == 17));
  }

  /** The immediates of {@code code}, or null if the instruction is not supported. */
  static Immediate immediate(int code) {
    if (isNumeric(code)) {
      return Immediate.NONE;
    }
    if (isLoad(code) || isStore(code)) {
      return Immediate.MEMARG;
    }
    if (atomic(code)) {
      int sub = code & 0xff;
      return sub == 3
          ? Immediate.BYTE
          : sub <= 2 || (sub >= 0x10 && sub <= 0x4e) ? Immediate.MEMARG : null;
    }
    if (misc(code)) {
      return switch (code & 0xff) {
        case 0, 1, 2, 3, 4, 5, 6, 7 -> Immediate.NONE;
        case 8, 10, 12, 14 -> Immediate.TWO_INDEXES;
        case 9, 11, 13, 15, 16, 17 -> Immediate.INDEX;
        default -> null;
      };
    }
    return switch (code) {
      case UNREACHABLE, NOP, DROP, SELECT, REF_IS_NULL -> Immediate.NONE;
      case CALL, LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, TABLE_GET, TABLE_SET ->
          Immediate.INDEX;
      case MEMORY_SIZE, MEMORY_GROW, REF_FUNC -> Immediate.INDEX;
      case CALL_INDIRECT -> Immediate.TWO_INDEXES;
      case I32_CONST -> Immediate.S32;
      case I64_CONST -> Immediate.S64;
      case F32_CONST -> Immediate.F32;
      case F64_CONST -> Immediate.F64;
      case REF_NULL -> Immediate.HEAP_TYPE;
      case SELECT_T -> Immediate.SELECT_TYPES;
      default -> null;
    };
  }

  /** Operands taken; not for calls, whose type says it. */
  static int pops(int code) {
    if (isLoad(code)) {
      return 1;
    }
    if (isStore(code)) {
      return 2;
    }
    if (isNumeric(code)) {
      return unary(code) ? 1 : 2;
    }
    if (misc(code)) {
      return switch (code & 0xff) {
        case 0, 1, 2, 3, 4, 5, 6, 7 -> 1;
        case 9, 13, 16 -> 0;
        case 15 -> 2;
        default -> 3;
      };
    }
    if (atomic(code)) {
      int sub = code & 0xff;
      if (sub == 3) {
        return 0;
      }
      if (sub >= 0x10 && sub <= 0x16) {
        return 1;
      }
      return sub == 1 || sub == 2 || sub >= 0x48 ? 3 : 2;
    }
    return switch (code) {
      case DROP, LOCAL_SET, LOCAL_TEE, GLOBAL_SET, MEMORY_GROW, TABLE_GET, REF_IS_NULL -> 1;
      case TABLE_SET -> 2;
      case SELECT, SELECT_T -> 3;
      default -> 0;
    };
  }

  /** Results given; not for calls. */
  static int pushes(int code) {
    if (isStore(code)) {
      return 0;
    }
    if (isLoad(code) || isNumeric(code)) {
      return 1;
    }
    if (misc(code)) {
      int sub = code & 0xff;
      return sub <= 7 || sub == 15 || sub == 16 ? 1 : 0;
    }
    if (atomic(code)) {
      int sub = code & 0xff;
      return sub == 3 || (sub >= 0x17 && sub <= 0x1d) ? 0 : 1;
    }
    return switch (code) {
      case UNREACHABLE, NOP, DROP, LOCAL_SET, GLOBAL_SET, TABLE_SET -> 0;
      default -> 1;
    };
  }

  private static boolean unary(int code) {
    return code == 0x45
        || code == 0x50
        || (code >= 0x67 && code <= 0x69)
        || (code >= 0x79 && code <= 0x7b)
        || (code >= 0x8b && code <= 0x91)
        || (code >= 0x99 && code <= 0x9f)
        || code >= 0xa7;
  }

  /** What the instruction may read, write and raise, apart from locals and operands. */
  static int effects(int code) {
    if (isLoad(code)) {
      return READS_MEMORY | TRAPS_BOUNDS;
    }
    if (isStore(code)) {
      return WRITES_MEMORY | TRAPS_BOUNDS;
    }
    if (isNumeric(code)) {
      boolean divides = (code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82);
      boolean truncates = (code >= 0xa8 && code <= 0xab) || (code >= 0xae && code <= 0xb1);
      return divides || truncates ? TRAPS_OTHER : 0;
    }
    if (misc(code)) {
      return (code & 0xff) <= 7 ? 0 : ANY_EFFECT;
    }
    return switch (code) {
      case NOP, DROP, SELECT, SELECT_T, LOCAL_GET, LOCAL_SET, LOCAL_TEE -> 0;
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST, REF_NULL, REF_FUNC, REF_IS_NULL -> 0;
      case GLOBAL_GET -> READS_GLOBAL;
      case GLOBAL_SET -> WRITES_GLOBAL;
      case MEMORY_SIZE -> READS_MEMORY;
      case MEMORY_GROW -> READS_MEMORY | WRITES_MEMORY;
      case UNREACHABLE -> TRAPS_OTHER;
      default -> ANY_EFFECT;
    };
  }
}
