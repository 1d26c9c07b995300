package dev.vivarium.engine.split;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Counting and renumbering of locals. */
final class Locals {
  private Locals() {}

  /**
   * Drops the locals that are not used and gives the most used the smallest indexes, which have
   * shorter instructions.
   */
  static void compact(Func function) {
    int[] uses = new int[function.localCount()];
    count(function.root.body, uses);
    int params = function.paramCount();
    Integer[] order = new Integer[uses.length - params];
    for (int i = 0; i < order.length; i++) {
      order[i] = params + i;
    }
    Arrays.sort(order, Comparator.comparingInt(i -> -uses[i]));
    int[] renamed = new int[uses.length];
    byte[] types = Arrays.copyOf(function.type.params, uses.length);
    for (int i = 0; i < params; i++) {
      renamed[i] = i;
    }
    int count = params;
    for (int old : order) {
      if (uses[old] > 0) {
        types[count] = function.localType(old);
        renamed[old] = count++;
      }
    }
    function.setLocals(types, count);
    rename(function.root.body, i -> renamed[i]);
  }

  private static void count(List<Node> items, int[] uses) {
    for (Node node : items) {
      if (node instanceof Op op && op.isLocal()) {
        uses[op.index()]++;
      } else if (node instanceof Block block) {
        count(block.body, uses);
        if (block.orElse != null) {
          count(block.orElse, uses);
        }
      }
    }
  }

  /** Puts {@code names.applyAsInt(x)} in place of every local x, also in nested blocks. */
  static void rename(List<Node> items, IntUnaryOperator names) {
    for (int i = 0; i < items.size(); i++) {
      Node node = items.get(i);
      if (node instanceof Op op && op.isLocal()) {
        int renamed = names.applyAsInt(op.index());
        if (renamed != op.index()) {
          items.set(i, Op.of(op.code, renamed));
        }
      } else if (node instanceof Block block) {
        rename(block.body, names);
        if (block.orElse != null) {
          rename(block.orElse, names);
        }
      }
    }
  }
}
