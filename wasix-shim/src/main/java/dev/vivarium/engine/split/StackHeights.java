package dev.vivarium.engine.split;

import java.util.List;
import java.util.Set;

/** Finds the places of a sequence where no operand is on the stack. */
final class StackHeights {
  private final ModuleInfo module;

  StackHeights(ModuleInfo module) {
    this.module = module;
  }

  /**
   * Adds the indexes of the items before which the stack is as at the sequence's start, but for the
   * glued ones; then the sequence's end.
   */
  void cuts(List<Node> list, Set<Node> glued, IntList cuts) {
    int height = 0;
    for (int i = 0; i < list.size(); i++) {
      if (height == 0 && !glued.contains(list.get(i))) {
        cuts.add(i);
      }
      height += change(list.get(i));
    }
    cuts.add(list.size());
  }

  int change(Node node) {
    if (node instanceof Block block) {
      return (block.hasResult() ? 1 : 0) - (block.code == Opcode.IF ? 1 : 0);
    }
    if (node instanceof Jump jump) {
      return jump.code == Opcode.BR ? 0 : -1;
    }
    Op op = (Op) node;
    if (op.code == Opcode.CALL) {
      // The pieces' own indexes lie beyond the module's: see Splitter.
      FuncType type = module.typeOf(op.index());
      return type.results.length - type.params.length;
    }
    if (op.code == Opcode.CALL_INDIRECT) {
      FuncType type = module.type(op.index());
      return type.results.length - type.params.length - 1;
    }
    return Opcode.pushes(op.code) - Opcode.pops(op.code);
  }
}
