package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Chooses what of a large function becomes a function of its own. It works from the inside out: a
 * sequence that is larger than the limit, counted with all that is nested in it, gives away regions
 * until it fits. So loops and branches that fit stay whole, and the structure of the code stays
 * what it was: a loop is still a loop in one method.
 */
final class Partitioner {
  /** A JVM method has at most 255 slots of parameters; some of them are the engine's. */
  private static final int MAX_SLOTS = 240;

  private static final int MAX_INPUTS = 80;
  private static final int MIN_GAIN = 24;

  /**
   * What may be moved, how large it may be, and the size that the rest is to have.
   *
   * @param exits how many ways out a region may have
   * @param slots how many slots of a method's parameters its inputs may take
   */
  private record Effort(int exits, int slots, int size, int goal) {}

  /** Receives the pieces. */
  interface Sink {
    /** The index that the next piece will have. */
    int next();

    void accept(Func piece);
  }

  private final StackHeights heights;
  private final Func function;
  private final Limits limits;
  private final Carriers.Pool pool;
  private final Sink sink;
  private final Outliner.Temporaries temporaries;
  private final CostModel costs;

  /**
   * Items that must stay with the one before them: a stub's, which takes over its results from
   * scratch globals that the next stub overwrites.
   */
  private final Set<Node> glued = Collections.newSetFromMap(new IdentityHashMap<>());

  Partitioner(ModuleInfo module, Func function, Limits limits, Carriers.Pool pool, Sink sink) {
    this.heights = new StackHeights(module);
    this.function = function;
    this.limits = limits;
    this.pool = pool;
    this.sink = sink;
    this.temporaries = new Outliner.Temporaries(function);
    this.costs = new CostModel(function);
  }

  /** A region with what it is worth to move it. */
  private record Candidate(Region region, int gain, double score) {}

  /**
   * Takes the function apart.
   *
   * @param groups blocks that become functions in any case: see {@link ArmGroups}
   */
  void partition(Set<Block> groups) {
    Liveness.analyze(function);
    block(function.root, groups);
  }

  private void block(Block block, Set<Block> groups) {
    for (List<Node> list : lists(block)) {
      for (int i = list.size() - 1; i >= 0; i--) {
        if (list.get(i) instanceof Block inner) {
          block(inner, groups);
          if (groups.contains(inner)) {
            move(new Region(list, i, i + 1, inner.liveIn, inner.liveOut, Block.EMPTY));
          }
        }
      }
      if (measure(list) > limits.piece()) {
        shrink(block, list);
      }
    }
    block.cost = size(block);
  }

  private static List<List<Node>> lists(Block block) {
    return block.orElse == null ? List.of(block.body) : List.of(block.body, block.orElse);
  }

  private int size(Block block) {
    int size = block.code == Opcode.IF ? 3 : 0;
    size += measure(block.body);
    return block.orElse == null ? size : size + 3 + measure(block.orElse);
  }

  /** The size of a sequence whose blocks have been measured. */
  private int measure(List<Node> list) {
    int size = 0;
    for (Node node : list) {
      size += node instanceof Block block ? block.cost : costs.node(node);
    }
    return size;
  }

  private int remeasure(List<Node> list) {
    for (Node node : list) {
      if (node instanceof Block block) {
        for (List<Node> inner : lists(block)) {
          remeasure(inner);
        }
        block.cost = size(block);
      }
    }
    return measure(list);
  }

  private void shrink(Block owner, List<Node> list) {
    int declarations = owner == function.root ? costs.declarations() : 0;
    int most = Math.max(limits.piece(), limits.hard() - declarations);
    int size = remeasure(list);
    for (Effort effort : efforts(most)) {
      while (size > effort.goal) {
        List<Candidate> candidates = new ArrayList<>();
        collect(owner, list, effort, 1.0, candidates);
        if (candidates.isEmpty()) {
          break;
        }
        take(candidates, size - effort.goal);
        int before = size;
        size = remeasure(list);
        if (size > before - MIN_GAIN / 2) {
          break;
        }
      }
      if (size <= most) {
        return;
      }
    }
  }

  /**
   * From what costs little to what is done only where nothing else helps: regions with many ways
   * out contain the function's dispatch, and those that need most of the locals are slow to call.
   */
  private List<Effort> efforts(int most) {
    return List.of(
        new Effort(12, MAX_INPUTS, limits.piece(), limits.piece()),
        new Effort(Integer.MAX_VALUE, MAX_INPUTS, limits.piece(), limits.piece()),
        new Effort(Integer.MAX_VALUE, MAX_SLOTS, limits.hard() * 3 / 4, most));
  }

  /**
   * Moves the best region, and others of the same sequence that do not overlap, until enough is
   * gained.
   */
  private void take(List<Candidate> candidates, int wanted) {
    candidates.sort(Comparator.comparingDouble((Candidate c) -> -c.score));
    List<Node> list = candidates.get(0).region.list;
    List<Candidate> taken = new ArrayList<>();
    int gained = 0;
    for (Candidate candidate : candidates) {
      if (candidate.region.list == list && gained < wanted && apart(candidate.region, taken)) {
        taken.add(candidate);
        gained += candidate.gain;
      }
    }
    taken.sort(Comparator.comparingInt((Candidate c) -> -c.region.from));
    for (Candidate candidate : taken) {
      move(candidate.region);
    }
  }

  private void move(Region region) {
    if (slots(region.inputs) > MAX_SLOTS) {
      return;
    }
    Outliner.Result result = new Outliner(function, region, pool, temporaries).outline(sink.next());
    List<Node> place = region.nodes();
    place.clear();
    place.addAll(result.stub());
    Liveness.analyze(result.stub(), region.liveAfter);
    glued.addAll(result.stub().subList(1, result.stub().size()));
    sink.accept(result.piece());
  }

  private int slots(BitSet locals) {
    return locals.stream().map(local -> FuncType.slots(function.localType(local))).sum();
  }

  private static boolean apart(Region region, List<Candidate> taken) {
    for (Candidate other : taken) {
      if (region.from < other.region.to && other.region.from < region.to) {
        return false;
      }
    }
    return true;
  }

  private void collect(
      Block owner, List<Node> list, Effort effort, double weight, List<Candidate> out) {
    for (Node node : list) {
      if (node instanceof Block block && block.cost > MIN_GAIN) {
        for (List<Node> inner : lists(block)) {
          collect(block, inner, effort, block.isLoop() ? weight / 2 : weight, out);
        }
      }
    }
    new Windows(owner, list, effort, weight, out).find();
  }

  /** The regions of one sequence: for every start the longest that fits a piece. */
  private final class Windows {
    private final Block owner;
    private final List<Node> list;
    private final Effort effort;
    private final double weight;
    private final List<Candidate> out;
    private final IntList cuts = new IntList();
    private final int[] sizes;
    private final BitSet[] live;

    Windows(Block owner, List<Node> list, Effort effort, double weight, List<Candidate> out) {
      this.owner = owner;
      this.list = list;
      this.effort = effort;
      this.weight = weight;
      this.out = out;
      sizes = new int[list.size() + 1];
      live = new BitSet[list.size() + 1];
    }

    void find() {
      heights.cuts(list, glued, cuts);
      for (int i = 0; i < list.size(); i++) {
        Node node = list.get(i);
        sizes[i + 1] = sizes[i] + (node instanceof Block block ? block.cost : costs.node(node));
      }
      if (sizes[list.size()] <= MIN_GAIN) {
        return;
      }
      liveAtCuts();
      int end = 0;
      for (int a = 0; a < cuts.size() - 1; a++) {
        int b = Math.max(a, end);
        while (b + 1 < cuts.size() && fits(a, b)) {
          b++;
        }
        if (b > end && b > a) {
          end = b;
          consider(cuts.get(a), cuts.get(b));
        }
        int from = cuts.get(a);
        if (list.get(from) instanceof Block
            && cuts.get(a + 1) == from + 1
            && b > a + 1
            && fits(a, a)) {
          consider(from, from + 1);
        }
      }
    }

    /**
     * True if the region that begins at cut a may also take what stands between cut b and the next.
     */
    private boolean fits(int a, int b) {
      return sizes[cuts.get(b + 1)] - sizes[cuts.get(a)] <= effort.size
          && !tooManyExits(cuts.get(b), cuts.get(b + 1));
    }

    private boolean tooManyExits(int from, int to) {
      if (effort.exits == Integer.MAX_VALUE) {
        return false;
      }
      return (to - from > 1 || list.get(from) instanceof Block || list.get(from) instanceof Jump)
          && Usage.of(list.subList(from, to)).targets.size() > effort.exits;
    }

    private void liveAtCuts() {
      BitSet now = (BitSet) owner.liveOut.clone();
      int cut = cuts.size() - 1;
      for (int i = list.size(); ; i--) {
        if (cut >= 0 && cuts.get(cut) == i) {
          live[i] = (BitSet) now.clone();
          cut--;
        }
        if (i == 0) {
          return;
        }
        Liveness.before(list.get(i - 1), now);
      }
    }

    private void consider(int from, int to) {
      int size = sizes[to] - sizes[from];
      if (size <= MIN_GAIN) {
        return;
      }
      byte endValue = to == list.size() ? owner.result : Block.EMPTY;
      Region region = new Region(list, from, to, live[from], live[to], endValue);
      int inputs = region.inputs.cardinality();
      int outputs = region.outputs.cardinality();
      int exits = region.exits.size();
      int stub = 12 + 2 * inputs + (outputs <= 1 ? 10 * outputs : 12 * outputs - 2);
      stub += exits <= 1 ? 3 : exits == 2 ? 6 : 20 + 4 * exits;
      int gain = size - stub;
      if (gain < MIN_GAIN || slots(region.inputs) > effort.slots || exits > effort.exits) {
        return;
      }
      double friction = 1 + 0.04 * inputs + 0.12 * outputs + 0.06 * exits;
      out.add(new Candidate(region, gain, weight * gain / friction));
    }
  }
}
