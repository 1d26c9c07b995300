package dev.vivarium.engine.chicory;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Function types, in the engine's words and in those of the seam. */
final class Signatures {
  private Signatures() {}

  /** The signature; empty if it has a vector or a reference in it. */
  static Optional<Signature> of(FunctionType type) {
    var params = types(type.params());
    var results = types(type.returns());
    return params.isPresent() && results.isPresent()
        ? Optional.of(new Signature(params.get(), results.get()))
        : Optional.empty();
  }

  static FunctionType lower(Signature signature) {
    return FunctionType.of(lower(signature.params()), lower(signature.results()));
  }

  private static Optional<List<ValueType>> types(List<ValType> types) {
    var result = new ArrayList<ValueType>();
    for (var type : types) {
      if (type.equals(ValType.I32)) {
        result.add(ValueType.I32);
      } else if (type.equals(ValType.I64)) {
        result.add(ValueType.I64);
      } else if (type.equals(ValType.F32)) {
        result.add(ValueType.F32);
      } else if (type.equals(ValType.F64)) {
        result.add(ValueType.F64);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(result);
  }

  private static List<ValType> lower(List<ValueType> types) {
    return types.stream()
        .map(
            type ->
                switch (type) {
                  case I32 -> ValType.I32;
                  case I64 -> ValType.I64;
                  case F32 -> ValType.F32;
                  case F64 -> ValType.F64;
                })
        .toList();
  }
}
