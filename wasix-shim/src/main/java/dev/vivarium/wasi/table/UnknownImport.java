package dev.vivarium.wasi.table;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.Term;
import dev.vivarium.wasi.call.Handler;
import java.util.ArrayList;
import java.util.List;

/**
 * The row of a function that no table knows: ENOSYS where the type looks as if it had an errno to
 * give, else a trap that names it. So a foreign import stops a guest only if it is needed.
 */
final class UnknownImport {
  private UnknownImport() {}

  static FunctionSpec row(ImportedFunction function) {
    boolean errno = function.signature().results().equals(List.of(ValueType.I32));
    var shape = new FunctionShape(function.name(), terms(function.signature(), errno));
    return new FunctionSpec(shape, Support.STUB, errno ? ENOSYS : trap(function), "");
  }

  private static final Handler ENOSYS =
      call -> {
        throw Errno.ENOSYS.exception();
      };

  private static Handler trap(ImportedFunction function) {
    String message =
        "the guest called "
            + function.module()
            + "."
            + function.name()
            + " "
            + function.signature()
            + ", which this host does not have";
    return call -> {
      throw new GuestTrap(GuestTrap.Kind.UNSUPPORTED_IMPORT, message);
    };
  }

  private static Term[] terms(Signature signature, boolean errno) {
    var terms = new ArrayList<Term>();
    for (var type : signature.params()) {
      boolean wide = type == ValueType.I64 || type == ValueType.F64;
      terms.add(Param.of("arg" + terms.size(), wide ? Kind.U64 : Kind.U32));
    }
    terms.add(errno ? Returns.ERRNO : Returns.NOTHING);
    return terms.toArray(Term[]::new);
  }
}
