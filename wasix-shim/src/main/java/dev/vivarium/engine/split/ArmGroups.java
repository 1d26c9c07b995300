package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives the arms of a very large {@code br_table} a second one, so that runs of them can leave the
 * function together.
 *
 * <p>The main loop of an interpreter is a {@code br_table} inside as many nested blocks as there
 * are arms; each arm stands behind the block whose label leads to it. An arm that has become a
 * function leaves a call behind, and hundreds of calls alone make a method too large. So
 * neighbouring arms are entered through one label, and a {@code br_table} of their own, by the same
 * index, tells them apart:
 *
 * <pre>{@code
 * block $c1 block $c0 CODE end ARM0 end ARM1
 *
 * block $group CODE' end block $arms block $c1 block $c0 INDEX br_table $c0 $c1 end ARM0 end ARM1 end
 * }</pre>
 */
final class ArmGroups {
  /** What is left of an arm in its method, in bytes, when it has become a function. */
  private static final int STUB = 90;

  private static final int ENTRY = 4;
  private static final int FEWEST_ARMS = 4;
  private static final int I32_SUB = 0x6b;

  private final Func function;
  private final Limits limits;
  private final Set<Block> groups = new HashSet<>();

  /** The enclosing blocks, outermost first. */
  private final List<Block> path = new ArrayList<>();

  private final Map<Block, Integer> tables = new HashMap<>();
  private final Set<Jump> seen = new HashSet<>();

  private ArmGroups(Func function, Limits limits) {
    this.function = function;
    this.limits = limits;
  }

  /**
   * Rewrites the function's very large tables.
   *
   * @return the blocks that hold a group of arms each, and are to become functions
   */
  static Set<Block> form(Func function, Limits limits) {
    ArmGroups groups = new ArmGroups(function, limits);
    groups.countTables(function.root.body);
    // One after the other, because what is done for one table moves the blocks around the next.
    for (Chain chain = groups.find(function.root);
        chain != null;
        chain = groups.find(function.root)) {
      groups.divide(chain);
    }
    return groups.groups;
  }

  /**
   * A table with the nested blocks around it, innermost first: what block k leads to stands behind
   * it in block k+1.
   *
   * @param targets what the table leads to before anything is rewritten
   * @param place the sequence that the table is in
   */
  private record Chain(Jump table, Block[] targets, List<Node> place, List<Block> blocks) {
    /** An index of the table that leads to each of its labels. */
    Map<Block, Integer> indexes() {
      Map<Block, Integer> indexes = new HashMap<>();
      for (int i = 0; i < targets.length; i++) {
        indexes.putIfAbsent(targets[i], i);
      }
      return indexes;
    }
  }

  /** Counts the tables that lead to each label. */
  private void countTables(List<Node> items) {
    for (Node node : items) {
      if (node instanceof Jump jump && jump.code == Opcode.BR_TABLE) {
        for (Block target : new HashSet<>(List.of(jump.targets))) {
          tables.merge(target, 1, Integer::sum);
        }
      } else if (node instanceof Block block) {
        countTables(block.body);
        if (block.orElse != null) {
          countTables(block.orElse);
        }
      }
    }
  }

  /** The first table in a block that is large and was not looked at; null if there is none. */
  private Chain find(Block block) {
    path.add(block);
    try {
      for (List<Node> items :
          block.orElse == null ? List.of(block.body) : List.of(block.body, block.orElse)) {
        for (Node node : items) {
          Chain found = null;
          if (node instanceof Block inner) {
            found = find(inner);
          } else if (node instanceof Jump jump && isLarge(jump) && seen.add(jump)) {
            found = chain(jump, items);
          }
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    } finally {
      path.remove(path.size() - 1);
    }
  }

  private boolean isLarge(Jump jump) {
    return jump.code == Opcode.BR_TABLE
        && STUB * new HashSet<>(List.of(jump.targets)).size() + ENTRY * jump.targets.length
            > limits.hard();
  }

  /** Of all runs of blocks around a table that only labels tell apart, the one with most arms. */
  private Chain chain(Jump table, List<Node> place) {
    Set<Block> targets = new HashSet<>(List.of(table.targets));
    List<Block> best = List.of();
    List<Block> run = new ArrayList<>();
    long most = 0;
    for (int i = path.size() - 1; i >= 0; i--) {
      Block block = path.get(i);
      boolean plain = i > 0 && block.code == Opcode.BLOCK && !block.hasResult();
      if (plain) {
        run.add(block);
      } else {
        long arms = run.stream().filter(targets::contains).count();
        if (arms > most) {
          most = arms;
          best = run;
        }
        run = new ArrayList<>();
      }
    }
    return new Chain(table, table.targets.clone(), place, best);
  }

  private void divide(Chain chain) {
    List<Block> blocks = chain.blocks;
    Map<Block, Integer> indexes = chain.indexes();
    long arms = blocks.stream().filter(block -> joins(block, indexes)).count();
    if (arms < FEWEST_ARMS) {
      return;
    }
    long most = Math.max(2, Math.min(limits.hard() / 2 / (STUB + ENTRY), arms / 2));
    int index = function.addLocal(FuncType.I32);
    chain.place.add(chain.place.indexOf(chain.table), Op.of(Opcode.LOCAL_TEE, index));
    Rewriting rewriting = new Rewriting(chain, indexes, index);
    // The outermost block is in a list of another kind.
    int last = blocks.size() - 1;
    for (int from = 0, to; from < last; from = Math.max(to, from + 1)) {
      to = from;
      while (to < last
          && to - from < most
          && joins(blocks.get(to), indexes)
          && (to == from || blocks.get(to).body.get(0) == blocks.get(to - 1))) {
        to++;
      }
      if (to - from >= 2) {
        groups.add(rewriting.join(blocks.subList(from, to), blocks.get(to)));
      }
    }
  }

  /** Whether a block is an arm of this table, and of no other. */
  private boolean joins(Block block, Map<Block, Integer> indexes) {
    return indexes.containsKey(block) && tables.get(block) == 1;
  }

  /**
   * The work on one table.
   *
   * @param index the local that says which arm is to run
   */
  private record Rewriting(Chain chain, Map<Block, Integer> indexes, int index) {
    /**
     * Puts neighbouring arms behind one label.
     *
     * @param owner the block that the last of them is in
     * @return the block that holds them and the table that tells them apart
     */
    Block join(List<Block> arms, Block owner) {
      Block first = arms.get(0);
      Block last = arms.get(arms.size() - 1);
      Set<Block> labels = new HashSet<>(arms);

      Block code = new Block(Opcode.BLOCK, Block.EMPTY);
      code.body.addAll(first.body);
      if (Region.reachesEnd(code.body.get(code.body.size() - 1))) {
        select(code.body, code.body.size(), first);
      }
      redirect(code.body, labels, code);

      first.body.clear();
      first.body.addAll(dispatch(labels, first));

      Block group = new Block(Opcode.BLOCK, Block.EMPTY);
      List<Node> armsAndRest = owner.body.subList(owner.body.indexOf(last), owner.body.size());
      group.body.addAll(armsAndRest);
      armsAndRest.clear();
      owner.body.add(code);
      owner.body.add(group);
      return group;
    }

    private void select(List<Node> items, int at, Block arm) {
      items.add(at, Op.of(Opcode.I32_CONST, indexes.get(arm)));
      items.add(at + 1, Op.of(Opcode.LOCAL_SET, index));
    }

    /** Sends branches to some labels to another one, and says before which it was. */
    private void redirect(List<Node> items, Set<Block> labels, Block instead) {
      for (int i = 0; i < items.size(); i++) {
        Node node = items.get(i);
        if (node == chain.table) {
          Block[] targets = chain.table.targets;
          for (int t = 0; t < targets.length; t++) {
            targets[t] = labels.contains(targets[t]) ? instead : targets[t];
          }
        } else if (node instanceof Jump jump && labels.contains(jump.targets[0])) {
          if (jump.code == Opcode.BR_IF) {
            Block taken = new Block(Opcode.IF, Block.EMPTY);
            items.set(i, taken);
            taken.body.add(new Jump(Opcode.BR, instead));
            select(taken.body, 0, jump.targets[0]);
          } else {
            items.set(i, new Jump(Opcode.BR, instead));
            select(items, i, jump.targets[0]);
            i += 2;
          }
        } else if (node instanceof Block block) {
          redirect(block.body, labels, instead);
          if (block.orElse != null) {
            redirect(block.orElse, labels, instead);
          }
        }
      }
    }

    /** The table that tells the arms of a group apart; it covers their indexes only. */
    private List<Node> dispatch(Set<Block> labels, Block first) {
      Block[] all = chain.targets;
      int entries = all.length - 1;
      int min = entries;
      int max = -1;
      for (int i = 0; i < entries; i++) {
        if (labels.contains(all[i])) {
          min = Math.min(min, i);
          max = i;
        }
      }
      Block otherwise = labels.contains(all[entries]) ? all[entries] : first;
      Block[] targets = new Block[Math.max(0, max - min + 1) + 1];
      for (int i = 0; i < targets.length; i++) {
        boolean own = i < targets.length - 1 && labels.contains(all[min + i]);
        targets[i] = own ? all[min + i] : otherwise;
      }
      return List.of(
          Op.of(Opcode.LOCAL_GET, index),
          Op.of(Opcode.I32_CONST, min),
          Op.of(I32_SUB),
          new Jump(Opcode.BR_TABLE, targets));
    }
  }
}
