package dev.vivarium.engine;

import java.util.List;

/**
 * A core WebAssembly function type.
 *
 * @param params the parameter types, in order
 * @param results the result types, in order
 */
public record Signature(List<ValueType> params, List<ValueType> results) {
  public Signature {
    params = List.copyOf(params);
    results = List.copyOf(results);
  }

  // Written out because generated ones make classes when they first run, at each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature
        && params.equals(signature.params)
        && results.equals(signature.results);
  }

  @Override
  public int hashCode() {
    return 31 * params.hashCode() + results.hashCode();
  }

  /** The text format's notation, such as {@code (i32, i64) -> (i32)}. */
  @Override
  public String toString() {
    return render(params) + " -> " + render(results);
  }

  private static String render(List<ValueType> types) {
    var text = new StringBuilder("(");
    for (var type : types) {
      text.append(text.length() > 1 ? ", " : "")
          .append(type.name().toLowerCase(java.util.Locale.ROOT));
    }
    return text.append(')').toString();
  }
}
