package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rewrites modules so that no function becomes a larger JVM method than {@link Limits} allow. */
public final class Splitter {
  private final ModuleInfo module;
  private final Limits limits;
  private final Carriers.Pool pool;
  private final Map<FuncType, Integer> typeIndexes = new HashMap<>();
  private final int definedTypes;
  private final List<byte[]> pieces = new ArrayList<>();
  private final IndirectCalls indirectCalls;
  private final List<String> whole = new ArrayList<>();
  private int split;
  private int largest;

  /**
   * What came of a module.
   *
   * @param module the rewritten module; the given array itself if there was nothing to do
   * @param split how many functions were taken apart
   * @param pieces how many functions were added
   * @param leftWhole one line for each function that is above the limits and was left whole, with
   *     the reason
   * @param largestMethod the estimated size of the largest method, in bytes of JVM bytecode
   */
  public record Result(
      byte[] module, int split, int pieces, List<String> leftWhole, int largestMethod) {}

  private Splitter(ModuleInfo module, Limits limits) {
    this.module = module;
    this.limits = limits;
    this.pool = new Carriers.Pool(module.globals());
    this.definedTypes = module.types.size();
    for (int i = 0; i < definedTypes; i++) {
      typeIndexes.putIfAbsent(module.types.get(i), i);
    }
    this.indirectCalls = new IndirectCalls(module, this::reserve, this::define);
  }

  /**
   * Rewrites a valid module. A module that this class cannot read is returned as it is, for the
   * engine to judge.
   *
   * @param bytes the binary format; not modified
   */
  public static Result split(byte[] bytes, Limits limits) {
    try {
      return new Splitter(ModuleInfo.parse(bytes), limits).run();
    } catch (MalformedModuleException | UnsupportedFunctionException e) {
      return new Result(bytes, 0, 0, List.of("module: " + e.getMessage()), 0);
    }
  }

  private Result run() {
    int count = module.bodies.size() / 2;
    WasmWriter code = new WasmWriter(module.bytes.length);
    for (int i = 0; i < count; i++) {
      WasmWriter body = function(i);
      if (body == null) {
        // Chicory's compiler fails at branches to a function's own label where a block ends last.
        int start = module.bodies.get(2 * i);
        int end = module.bodies.get(2 * i + 1) - 1;
        code.u32(end - start + 2).raw(module.bytes, start, end).u8(Opcode.NOP).u8(Opcode.END);
      } else {
        code.sized(body);
      }
    }
    indirectCalls.finish();
    WasmWriter section = new WasmWriter(code.size());
    section.u32(count + pieces.size()).all(code);
    for (byte[] piece : pieces) {
      section.u32(piece.length).raw(piece, 0, piece.length);
    }
    byte[] result = new ModuleAssembler(module, definedTypes, pool.types).assemble(section);
    return new Result(result, split, pieces.size(), List.copyOf(whole), largest);
  }

  /** The new body of a function, or null if it stays as it is. */
  private WasmWriter function(int index) {
    Func function;
    try {
      function = FunctionDecoder.decode(module, index);
    } catch (UnsupportedFunctionException e) {
      indirectCalls.unknownCode();
      int size = module.bodies.get(2 * index + 1) - module.bodies.get(2 * index);
      if (2 * size > limits.whole()) {
        whole.add("function " + (module.importedFunctions + index) + ": " + e.getMessage());
      }
      return null;
    }
    indirectCalls.rewrite(function.root.body);
    StoreForwarding.forward(module, function);
    Simplifier.simplify(module, function);
    Locals.compact(function);
    if (new CostModel(function).method() > limits.whole()) {
      split++;
      reduce(function);
    }
    largest = Math.max(largest, new CostModel(function).method());
    return FunctionEncoder.encode(function);
  }

  private void reduce(Func function) {
    Set<Block> groups = ArmGroups.form(function, limits);
    LargeTables.divide(function, limits);
    new Partitioner(module, function, limits, pool, new Pieces()).partition(groups);
    Locals.compact(function);
  }

  /** Adds a function, whose body comes later; returns its index. */
  private int reserve(FuncType type) {
    int index =
        typeIndexes.computeIfAbsent(
            type,
            added -> {
              module.types.add(added);
              return module.types.size() - 1;
            });
    module.functions.add(index);
    pieces.add(null);
    return module.functions.size() - 1;
  }

  private void define(int function, byte[] body) {
    pieces.set(pieces.size() - module.functions.size() + function, body);
  }

  private final class Pieces implements Partitioner.Sink {
    @Override
    public int next() {
      return module.functions.size();
    }

    @Override
    public void accept(Func piece) {
      Locals.compact(piece);
      define(reserve(piece.type), FunctionEncoder.encode(piece).toByteArray());
      largest = Math.max(largest, new CostModel(piece).method());
    }
  }
}
