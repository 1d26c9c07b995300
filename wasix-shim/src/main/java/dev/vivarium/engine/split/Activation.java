package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/**
 * A function that is active at a checkpoint, and one of its calls: the one that the guest stops
 * before, or one that is under way.
 *
 * <p>The rest of the function has the blocks around the call, each with what follows the call in
 * it:
 *
 * <pre>{@code
 * A block B if C CALL D else E end F end G
 *
 * block i32.const 1 if D else E end F end G
 * }</pre>
 */
final class Activation {
  private final ModuleInfo module;
  private final StackHeights heights;
  private final int codeIndex;
  private final int call;
  private final int armed;
  private final int saved;
  private final boolean underWay;

  /** The blocks around the call, outermost first, and where each of them goes on. */
  private final List<Step> path = new ArrayList<>();

  private int calls;

  /** A sequence of a block, and the index in it of the item that the place is in or before. */
  private record Step(Block block, List<Node> sequence, int index) {}

  /**
   * @param call how many calls of the function come before the one
   * @param armed the index of the global that says whether the guest is to be stopped
   * @param saved the index of the first of the globals that the locals are saved in
   * @param underWay whether the call is under way at the checkpoint, and not what the guest stops
   *     before
   */
  Activation(ModuleInfo module, int codeIndex, int call, int armed, int saved, boolean underWay) {
    this.module = module;
    this.heights = new StackHeights(module);
    this.codeIndex = codeIndex;
    this.call = call;
    this.armed = armed;
    this.saved = saved;
    this.underWay = underWay;
  }

  /** The function, which stops before the call and its operands if it is asked to. */
  Func stopping() {
    Func function = locate();
    Block then = ifArmed();
    then.body.add(Op.of(Opcode.I32_CONST, 0));
    then.body.add(Op.of(Opcode.GLOBAL_SET, armed));
    save(function, then);
    then.body.add(Op.of(Opcode.UNREACHABLE));
    return function;
  }

  /**
   * The function, which saves its locals before the call if the guest is to be stopped.
   *
   * @param callee what is called
   */
  Func saving(int callee) {
    Func function = locate();
    Step place = place();
    if (((Op) place.sequence.get(place.index)).index() != callee) {
      throw new IllegalArgumentException("the call is none of function " + callee);
    }
    save(function, ifArmed());
    return function;
  }

  /** What comes after the place, without parameters. */
  Func rest() {
    Func function = locate();
    cut();
    return loading(function);
  }

  /**
   * What comes after the call, without parameters.
   *
   * @param callee has the results of the call
   */
  Func restBehind(int callee) {
    Func function = locate();
    Step place = place();
    place.sequence.remove(place.index);
    cut();
    place.sequence.add(0, Op.of(Opcode.CALL, callee));
    return loading(function);
  }

  /** Decodes the function, and finds the way to the place. */
  private Func locate() {
    path.clear();
    Func function = FunctionDecoder.decode(module, codeIndex);
    calls = call;
    if (!find(function.root, function.root.body)) {
      throw new IllegalArgumentException("the function has no more than " + call + " calls");
    }
    return function;
  }

  private boolean find(Block block, List<Node> sequence) {
    int height = 0;
    int boundary = 0;
    for (int i = 0; i < sequence.size(); i++) {
      if (height == 0) {
        boundary = i;
      }
      Node node = sequence.get(i);
      if (node instanceof Op op && op.code == Opcode.CALL && calls-- == 0) {
        if (underWay && height != module.typeOf(op.index()).params.length) {
          throw new IllegalArgumentException("operands are below those of the call");
        }
        path.add(0, new Step(block, sequence, underWay ? i : boundary));
        return true;
      }
      if (node instanceof Block inner) {
        boolean found = find(inner, inner.body);
        boolean inElse = !found && inner.orElse != null && find(inner, inner.orElse);
        if (found || inElse) {
          int below = height - (inner.code == Opcode.IF ? 1 : 0);
          if (below != 0 || inner.isLoop()) {
            throw new IllegalArgumentException("a loop or operands are around the place");
          }
          path.add(0, new Step(block, sequence, i));
          return true;
        }
      }
      height += heights.change(node);
    }
    return false;
  }

  private Step place() {
    return path.get(path.size() - 1);
  }

  /** Adds a block at the place, for what is done if the guest is to be stopped. */
  private Block ifArmed() {
    Block then = new Block(Opcode.IF, Block.EMPTY);
    place().sequence.addAll(place().index, List.of(Op.of(Opcode.GLOBAL_GET, armed), then));
    return then;
  }

  private void save(Func function, Block then) {
    for (int i = 0; i < function.localCount(); i++) {
      then.body.add(Op.of(Opcode.LOCAL_GET, i));
      then.body.add(Op.of(Opcode.GLOBAL_SET, saved + i));
    }
  }

  /** Removes what comes before the place. */
  private void cut() {
    for (int i = 0; i < path.size(); i++) {
      Step step = path.get(i);
      step.sequence.subList(0, step.index).clear();
      if (i + 1 < path.size() && path.get(i + 1).block.code == Opcode.IF) {
        Step inner = path.get(i + 1);
        step.sequence.add(0, Op.of(Opcode.I32_CONST, inner.sequence == inner.block.body ? 1 : 0));
      }
    }
  }

  /** The function with its parameters as locals, and all of them loaded. */
  private Func loading(Func function) {
    byte[] locals = new byte[function.localCount()];
    List<Node> load = new ArrayList<>();
    for (int i = 0; i < locals.length; i++) {
      locals[i] = function.localType(i);
      load.add(Op.of(Opcode.GLOBAL_GET, saved + i));
      load.add(Op.of(Opcode.LOCAL_SET, i));
    }
    function.root.body.addAll(0, load);
    FuncType type = new FuncType(new byte[0], function.type.results);
    return new Func(type, locals, locals.length, function.root);
  }
}
