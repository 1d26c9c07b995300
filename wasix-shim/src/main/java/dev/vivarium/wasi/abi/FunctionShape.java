package dev.vivarium.wasi.abi;

import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.List;

/** A function's name, its parameters and its results, and how they lie in core values. */
public final class FunctionShape {
  private final String name;
  private final List<Param> params;
  private final Returns returns;
  private final Signature signature;
  private final int[] paramAt;
  private final int firstOut;

  /**
   * @param terms the parameters, and at most one {@link Returns} at the end; an errno if there is
   *     none
   */
  public FunctionShape(String name, Term... terms) {
    this.name = name;
    var declared = new ArrayList<Param>();
    Returns result = null;
    for (var term : terms) {
      if (result != null) {
        throw new IllegalArgumentException(name + ": what is returned comes last");
      }
      if (term instanceof Param param) {
        declared.add(param);
      } else {
        result = (Returns) term;
      }
    }
    this.params = List.copyOf(declared);
    this.returns = result == null ? Returns.ERRNO : result;
    this.paramAt = new int[params.size()];
    var core = new ArrayList<ValueType>();
    for (int i = 0; i < paramAt.length; i++) {
      paramAt[i] = core.size();
      core.addAll(params.get(i).kind().coreTypes());
    }
    this.firstOut = core.size();
    returns.outs().forEach(out -> core.add(ValueType.I32));
    boolean none = returns.core() == Returns.Core.NOTHING;
    this.signature = new Signature(core, none ? List.of() : List.of(ValueType.I32));
  }

  public String name() {
    return name;
  }

  public List<Param> params() {
    return params;
  }

  public Returns returns() {
    return returns;
  }

  /** The function's core type. */
  public Signature signature() {
    return signature;
  }

  /** The index of a parameter's first core value. */
  public int paramAt(int index) {
    return paramAt[index];
  }

  /** The index of the core value that points to a result. */
  public int outAt(int index) {
    return firstOut + index;
  }
}
