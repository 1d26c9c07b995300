package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a place in a function at which a guest can be stopped and gone on from later.
 *
 * <p>At that place the function looks at a global; if the host has set it, the function clears it,
 * saves its locals in further globals and traps. A second function is what comes after: it loads
 * the locals and has the rest of the code. Its blocks are those around the place, each with what
 * follows the place in it:
 *
 * <pre>{@code
 * A block B if C PLACE D else E end F end G
 *
 * block i32.const 1 if D else E end F end G
 * }</pre>
 *
 * <p>So the state of a stopped guest is its memory and its globals, and nothing of it is in the
 * engine. All other functions keep their indexes.
 */
public final class CheckpointInsertion {
  private final ModuleInfo module;
  private final StackHeights heights;
  private final int codeIndex;
  private final int armed;

  /** The blocks around the place, outermost first, and where each of them goes on. */
  private final List<Step> path = new ArrayList<>();

  private int calls;

  /**
   * What came of a module.
   *
   * @param module the rewritten module
   * @param armed the index of an i32 global: if it is 1, the guest stops at the place, with an
   *     {@code unreachable}, and the global is 0 again
   * @param resume the index of a function without parameters that is the rest of the function
   */
  public record Result(byte[] module, int armed, int resume) {}

  /** A sequence of a block, and the index in it of the item that the place is in or before. */
  private record Step(Block block, List<Node> sequence, int index) {}

  private CheckpointInsertion(ModuleInfo module, int codeIndex) {
    this.module = module;
    this.heights = new StackHeights(module);
    this.codeIndex = codeIndex;
    this.armed = module.globals();
  }

  /**
   * Rewrites a valid module.
   *
   * @param bytes the binary format; not modified
   * @param function the function's index
   * @param call the place: before that many calls of the function's code, and the operands of the
   *     next
   * @throws IllegalArgumentException if there is no such place, or it has operands below it or a
   *     loop around it
   */
  public static Result insert(byte[] bytes, int function, int call) {
    try {
      ModuleInfo module = ModuleInfo.parse(bytes);
      int codeIndex = function - module.importedFunctions;
      if (codeIndex < 0 || codeIndex >= module.bodies.size() / 2) {
        throw new IllegalArgumentException("the module defines no function " + function);
      }
      return new CheckpointInsertion(module, codeIndex).run(call);
    } catch (MalformedModuleException | UnsupportedFunctionException e) {
      throw new IllegalArgumentException("no checkpoint can be made: " + e.getMessage(), e);
    }
  }

  private Result run(int call) {
    Func rest = locate(call);
    WasmWriter resume = FunctionEncoder.encode(rest(rest));
    path.clear();
    Func whole = locate(call);
    stop(whole);
    WasmWriter stopping = FunctionEncoder.encode(whole);

    int count = module.bodies.size() / 2;
    WasmWriter code = new WasmWriter(module.bytes.length).u32(count + 1);
    for (int i = 0; i < count; i++) {
      if (i == codeIndex) {
        code.sized(stopping);
      } else {
        int start = module.bodies.get(2 * i);
        int end = module.bodies.get(2 * i + 1);
        code.u32(end - start).raw(module.bytes, start, end);
      }
    }
    code.sized(resume);
    int definedTypes = module.types.size();
    module.types.add(rest.type);
    module.functions.add(definedTypes);
    List<Byte> globals = new ArrayList<>();
    globals.add(FuncType.I32);
    for (int i = 0; i < whole.localCount(); i++) {
      globals.add(whole.localType(i));
    }
    byte[] assembled = new ModuleAssembler(module, definedTypes, globals).assemble(code);
    return new Result(assembled, armed, module.functions.size() - 1);
  }

  /** Decodes the function, and finds the way to the place. */
  private Func locate(int call) {
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
        path.add(0, new Step(block, sequence, boundary));
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

  /** Makes the function stop at the place, if it is asked to. */
  private void stop(Func function) {
    Block then = new Block(Opcode.IF, Block.EMPTY);
    then.body.add(Op.of(Opcode.I32_CONST, 0));
    then.body.add(Op.of(Opcode.GLOBAL_SET, armed));
    for (int i = 0; i < function.localCount(); i++) {
      then.body.add(Op.of(Opcode.LOCAL_GET, i));
      then.body.add(Op.of(Opcode.GLOBAL_SET, armed + 1 + i));
    }
    then.body.add(Op.of(Opcode.UNREACHABLE));
    Step place = path.get(path.size() - 1);
    place.sequence.addAll(place.index, List.of(Op.of(Opcode.GLOBAL_GET, armed), then));
  }

  /** What comes after the place, with the function's parameters as locals. */
  private Func rest(Func function) {
    for (int i = 0; i < path.size(); i++) {
      Step step = path.get(i);
      step.sequence.subList(0, step.index).clear();
      if (i + 1 < path.size() && path.get(i + 1).block.code == Opcode.IF) {
        Step inner = path.get(i + 1);
        step.sequence.add(0, Op.of(Opcode.I32_CONST, inner.sequence == inner.block.body ? 1 : 0));
      }
    }
    byte[] locals = new byte[function.localCount()];
    List<Node> load = new ArrayList<>();
    for (int i = 0; i < locals.length; i++) {
      locals[i] = function.localType(i);
      load.add(Op.of(Opcode.GLOBAL_GET, armed + 1 + i));
      load.add(Op.of(Opcode.LOCAL_SET, i));
    }
    function.root.body.addAll(0, load);
    FuncType type = new FuncType(new byte[0], function.type.results);
    return new Func(type, locals, locals.length, function.root);
  }
}
