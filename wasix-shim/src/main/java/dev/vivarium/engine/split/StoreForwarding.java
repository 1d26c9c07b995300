package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes from a local what was just stored to memory, or loaded from there, instead of loading it
 * again: an unoptimised compiler keeps each variable in memory, beside a pointer to its frame.
 *
 * <p>Two accesses are to the same place if their addresses come from the same local, not set in
 * between, with the same offset. What is known of a place is forgotten at a store that might
 * overlap it, at a call, and where control flow joins. A load that is left out could not have
 * trapped: the access before it did not, and memory never shrinks.
 */
final class StoreForwarding {
  private static final int NO_LOCAL = -1;

  /** Beyond that the oldest is forgotten: each access looks at all. */
  private static final int MOST_KNOWN = 64;

  private final ModuleInfo module;
  private final Func function;
  // The accesses whose value is to be left in a local, too.
  private final Map<Op, Integer> kept = new IdentityHashMap<>();

  private StoreForwarding(ModuleInfo module, Func function) {
    this.module = module;
    this.function = function;
  }

  static void forward(ModuleInfo module, Func function) {
    var forwarding = new StoreForwarding(module, function);
    forwarding.new Run(new ArrayList<>()).rewrite(function.root.body);
    if (!forwarding.kept.isEmpty()) {
      forwarding.keep(function.root.body);
    }
  }

  /** Leaves the values that are used again in their locals. */
  private void keep(List<Node> items) {
    var out = new ArrayList<Node>(items.size());
    for (var node : items) {
      var local = node instanceof Op op ? kept.get(op) : null;
      if (local == null) {
        out.add(node);
      } else if (Opcode.isStore(((Op) node).code)) {
        out.add(Op.of(Opcode.LOCAL_TEE, local));
        out.add(node);
      } else {
        out.add(node);
        out.add(Op.of(Opcode.LOCAL_TEE, local));
      }
      if (node instanceof Block block) {
        keep(block.body);
        if (block.orElse != null) {
          keep(block.orElse);
        }
      }
    }
    items.clear();
    items.addAll(out);
  }

  /** What is known to be at a place in memory. */
  private static final class Known {
    final Op access;
    final int base;

    /** Where the value is, or {@link #NO_LOCAL} if the access has to leave it in one first. */
    int local;

    Known(Op access, int base, int local) {
      this.access = access;
      this.base = base;
      this.local = local;
    }

    boolean isApartFrom(Op store) {
      return access.a + width(access.code) <= store.a || store.a + width(store.code) <= access.a;
    }

    /** Whether a load from the same base gives this value. */
    boolean isLoadedBy(Op load) {
      return access.a == load.a && loadOf(access.code) == load.code;
    }
  }

  /** How many bytes of memory a load of a whole value, or a store, takes. */
  private static int width(int code) {
    return switch (code) {
      case 0x29, 0x2b, 0x37, 0x39 -> 8;
      case 0x3a, 0x3c -> 1;
      case 0x3b, 0x3d -> 2;
      default -> 4;
    };
  }

  /** The load that gives back what a store of a whole value has stored; a load's own; or 0. */
  private static int loadOf(int code) {
    if (code >= 0x28 && code <= 0x2b) {
      return code;
    }
    return code >= 0x36 && code <= 0x39 ? code - 0x36 + 0x28 : 0;
  }

  private static byte typeOf(int load) {
    return (byte) (0x7f - (load - 0x28));
  }

  /** The rewriting of one sequence. */
  private final class Run {
    private final List<Node> out = new ArrayList<>();
    private final List<Known> known;
    // Of each operand the local that it is a copy of, or NO_LOCAL.
    private final IntList origins = new IntList();

    /**
     * @param known what is known where the sequence begins
     */
    Run(List<Known> known) {
      this.known = known;
    }

    void rewrite(List<Node> items) {
      for (var node : items) {
        if (node instanceof Op op) {
          op(op);
        } else if (node instanceof Jump jump) {
          if (jump.code != Opcode.BR) {
            pop();
          }
          out.add(jump);
        } else {
          block((Block) node);
        }
      }
      items.clear();
      items.addAll(out);
    }

    private void block(Block block) {
      if (block.code == Opcode.IF) {
        pop();
      }
      out.add(block);
      inner(block, block.body);
      if (block.orElse != null) {
        inner(block, block.orElse);
      }
      known.clear();
      // It may have set any of them.
      for (int i = 0; i < origins.size(); i++) {
        origins.set(i, NO_LOCAL);
      }
      if (block.hasResult()) {
        origins.add(NO_LOCAL);
      }
    }

    private void inner(Block block, List<Node> items) {
      new Run(block.isLoop() ? new ArrayList<>() : new ArrayList<>(known)).rewrite(items);
    }

    private void op(Op op) {
      switch (op.code) {
        case Opcode.LOCAL_GET -> {
          out.add(op);
          origins.add(op.index());
        }
        case Opcode.LOCAL_SET, Opcode.LOCAL_TEE -> {
          pop();
          out.add(op);
          forget(op.index());
          if (op.code == Opcode.LOCAL_TEE) {
            origins.add(op.index());
          }
        }
        case Opcode.CALL, Opcode.CALL_INDIRECT -> {
          boolean direct = op.code == Opcode.CALL;
          var type = direct ? module.typeOf(op.index()) : module.type(op.index());
          pop(type.params.length + (direct ? 0 : 1));
          out.add(op);
          known.clear();
          push(type.results.length);
        }
        default -> {
          if (Opcode.isStore(op.code)) {
            store(op);
          } else if (loadOf(op.code) == op.code) {
            load(op);
          } else {
            other(op);
          }
        }
      }
    }

    private void other(Op op) {
      pop(Opcode.pops(op.code));
      out.add(op);
      if ((Opcode.effects(op.code) & Opcode.WRITES_MEMORY) != 0) {
        known.clear();
      }
      push(Opcode.pushes(op.code));
    }

    private void store(Op store) {
      int value = pop();
      int base = pop();
      out.add(store);
      if (base == NO_LOCAL) {
        known.clear();
        return;
      }
      known.removeIf(each -> each.base != base || !each.isApartFrom(store));
      if (loadOf(store.code) != 0) {
        learn(new Known(store, base, value));
      }
    }

    private void load(Op load) {
      int base = pop();
      if (base != NO_LOCAL) {
        for (var each : known) {
          if (each.base == base && each.isLoadedBy(load) && isGetOf(base)) {
            out.set(out.size() - 1, Op.of(Opcode.LOCAL_GET, localOf(each, load)));
            origins.add(each.local);
            return;
          }
        }
        known.removeIf(each -> each.base == base && each.access.a == load.a);
        learn(new Known(load, base, NO_LOCAL));
      }
      out.add(load);
      push(1);
    }

    private void learn(Known place) {
      if (known.size() == MOST_KNOWN) {
        known.remove(0);
      }
      known.add(place);
    }

    private boolean isGetOf(int local) {
      return out.get(out.size() - 1) instanceof Op op
          && op.code == Opcode.LOCAL_GET
          && op.index() == local;
    }

    private int localOf(Known place, Op load) {
      if (place.local == NO_LOCAL) {
        place.local =
            kept.computeIfAbsent(place.access, access -> function.addLocal(typeOf(load.code)));
      }
      return place.local;
    }

    /** A local gets another value. */
    private void forget(int local) {
      known.removeIf(each -> each.base == local || each.local == local);
      for (int i = 0; i < origins.size(); i++) {
        if (origins.get(i) == local) {
          origins.set(i, NO_LOCAL);
        }
      }
    }

    private int pop() {
      // What follows a branch that is always taken has no operands that are known.
      return origins.size() == 0 ? NO_LOCAL : origins.removeLast();
    }

    private void pop(int count) {
      for (int i = 0; i < count; i++) {
        pop();
      }
    }

    private void push(int count) {
      for (int i = 0; i < count; i++) {
        origins.add(NO_LOCAL);
      }
    }
  }
}
