package dev.vivarium.engine.split;

import java.util.BitSet;
import java.util.List;

/**
 * Which locals may still be read, by backward data flow over structured code. The result stands in
 * {@link Block#liveIn} and {@link Block#liveOut}; what is live within a sequence follows from them
 * in one walk ({@link #before}).
 */
final class Liveness {
  private boolean changed;

  private Liveness() {}

  static void analyze(Func function) {
    Liveness liveness = new Liveness();
    function.root.liveOut = new BitSet();
    do {
      liveness.changed = false;
      liveness.block(function.root, new BitSet());
    } while (liveness.changed);
  }

  /**
   * Analyses new blocks without loops that replace others; labels outside of them keep what they
   * have.
   */
  static void analyze(List<Node> items, BitSet after) {
    new Liveness().sequence(items, (BitSet) after.clone());
  }

  /** Updates the block and everything in it; returns what is live where it begins. */
  private BitSet block(Block block, BitSet after) {
    block.liveOut = after;
    if (block.isLoop() && block.liveIn == null) {
      block.liveIn = new BitSet();
    }
    BitSet live = sequence(block.body, (BitSet) after.clone());
    if (block.code == Opcode.IF) {
      if (block.orElse != null) {
        live.or(sequence(block.orElse, (BitSet) after.clone()));
      } else {
        live.or(after);
      }
    }
    if (block.isLoop() && !block.liveIn.equals(live)) {
      live.or(block.liveIn);
      changed = true;
    }
    block.liveIn = live;
    return (BitSet) live.clone();
  }

  private BitSet sequence(List<Node> items, BitSet after) {
    BitSet live = after;
    for (int i = items.size() - 1; i >= 0; i--) {
      Node node = items.get(i);
      if (node instanceof Block block) {
        live = block(block, live);
      } else {
        before(node, live);
      }
    }
    return live;
  }

  /**
   * Turns what is live after the node into what is live before it; blocks must have been analysed.
   */
  static void before(Node node, BitSet live) {
    if (node instanceof Op op) {
      if (op.code == Opcode.LOCAL_GET) {
        live.set(op.index());
      } else if (op.isLocal()) {
        live.clear(op.index());
      } else if (op.code == Opcode.UNREACHABLE) {
        live.clear();
      }
    } else if (node instanceof Jump jump) {
      if (jump.unconditional()) {
        live.clear();
      }
      for (Block target : jump.targets) {
        BitSet label = target.liveAtLabel();
        if (label != null) {
          live.or(label);
        }
      }
    } else {
      live.clear();
      live.or(((Block) node).liveIn);
    }
  }
}
