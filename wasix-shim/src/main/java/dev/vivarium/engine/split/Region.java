package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A run of statements of one sequence that may become a function. It is entered at its start only;
 * it is left at its end or by a branch to a label outside. It takes no operands from the stack.
 */
final class Region {
  /** A way out: where to, the locals live there, and the type of the operand that goes with it. */
  record Exit(Block target, BitSet live, byte value) {
    boolean fallsThrough() {
      return target == null;
    }
  }

  final List<Node> list;
  final int from;
  final int to;
  final BitSet liveAfter;
  final List<Exit> exits = new ArrayList<>();
  final BitSet mentioned;

  /** Locals that the region needs from outside. */
  final BitSet inputs;

  /** Locals that it may change and that may be read afterwards. */
  final BitSet outputs;

  /**
   * @param endValue type of the operand that stands on the stack at the end
   */
  Region(List<Node> list, int from, int to, BitSet liveBefore, BitSet liveAfter, byte endValue) {
    this.list = list;
    this.from = from;
    this.to = to;
    this.liveAfter = liveAfter;
    Usage usage = Usage.of(nodes());
    if (reachesEnd(list.get(to - 1))) {
      exits.add(new Exit(null, liveAfter, endValue));
    }
    for (Block target : usage.targets) {
      exits.add(new Exit(target, target.liveAtLabel(), target.labelType()));
    }
    mentioned = usage.mentioned;
    inputs = (BitSet) usage.mentioned.clone();
    inputs.and(liveBefore);
    BitSet live = new BitSet();
    for (Exit exit : exits) {
      live.or(exit.live);
    }
    live.and(usage.defined);
    outputs = live;
  }

  List<Node> nodes() {
    return list.subList(from, to);
  }

  boolean hasFallthrough() {
    return !exits.isEmpty() && exits.get(0).fallsThrough();
  }

  static boolean reachesEnd(Node last) {
    if (last instanceof Op op) {
      return op.code != Opcode.UNREACHABLE;
    }
    return !(last instanceof Jump jump) || !jump.unconditional();
  }
}
