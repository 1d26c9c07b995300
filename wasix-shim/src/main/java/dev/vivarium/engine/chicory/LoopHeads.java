package dev.vivarium.engine.chicory;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/** Where the loops of a method begin: the labels that are branched back to. */
final class LoopHeads {
  private final Set<LabelNode> seen = new HashSet<>();
  private final Set<LabelNode> heads = new LinkedHashSet<>();

  LoopHeads(InsnList code) {
    for (var node : code) {
      if (node instanceof LabelNode label) {
        seen.add(label);
      } else if (node instanceof JumpInsnNode jump) {
        target(jump.label);
      } else if (node instanceof TableSwitchInsnNode table) {
        target(table.dflt);
        table.labels.forEach(this::target);
      } else if (node instanceof LookupSwitchInsnNode lookup) {
        target(lookup.dflt);
        lookup.labels.forEach(this::target);
      }
    }
  }

  private void target(LabelNode label) {
    if (seen.contains(label)) {
      heads.add(label);
    }
  }

  /** The last nodes before the first instructions of the loops. */
  List<AbstractInsnNode> places() {
    return heads.stream().map(LoopHeads::lastBeforeInstructions).toList();
  }

  private static AbstractInsnNode lastBeforeInstructions(AbstractInsnNode node) {
    while (node.getNext() != null && node.getNext().getOpcode() < 0) {
      node = node.getNext();
    }
    return node;
  }
}
