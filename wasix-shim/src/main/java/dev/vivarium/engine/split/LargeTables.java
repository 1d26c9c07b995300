package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Divides each {@code br_table} that alone makes a method large into several, one behind the other,
 * so that each of them can leave the function.
 *
 * <pre>{@code
 * INDEX br_table $a $b $c $d $e
 *
 * INDEX local.set $i
 * local.get $i 2 lt_u if local.get $i br_table $a $b end
 * local.get $i 2 sub br_table $c $d $e
 * }</pre>
 */
final class LargeTables {
  private static final int ENTRY = 4;
  private static final int I32_LT_U = 0x49;
  private static final int I32_SUB = 0x6b;

  private final Func function;
  private final int most;
  private int index = -1;

  private LargeTables(Func function, int most) {
    this.function = function;
    this.most = most;
  }

  /** Rewrites the function's large tables. */
  static void divide(Func function, Limits limits) {
    int most = Math.max(2, limits.hard() / 2 / ENTRY);
    new LargeTables(function, most).sequence(function.root.body);
  }

  private void sequence(List<Node> items) {
    for (int i = items.size() - 1; i >= 0; i--) {
      Node node = items.get(i);
      if (node instanceof Block block) {
        sequence(block.body);
        if (block.orElse != null) {
          sequence(block.orElse);
        }
      } else if (node instanceof Jump jump && isLarge(jump)) {
        items.remove(i);
        items.addAll(i, parts(jump.targets));
      }
    }
  }

  /** Only where branches carry no operand: it would not be in reach of a table in a block. */
  private boolean isLarge(Jump jump) {
    return jump.code == Opcode.BR_TABLE
        && jump.targets.length > most
        && jump.targets[0].labelType() == Block.EMPTY;
  }

  private List<Node> parts(Block[] targets) {
    if (index < 0) {
      index = function.addLocal(FuncType.I32);
    }
    List<Node> parts = new ArrayList<>();
    parts.add(Op.of(Opcode.LOCAL_SET, index));
    int from = 0;
    for (; targets.length - from > most; from += most) {
      parts.add(Op.of(Opcode.LOCAL_GET, index));
      parts.add(Op.of(Opcode.I32_CONST, from + most));
      parts.add(Op.of(I32_LT_U));
      Block part = new Block(Opcode.IF, Block.EMPTY);
      part.body.addAll(table(targets, from, from + most));
      parts.add(part);
    }
    parts.addAll(table(targets, from, targets.length));
    return parts;
  }

  private List<Node> table(Block[] targets, int from, int to) {
    return List.of(
        Op.of(Opcode.LOCAL_GET, index),
        Op.of(Opcode.I32_CONST, from),
        Op.of(I32_SUB),
        new Jump(Opcode.BR_TABLE, Arrays.copyOfRange(targets, from, to)));
  }
}
