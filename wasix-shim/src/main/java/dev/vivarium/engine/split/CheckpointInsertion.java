package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a place in a module's code at which a guest can be stopped and gone on from later.
 *
 * <p>At that place the function looks at a global; if the host has set it, the function clears it,
 * saves its locals in further globals and traps. The functions that have called it, if any, have
 * saved theirs before their calls. For each of them a second function is what comes after: it loads
 * the locals, calls the second function of the one that it had called, and has the rest of the
 * code. {@link Activation} makes both.
 *
 * <p>So the state of a stopped guest is its memory and its globals, and nothing of it is in the
 * engine. All other functions keep their indexes.
 */
public final class CheckpointInsertion {
  private final ModuleInfo module;
  private final int armed;
  private final List<Byte> globals = new ArrayList<>();

  /** The rewritten functions, by the places of their bodies. */
  private final Map<Integer, WasmWriter> stopping = new HashMap<>();

  /**
   * What came of a module.
   *
   * @param module the rewritten module
   * @param armed the index of an i32 global: if it is 1, the guest stops at the place, with an
   *     {@code unreachable}, and the global is 0 again
   * @param resume the index of a function without parameters that is the rest of the outermost
   *     function
   */
  public record Result(byte[] module, int armed, int resume) {}

  /**
   * A call instruction.
   *
   * @param function the index of the function that it is in
   * @param call how many call instructions of this function come before it
   */
  public record Call(int function, int call) {}

  private CheckpointInsertion(ModuleInfo module) {
    this.module = module;
    this.armed = module.globals();
    globals.add(FuncType.I32);
  }

  /**
   * Rewrites a valid module.
   *
   * @param bytes the binary format; not modified
   * @param calls those that are under way at the place, outermost first, and the one that the guest
   *     stops before
   * @throws IllegalArgumentException if there is no such place, or it is none that a guest can be
   *     stopped at
   */
  public static Result insert(byte[] bytes, List<Call> calls) {
    try {
      return new CheckpointInsertion(ModuleInfo.parse(bytes)).run(calls);
    } catch (MalformedModuleException | UnsupportedFunctionException e) {
      throw new IllegalArgumentException("no checkpoint can be made: " + e.getMessage(), e);
    }
  }

  private Result run(List<Call> calls) {
    int first = module.functions.size();
    var types = new ArrayList<FuncType>();
    var rests = new ArrayList<WasmWriter>();
    for (int i = 0; i < calls.size(); i++) {
      boolean last = i + 1 == calls.size();
      var call = calls.get(i);
      int codeIndex = codeIndex(call.function());
      var activation = new Activation(module, codeIndex, call.call(), armed, saved(), !last);
      Func whole = last ? activation.stopping() : activation.saving(calls.get(i + 1).function());
      if (stopping.put(codeIndex, FunctionEncoder.encode(whole)) != null) {
        throw new IllegalArgumentException("function " + call.function() + " is active twice");
      }
      Func rest = last ? activation.rest() : activation.restBehind(first + i + 1);
      types.add(rest.type);
      rests.add(FunctionEncoder.encode(rest));
      for (int local = 0; local < whole.localCount(); local++) {
        globals.add(whole.localType(local));
      }
    }
    WasmWriter code = code(rests);
    int definedTypes = module.types.size();
    for (var type : types) {
      module.functions.add(module.types.size());
      module.types.add(type);
    }
    byte[] assembled = new ModuleAssembler(module, definedTypes, globals).assemble(code);
    return new Result(assembled, armed, first);
  }

  /** The index of the next global that locals can be saved in. */
  private int saved() {
    return armed + globals.size();
  }

  private int codeIndex(int function) {
    int index = function - module.importedFunctions;
    if (index < 0 || index >= module.bodies.size() / 2) {
      throw new IllegalArgumentException("the module defines no function " + function);
    }
    return index;
  }

  private WasmWriter code(List<WasmWriter> rests) {
    int count = module.bodies.size() / 2;
    WasmWriter code = new WasmWriter(module.bytes.length).u32(count + rests.size());
    for (int i = 0; i < count; i++) {
      if (stopping.containsKey(i)) {
        code.sized(stopping.get(i));
      } else {
        int start = module.bodies.get(2 * i);
        int end = module.bodies.get(2 * i + 1);
        code.u32(end - start).raw(module.bytes, start, end);
      }
    }
    rests.forEach(code::sized);
    return code;
  }
}
