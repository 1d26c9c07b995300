package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Removes the traffic through locals that an unoptimised compiler leaves: {@code local.set x} of a
 * value that is read once, in the same run of statements, leaves the value where it is read
 * instead.
 *
 * <p>A value whose local is set once and read once is held back ("pending") and put in place of its
 * {@code local.get}. What happens in between is never reordered with it: as soon as an instruction
 * follows that conflicts with the pending code (it writes memory that the code reads, may trap
 * after a visible effect, ...), the pending code is written out with its {@code local.set}, as
 * before. So results, effects and the kind of a trap stay the same.
 */
final class Simplifier {
  /** Longer values are left in their local: their effects would be searched again and again. */
  private static final int MAX_PENDING_LENGTH = 160;

  private static final int MAX_PENDING = 64;

  /** Where the code of a call's second result begins: it has none of its own to be moved. */
  private static final int NO_CODE = -1;

  private final ModuleInfo module;
  private final Func function;
  private final int[] sets;
  private final int[] gets;

  private Simplifier(ModuleInfo module, Func function) {
    this.module = module;
    this.function = function;
    sets = new int[function.localCount()];
    gets = new int[function.localCount()];
  }

  static void simplify(ModuleInfo module, Func function) {
    Simplifier simplifier = new Simplifier(module, function);
    simplifier.count(function.root.body);
    simplifier.new Run().rewrite(function.root.body);
  }

  private void count(List<Node> items) {
    for (Node node : items) {
      if (node instanceof Op op && op.isLocal()) {
        function.localType(op.index());
        (op.code == Opcode.LOCAL_GET ? gets : sets)[op.index()]++;
      } else if (node instanceof Block block) {
        count(block.body);
        if (block.orElse != null) {
          count(block.orElse);
        }
      }
    }
  }

  private boolean temporary(int local) {
    return local >= function.paramCount() && sets[local] == 1 && gets[local] <= 1;
  }

  /** The code of a value that was taken off the output, and what it does. */
  private static final class Pending {
    final int local;
    final List<Node> code;
    final IntList reads = new IntList();
    final IntList writes = new IntList();
    int effects;

    Pending(int local, List<Node> code) {
      this.local = local;
      this.code = code;
    }

    /** Collects the effects; false if the code branches. */
    boolean examine() {
      for (Node node : code) {
        if (!(node instanceof Op op)) {
          return false;
        }
        effects |= Opcode.effects(op.code);
        if (op.isLocal()) {
          (op.code == Opcode.LOCAL_GET ? reads : writes).add(op.index());
        }
      }
      return true;
    }

    boolean conflictsWith(Op op) {
      if (op.isLocal()) {
        boolean writes = op.code != Opcode.LOCAL_GET;
        return this.writes.contains(op.index()) || (writes && reads.contains(op.index()));
      }
      return conflict(effects, Opcode.effects(op.code));
    }

    boolean conflictsWith(Pending other) {
      return conflict(effects, other.effects)
          || meets(writes, other.writes)
          || meets(writes, other.reads)
          || meets(reads, other.writes);
    }

    private static boolean meets(IntList some, IntList others) {
      for (int i = 0; i < some.size(); i++) {
        if (others.contains(some.get(i))) {
          return true;
        }
      }
      return false;
    }
  }

  /** True if two pieces of code with these effects may not change places. */
  static boolean conflict(int one, int other) {
    if (touches(one, other) || touches(other, one)) {
      return true;
    }
    int traps = one & (Opcode.TRAPS_BOUNDS | Opcode.TRAPS_OTHER);
    int otherTraps = other & (Opcode.TRAPS_BOUNDS | Opcode.TRAPS_OTHER);
    int writes = Opcode.WRITES_MEMORY | Opcode.WRITES_GLOBAL;
    boolean trapAndWrite =
        (traps != 0 && (other & writes) != 0) || (otherTraps != 0 && (one & writes) != 0);
    boolean differentTraps =
        traps != 0 && otherTraps != 0 && ((traps | otherTraps) & Opcode.TRAPS_OTHER) != 0;
    return trapAndWrite || differentTraps;
  }

  private static boolean touches(int writer, int other) {
    return ((writer & Opcode.WRITES_MEMORY) != 0
            && (other & (Opcode.READS_MEMORY | Opcode.WRITES_MEMORY)) != 0)
        || ((writer & Opcode.WRITES_GLOBAL) != 0
            && (other & (Opcode.READS_GLOBAL | Opcode.WRITES_GLOBAL)) != 0);
  }

  /** The rewriting of one sequence. */
  private final class Run {
    private final ArrayList<Node> out = new ArrayList<>();

    /**
     * Where in {@link #out} the code of each operand begins; operands' codes follow each other
     * without a gap.
     */
    private final IntList starts = new IntList();

    private final ArrayList<Pending> pending = new ArrayList<>();
    private int lastSetStart;

    void rewrite(List<Node> items) {
      for (Node node : items) {
        if (node instanceof Op op) {
          op(op);
        } else if (node instanceof Jump jump) {
          flushAll();
          if (jump.code != Opcode.BR) {
            starts.removeLast();
          }
          out.add(jump);
        } else {
          block((Block) node);
        }
      }
      flushAll();
      items.clear();
      items.addAll(out);
    }

    private void block(Block block) {
      flushAll();
      int start = out.size();
      if (block.code == Opcode.IF) {
        start = starts.removeLast();
      }
      out.add(block);
      if (block.hasResult()) {
        starts.add(start);
      }
      new Run().rewrite(block.body);
      if (block.orElse != null) {
        new Run().rewrite(block.orElse);
      }
    }

    private void op(Op op) {
      switch (op.code) {
        case Opcode.LOCAL_GET -> get(op);
        case Opcode.LOCAL_SET -> set(op);
        default -> {
          int pops;
          int pushes;
          if (op.code == Opcode.CALL || op.code == Opcode.CALL_INDIRECT) {
            boolean direct = op.code == Opcode.CALL;
            FuncType type = direct ? module.typeOf(op.index()) : module.type(op.index());
            pops = type.params.length + (direct ? 0 : 1);
            pushes = type.results.length;
          } else {
            pops = Opcode.pops(op.code);
            pushes = Opcode.pushes(op.code);
          }
          flushConflicts(op);
          int start = out.size();
          for (int i = 0; i < pops && starts.size() > 0; i++) {
            start = starts.removeLast();
          }
          out.add(op);
          for (int i = 0; i < pushes; i++) {
            starts.add(i == 0 ? start : NO_CODE);
          }
        }
      }
    }

    private void get(Op op) {
      Pending value = find(op.index());
      if (value != null) {
        flushOlderConflicts(value);
        pending.remove(value);
        starts.add(out.size());
        out.addAll(value.code);
      } else if (!out.isEmpty()
          && out.get(out.size() - 1) instanceof Op last
          && last.code == Opcode.LOCAL_SET
          && last.a == op.a
          && (starts.size() == 0 || starts.get(starts.size() - 1) <= lastSetStart)) {
        out.set(out.size() - 1, Op.of(Opcode.LOCAL_TEE, op.a));
        starts.add(lastSetStart);
      } else {
        flushConflicts(op);
        starts.add(out.size());
        out.add(op);
      }
    }

    private void set(Op op) {
      int start = starts.removeLast();
      int local = op.index();
      if (temporary(local) && start != NO_CODE && out.size() - start <= MAX_PENDING_LENGTH) {
        List<Node> slice = out.subList(start, out.size());
        Pending value = new Pending(local, new ArrayList<>(slice));
        if (value.examine()) {
          if (gets[local] == 1) {
            slice.clear();
            if (pending.size() == MAX_PENDING) {
              flush(pending.get(0));
            }
            pending.add(value);
            return;
          }
          if (value.effects == 0 && value.writes.size() == 0) {
            slice.clear();
            return;
          }
        }
        if (gets[local] == 0) {
          out.add(Op.of(Opcode.DROP));
          return;
        }
      }
      flushConflicts(op);
      lastSetStart = start;
      out.add(op);
    }

    private Pending find(int local) {
      for (int i = pending.size() - 1; i >= 0; i--) {
        if (pending.get(i).local == local) {
          return pending.get(i);
        }
      }
      return null;
    }

    private void flushConflicts(Op op) {
      for (int i = 0; i < pending.size(); ) {
        Pending value = pending.get(i);
        if (value.conflictsWith(op)) {
          flush(value);
          i = 0;
        } else {
          i++;
        }
      }
    }

    private void flushOlderConflicts(Pending value) {
      for (int i = 0; pending.get(i) != value; ) {
        Pending older = pending.get(i);
        if (older.conflictsWith(value)) {
          flush(older);
          i = 0;
        } else {
          i++;
        }
      }
    }

    private void flush(Pending value) {
      flushOlderConflicts(value);
      pending.remove(value);
      lastSetStart = out.size();
      out.addAll(value.code);
      out.add(Op.of(Opcode.LOCAL_SET, value.local));
    }

    private void flushAll() {
      while (!pending.isEmpty()) {
        flush(pending.get(0));
      }
    }
  }
}
