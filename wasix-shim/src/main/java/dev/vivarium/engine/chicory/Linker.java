package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.MemoryImport;
import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Matches what a module imports with what the host has. */
final class Linker {
  private static final long[] NO_RESULT = {};

  private Linker() {}

  private record Name(String module, String field) {
    // Written out because generated ones make classes when they first run, at each start.
    @Override
    public boolean equals(Object other) {
      return other instanceof Name name && module.equals(name.module) && field.equals(name.field);
    }

    @Override
    public int hashCode() {
      return 31 * module.hashCode() + field.hashCode();
    }
  }

  /**
   * The host functions of a module, in the order of its imports.
   *
   * @throws LinkException naming all that is missing or does not fit
   */
  static HostFunction[] link(
      ChicoryModule module, List<HostImport> imports, ChicoryInstance caller) {
    Map<Name, HostImport> byName = new HashMap<>();
    for (var row : imports) {
      byName.put(new Name(row.module(), row.name()), row);
    }
    var problems = otherImports(module);
    Map<Name, HostFunction> functions = new HashMap<>();
    var linked = new ArrayList<HostFunction>();
    for (var wanted : module.importedFunctions()) {
      var name = new Name(wanted.module(), wanted.name());
      var found = byName.get(name);
      if (found == null) {
        problems.add(
            wanted.module() + "." + wanted.name() + " " + wanted.signature() + " is missing");
      } else if (!found.signature().equals(wanted.signature())) {
        problems.add(mismatch(wanted, found));
      } else if (!functions.containsKey(name)) {
        var function = function(found, caller);
        functions.put(name, function);
        linked.add(function);
      }
    }
    if (!problems.isEmpty()) {
      throw new LinkException(module.name() + " cannot be linked: " + String.join("; ", problems));
    }
    return linked.toArray(HostFunction[]::new);
  }

  /**
   * Checks that a module imports nothing but functions and memories.
   *
   * @throws LinkException naming what else it imports
   */
  static void check(ChicoryModule module) {
    var problems = otherImports(module);
    if (!problems.isEmpty()) {
      throw new LinkException(module.name() + " cannot be linked: " + String.join("; ", problems));
    }
  }

  private static String mismatch(ImportedFunction wanted, HostImport found) {
    return wanted.module()
        + "."
        + wanted.name()
        + " is "
        + found.signature()
        + ", but the module wants "
        + wanted.signature();
  }

  private static List<String> otherImports(ChicoryModule module) {
    var problems = new ArrayList<String>();
    var section = module.wasm().importSection();
    for (int i = 0; i < section.importCount(); i++) {
      var row = section.getImport(i);
      if (!(row instanceof FunctionImport) && !(row instanceof MemoryImport)) {
        problems.add(
            row.module()
                + "."
                + row.name()
                + " is a "
                + row.importType().name().toLowerCase(Locale.ROOT)
                + ", which the host does not provide");
      }
    }
    return problems;
  }

  private static HostFunction function(HostImport row, ChicoryInstance caller) {
    return new HostFunction(
        row.module(), row.name(), Signatures.lower(row.signature()), handle(row, caller));
  }

  private static WasmFunctionHandle handle(HostImport row, ChicoryInstance caller) {
    var handler = row.handler();
    var params = row.signature().params();
    var narrow = new boolean[params.size()];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = params.get(i) == ValueType.I32;
    }
    boolean none = row.signature().results().isEmpty();
    boolean narrowResult = !none && row.signature().results().get(0) == ValueType.I32;
    boolean leaf = row.leaf();
    var stack = caller.handlerStack();
    return (instance, args) -> {
      // The interpreter leaves the upper half of an i32 to chance.
      for (int i = 0; i < narrow.length; i++) {
        if (narrow[i]) {
          args[i] = (int) args[i];
        }
      }
      if (!leaf) {
        stack.require();
      }
      long result;
      try {
        result = handler.call(caller, args);
      } catch (Throwable e) {
        throw new HandlerFailure(e);
      }
      return none ? NO_RESULT : new long[] {narrowResult ? (int) result : result};
    };
  }
}
