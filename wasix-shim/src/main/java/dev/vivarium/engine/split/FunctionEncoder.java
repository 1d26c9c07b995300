package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes a function's tree as a body of the code section. */
final class FunctionEncoder {
  private final WasmWriter out;
  private final List<Block> labels = new ArrayList<>();

  private FunctionEncoder(WasmWriter out) {
    this.out = out;
  }

  /** The body's bytes, without its size. */
  static WasmWriter encode(Func function) {
    WasmWriter out = new WasmWriter(256);
    locals(function, out);
    new FunctionEncoder(out).root(function.root);
    return out;
  }

  private static void locals(Func function, WasmWriter out) {
    IntList runs = new IntList();
    for (int i = function.paramCount(); i < function.localCount(); i++) {
      byte type = function.localType(i);
      int last = runs.size() - 1;
      if (last > 0 && runs.get(last) == type) {
        runs.set(last - 1, runs.get(last - 1) + 1);
      } else {
        runs.add(1);
        runs.add(type);
      }
    }
    out.u32(runs.size() / 2);
    for (int i = 0; i < runs.size(); i += 2) {
      out.u32(runs.get(i)).u8(runs.get(i + 1));
    }
  }

  /**
   * Writes the function's code. Where a conditional branch leaves the function, the code gets a
   * block of its own, so that the branch goes to that: Chicory 1.7 cannot compile it otherwise if
   * the function ends with a block that has a result.
   */
  private void root(Block root) {
    boolean block = leftByCondition(root, root.body);
    if (block) {
      out.u8(Opcode.BLOCK).u8(root.result);
    }
    labels.add(root);
    sequence(root.body);
    if (block) {
      out.u8(Opcode.END);
    }
    out.u8(Opcode.END);
  }

  private static boolean leftByCondition(Block root, List<Node> items) {
    for (Node node : items) {
      if (node instanceof Jump jump
          && jump.code != Opcode.BR
          && Arrays.asList(jump.targets).contains(root)) {
        return true;
      }
      if (node instanceof Block inner
          && (leftByCondition(root, inner.body)
              || (inner.orElse != null && leftByCondition(root, inner.orElse)))) {
        return true;
      }
    }
    return false;
  }

  private void sequence(List<Node> items) {
    for (Node node : items) {
      if (node instanceof Op op) {
        instruction(op);
      } else if (node instanceof Jump jump) {
        jump(jump);
      } else {
        block((Block) node);
      }
    }
  }

  private void block(Block block) {
    out.u8(block.code).u8(block.result);
    labels.add(block);
    sequence(block.body);
    if (block.orElse != null) {
      out.u8(Opcode.ELSE);
      sequence(block.orElse);
    }
    labels.remove(labels.size() - 1);
    out.u8(Opcode.END);
  }

  private void jump(Jump jump) {
    if (jump.code == Opcode.BR && jump.targets[0] == labels.get(0)) {
      out.u8(Opcode.RETURN);
      return;
    }
    out.u8(jump.code);
    if (jump.code == Opcode.BR_TABLE) {
      out.u32(jump.targets.length - 1);
    }
    for (Block target : jump.targets) {
      out.u32(depth(target));
    }
  }

  private int depth(Block target) {
    for (int i = labels.size() - 1; i >= 0; i--) {
      if (labels.get(i) == target) {
        return labels.size() - 1 - i;
      }
    }
    throw new IllegalStateException("branch to a label out of scope");
  }

  private void instruction(Op op) {
    if (op.code > 0xff) {
      out.u8(op.code >> 8).u32(op.code & 0xff);
    } else {
      out.u8(op.code);
    }
    switch (Opcode.immediate(op.code)) {
      case NONE -> {}
      case INDEX -> out.u32((int) op.a);
      case TWO_INDEXES -> out.u32((int) op.a).u32(op.b);
      case MEMARG -> out.u32(op.b).u32((int) op.a);
      case S32, S64, HEAP_TYPE -> out.s64(op.a);
      case F32 -> out.fixed(op.a, 4);
      case F64 -> out.fixed(op.a, 8);
      case BYTE -> out.u8((int) op.a);
      case SELECT_TYPES -> out.u32(1).u8((int) op.a);
    }
  }
}
