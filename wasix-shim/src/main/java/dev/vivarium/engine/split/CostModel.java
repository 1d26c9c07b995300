package dev.vivarium.engine.split;

import java.util.List;

/**
 * Estimates how many bytes of JVM bytecode the engine's compiler emits. The figures are those of
 * Chicory 1.7's emitters; they are checked against the classes that it really writes.
 */
final class CostModel {
  /** Memory and instance follow the parameters. */
  private static final int HIDDEN_PARAMETERS = 2;

  private final Func function;
  private int[] localCost = new int[0];
  private final int hidden;

  CostModel(Func function) {
    this.function = function;
    int slots = 0;
    for (byte type : function.type.params) {
      slots += FuncType.slots(type);
    }
    hidden = access(slots + 1);
    refresh();
  }

  private void refresh() {
    localCost = new int[function.localCount()];
    int slot = 0;
    for (int i = 0; i < localCost.length; i++) {
      if (i == function.paramCount()) {
        slot += HIDDEN_PARAMETERS;
      }
      localCost[i] = access(slot);
      slot += FuncType.slots(function.localType(i));
    }
  }

  static int access(int slot) {
    return slot <= 3 ? 1 : slot <= 255 ? 2 : 4;
  }

  static int constant(long value) {
    if (value >= -1 && value <= 5) {
      return 1;
    }
    return value == (byte) value ? 2 : 3;
  }

  /** The whole method. */
  int method() {
    return declarations() + sequence(function.root.body);
  }

  /** What the method has in addition to its code. */
  int declarations() {
    int cost = 1;
    for (int i = function.paramCount(); i < function.localCount(); i++) {
      cost += 3 + local(i);
    }
    return cost;
  }

  int sequence(List<Node> items) {
    int cost = 0;
    for (Node node : items) {
      cost += node(node);
    }
    return cost;
  }

  int node(Node node) {
    if (node instanceof Op op) {
      return op(op);
    }
    if (node instanceof Jump jump) {
      return jump(jump);
    }
    Block block = (Block) node;
    int cost = block.code == Opcode.IF ? 3 : 0;
    cost += sequence(block.body);
    if (block.orElse != null) {
      cost += 3 + sequence(block.orElse);
    }
    return cost;
  }

  static int jump(Jump jump) {
    return switch (jump.code) {
      case Opcode.BR_TABLE -> 16 + 4 * jump.targets.length;
      case Opcode.BR_IF -> jump.targets[0].isLoop() ? 9 : 3;
      default -> jump.targets[0].isLoop() ? 6 : 3;
    };
  }

  private int local(int index) {
    if (index >= localCost.length) {
      refresh();
    }
    return localCost[index];
  }

  int op(Op op) {
    int code = op.code;
    if (op.isLocal()) {
      return local(op.index()) + (code == Opcode.LOCAL_TEE ? 1 : 0);
    }
    if (Opcode.isLoad(code)) {
      return constant(op.a) + hidden + 3 + extension(code);
    }
    if (Opcode.isStore(code)) {
      return constant(op.a) + hidden + 3 + (code > 0x39 ? 2 : 0);
    }
    if (Opcode.isNumeric(code)) {
      return numeric(code);
    }
    return switch (code) {
      case Opcode.I32_CONST -> constant(op.a);
      case Opcode.I64_CONST -> op.a == 0 || op.a == 1 ? 1 : 3;
      case Opcode.F32_CONST, Opcode.F64_CONST -> 3;
      case Opcode.CALL -> 6 + 2 * hidden;
      case Opcode.CALL_INDIRECT -> 4 + 2 * hidden;
      case Opcode.GLOBAL_GET, Opcode.GLOBAL_SET -> 5 + constant(op.a) + hidden;
      case Opcode.SELECT, Opcode.SELECT_T -> 6;
      case Opcode.DROP -> 1;
      case Opcode.UNREACHABLE -> 4;
      case Opcode.NOP -> 0;
      default -> 8 + hidden;
    };
  }

  private static int extension(int code) {
    return switch (code) {
      case 0x2d -> 4;
      case 0x2f -> 4;
      case 0x30, 0x32, 0x34 -> 1;
      case 0x31, 0x33, 0x35 -> 5;
      default -> 0;
    };
  }

  /** One instruction where the JVM has it, a call of a helper where it has not. */
  private static int numeric(int code) {
    boolean arithmetic32 = (code >= 0x6a && code <= 0x6c) || (code >= 0x71 && code <= 0x76);
    boolean arithmetic64 = (code >= 0x7c && code <= 0x7e) || (code >= 0x83 && code <= 0x85);
    boolean shift64 = code >= Opcode.I64_SHL && code <= Opcode.I64_SHR_U;
    boolean floating =
        (code >= 0x92 && code <= 0x95)
            || (code >= 0xa0 && code <= 0xa3)
            || code == 0x8c
            || code == 0x9a;
    boolean conversion =
        code == Opcode.I32_WRAP_I64 || code == 0xac || code == 0xb6 || code == 0xbb;
    if (shift64) {
      return 2;
    }
    return arithmetic32 || arithmetic64 || floating || conversion ? 1 : 3;
  }
}
