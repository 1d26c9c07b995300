package dev.vivarium.engine.split;

import dev.vivarium.engine.split.Region.Exit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves a {@link Region} into a function of its own and puts a call in its place. What the region
 * reads goes in as parameters; what it changes comes back by {@link Carriers}; by which exit it was
 * left comes back as a number.
 */
final class Outliner {
  private final Func parent;
  private final Region region;
  private final Carriers.Pool pool;
  private final Temporaries temporaries;

  /** Locals of the parent that its calls share; each is dead before and after. */
  static final class Temporaries {
    private final Func function;
    private final Map<String, Integer> locals = new HashMap<>();

    Temporaries(Func function) {
      this.function = function;
    }

    int local(String use, byte type) {
      return locals.computeIfAbsent(use + type, key -> function.addLocal(type));
    }
  }

  /** The new function, and the items that take the region's place. */
  record Result(Func piece, List<Node> stub) {}

  private final List<Exit> exits;
  private final boolean coded;
  private final int[] inputs;
  private final int[] outputs;

  /** Types of the operands that leave with exits, each once. */
  private final byte[] valueTypes;

  Outliner(Func parent, Region region, Carriers.Pool pool, Temporaries temporaries) {
    this.parent = parent;
    this.region = region;
    this.pool = pool;
    this.temporaries = temporaries;
    exits = region.exits;
    coded = exits.size() > 1;
    inputs = region.inputs.stream().toArray();
    outputs = region.outputs.stream().toArray();
    BitSet types = new BitSet();
    for (Exit exit : exits) {
      if (exit.value() != Block.EMPTY) {
        types.set(exit.value());
      }
    }
    int[] distinct = types.stream().toArray();
    valueTypes = new byte[distinct.length];
    for (int i = 0; i < distinct.length; i++) {
      valueTypes[i] = (byte) distinct[i];
    }
  }

  Result outline(int pieceIndex) {
    byte[] types = new byte[outputs.length + valueTypes.length];
    for (int i = 0; i < outputs.length; i++) {
      types[i] = parent.localType(outputs[i]);
    }
    System.arraycopy(valueTypes, 0, types, outputs.length, valueTypes.length);
    Carriers carriers = Carriers.choose(coded, types);
    return new Result(piece(carriers), stub(carriers, pieceIndex));
  }

  private Func piece(Carriers carriers) {
    byte[] params = new byte[inputs.length];
    Map<Integer, Integer> names = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      params[i] = parent.localType(inputs[i]);
      names.put(inputs[i], i);
    }
    byte result = carriers.resultType();
    byte[] results = result == Block.EMPTY ? new byte[0] : new byte[] {result};
    Block root = new Block(Opcode.BLOCK, result);
    Func piece = new Func(new FuncType(params, results), params.clone(), params.length, root);
    region.mentioned.stream()
        .filter(local -> !names.containsKey(local))
        .forEach(local -> names.put(local, piece.addLocal(parent.localType(local))));
    List<Node> moved = new ArrayList<>(region.nodes());
    Locals.rename(moved, names::get);

    int[] sources = new int[outputs.length + valueTypes.length];
    for (int i = 0; i < outputs.length; i++) {
      sources[i] = names.get(outputs[i]);
    }
    boolean onStack = !coded && sources.length == 1 && valueTypes.length == 1;
    if (!onStack) {
      for (int i = 0; i < valueTypes.length; i++) {
        sources[outputs.length + i] = piece.addLocal(valueTypes[i]);
      }
    }
    root.body.addAll(
        coded ? codedBody(moved, sources) : plainBody(moved, onStack ? null : sources));
    if (!onStack) {
      carriers.pack(root.body, sources, pool);
    }
    return piece;
  }

  /** The body of a piece with one exit, at most. */
  private List<Node> plainBody(List<Node> moved, int[] sources) {
    List<Node> body = moved;
    byte value = Block.EMPTY;
    if (!exits.isEmpty()) {
      Exit exit = exits.get(0);
      value = exit.value();
      if (!exit.fallsThrough()) {
        Block block = new Block(Opcode.BLOCK, value);
        retarget(moved, Map.of(exit.target(), block));
        block.body.addAll(moved);
        body = new ArrayList<>(List.of(block));
      }
    }
    if (sources != null && value != Block.EMPTY) {
      body.add(Op.of(Opcode.LOCAL_SET, source(sources, value)));
    }
    return body;
  }

  /** A body that leaves the number of its exit on the stack. */
  private List<Node> codedBody(List<Node> moved, int[] sources) {
    Block all = new Block(Opcode.BLOCK, FuncType.I32);
    Map<Block, Block> labels = new HashMap<>();
    for (Exit exit : exits) {
      if (!exit.fallsThrough()) {
        labels.put(exit.target(), new Block(Opcode.BLOCK, exit.value()));
      }
    }
    retarget(moved, labels);
    List<Node> code = moved;
    for (int i = 0; i < exits.size(); i++) {
      Exit exit = exits.get(i);
      if (!exit.fallsThrough()) {
        Block label = labels.get(exit.target());
        label.body.addAll(code);
        code = new ArrayList<>();
        code.add(label);
      }
      if (exit.value() != Block.EMPTY) {
        code.add(Op.of(Opcode.LOCAL_SET, source(sources, exit.value())));
      }
      code.add(Op.of(Opcode.I32_CONST, i));
      if (i < exits.size() - 1) {
        code.add(new Jump(Opcode.BR, all));
      }
    }
    all.body.addAll(code);
    return List.of(all);
  }

  private int source(int[] locals, byte type) {
    for (int i = 0; i < valueTypes.length; i++) {
      if (valueTypes[i] == type) {
        return locals[outputs.length + i];
      }
    }
    throw new IllegalStateException("no carrier for an operand");
  }

  private static void retarget(List<Node> items, Map<Block, Block> labels) {
    for (int i = 0; i < items.size(); i++) {
      Node node = items.get(i);
      if (node instanceof Jump jump) {
        Block[] targets = jump.targets.clone();
        for (int t = 0; t < targets.length; t++) {
          targets[t] = labels.getOrDefault(targets[t], targets[t]);
        }
        items.set(i, new Jump(jump.code, targets));
      } else if (node instanceof Block block) {
        retarget(block.body, labels);
        if (block.orElse != null) {
          retarget(block.orElse, labels);
        }
      }
    }
  }

  private List<Node> stub(Carriers carriers, int pieceIndex) {
    List<Node> out = new ArrayList<>();
    for (int input : inputs) {
      out.add(Op.of(Opcode.LOCAL_GET, input));
    }
    out.add(Op.of(Opcode.CALL, pieceIndex));
    if (exits.isEmpty()) {
      out.add(Op.of(Opcode.UNREACHABLE));
      return out;
    }
    boolean onStack = !coded && outputs.length == 0 && valueTypes.length == 1;
    int[] destinations = new int[outputs.length + valueTypes.length];
    System.arraycopy(outputs, 0, destinations, 0, outputs.length);
    if (!onStack) {
      for (int i = 0; i < valueTypes.length; i++) {
        destinations[outputs.length + i] = temporaries.local("value", valueTypes[i]);
      }
      boolean pair =
          carriers.returned == Carriers.Returned.CODE_AND_VALUE
              || carriers.returned == Carriers.Returned.TWO_VALUES;
      carriers.unpack(out, destinations, pool, pair ? temporaries.local("pair", FuncType.I64) : -1);
    }
    if (coded) {
      dispatch(out, destinations);
    } else {
      Exit exit = exits.get(0);
      if (!onStack) {
        reload(out, exit, destinations);
      }
      if (!exit.fallsThrough()) {
        out.add(new Jump(Opcode.BR, exit.target()));
      }
    }
    return out;
  }

  private void reload(List<Node> out, Exit exit, int[] destinations) {
    if (exit.value() != Block.EMPTY) {
      out.add(Op.of(Opcode.LOCAL_GET, source(destinations, exit.value())));
    }
  }

  /** Branches by the exit's number, which is on the stack. */
  private void dispatch(List<Node> out, int[] destinations) {
    Exit first = exits.get(0);
    Exit second = exits.get(1);
    boolean two = exits.size() == 2;
    if (two && first.value() == Block.EMPTY && second.value() == Block.EMPTY) {
      out.add(new Jump(Opcode.BR_IF, second.target()));
      if (!first.fallsThrough()) {
        out.add(new Jump(Opcode.BR, first.target()));
      }
      return;
    }
    if (two && first.fallsThrough()) {
      Block taken = new Block(Opcode.IF, Block.EMPTY);
      reload(taken.body, second, destinations);
      taken.body.add(new Jump(Opcode.BR, second.target()));
      out.add(taken);
      reload(out, first, destinations);
      return;
    }
    int code = temporaries.local("code", FuncType.I32);
    out.add(Op.of(Opcode.LOCAL_SET, code));
    Block[] targets = new Block[exits.size()];
    List<Node> inner = new ArrayList<>();
    inner.add(Op.of(Opcode.LOCAL_GET, code));
    inner.add(new Jump(Opcode.BR_TABLE, targets));
    for (int i = 0; i < targets.length; i++) {
      Exit exit = exits.get(i);
      if (exit.fallsThrough()) {
        continue;
      }
      targets[i] = exit.target();
      if (exit.value() != Block.EMPTY) {
        targets[i] = new Block(Opcode.BLOCK, Block.EMPTY);
        targets[i].body.addAll(inner);
        inner = new ArrayList<>();
        inner.add(targets[i]);
        reload(inner, exit, destinations);
        inner.add(new Jump(Opcode.BR, exit.target()));
      }
    }
    if (first.fallsThrough()) {
      targets[0] = new Block(Opcode.BLOCK, Block.EMPTY);
      targets[0].body.addAll(inner);
      inner = new ArrayList<>();
      inner.add(targets[0]);
      reload(inner, first, destinations);
    }
    out.addAll(inner);
  }
}
