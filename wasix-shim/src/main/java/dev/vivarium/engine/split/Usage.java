package dev.vivarium.engine.split;

import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a run of statements touches: the locals, and the labels outside of it that it branches to.
 */
final class Usage {
  final BitSet mentioned = new BitSet();
  final BitSet defined = new BitSet();

  /** In the order of their first branch. */
  final Set<Block> targets = new LinkedHashSet<>();

  private final Set<Block> inner = Collections.newSetFromMap(new IdentityHashMap<>());

  static Usage of(List<Node> items) {
    Usage usage = new Usage();
    usage.scan(items);
    return usage;
  }

  private void scan(List<Node> items) {
    for (Node node : items) {
      if (node instanceof Op op) {
        if (op.isLocal()) {
          mentioned.set(op.index());
          if (op.code != Opcode.LOCAL_GET) {
            defined.set(op.index());
          }
        }
      } else if (node instanceof Jump jump) {
        for (Block target : jump.targets) {
          if (!inner.contains(target)) {
            targets.add(target);
          }
        }
      } else {
        Block block = (Block) node;
        inner.add(block);
        scan(block.body);
        if (block.orElse != null) {
          scan(block.orElse);
        }
      }
    }
  }
}
