package dev.vivarium.wasi.table;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.LinkException;
import dev.vivarium.sys.Process;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.call.GuestState;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All tables, and their use: host functions for what a module imports. */
public final class HostModules {
  private static final List<HostModule> ALL =
      List.of(Preview1.TABLE, Snapshot0.TABLE, Wasix.TABLE, WasixProcesses.WASI_THREADS);

  private static final Map<String, HostModule> BY_NAME =
      ALL.stream().collect(Collectors.toMap(HostModule::name, Function.identity()));

  private HostModules() {}

  /** The tables: WASI preview1, its snapshot 0, WASIX, and the threads of WASI. */
  static List<HostModule> all() {
    return ALL;
  }

  /** All functions that there are, by the name of their module, in the order of the tables. */
  public static Map<String, List<FunctionShape>> functions() {
    var functions = new LinkedHashMap<String, List<FunctionShape>>();
    for (var table : ALL) {
      functions.put(table.name(), table.rows().stream().map(FunctionSpec::shape).toList());
    }
    return functions;
  }

  /**
   * Host functions for everything that a module imports. A function that no table knows gets a stub
   * that answers ENOSYS if its type is that of a function with an errno (one i32 result), and else
   * traps with a message that names it.
   *
   * @param process whose calls they are; its descriptor 3, if it is a directory, is the preopened
   *     root
   * @param preopens the paths of its descriptors from 4 on, if they are preopened directories
   * @param trace what observes the calls; {@link SyscallTrace#NONE} costs nothing
   * @throws LinkException if the module imports a known function with another type
   */
  public static List<HostImport> link(
      List<ImportedFunction> imports, Process process, List<String> preopens, SyscallTrace trace) {
    boolean wasix = imports.stream().anyMatch(row -> row.module().startsWith("wasix_"));
    var guest = new GuestState(process, wasix, preopens);
    var linked = new ArrayList<HostImport>(imports.size());
    for (var function : imports) {
      var row = row(function);
      HostImport.Handler handler = new Lowering(function.module(), row, guest);
      if (trace != SyscallTrace.NONE) {
        handler = new Traced(function.module(), row.shape(), handler, trace);
      }
      linked.add(new HostImport(function.module(), function.name(), function.signature(), handler));
    }
    return linked;
  }

  /** The functions among a module's imports that no table knows. */
  public static List<ImportedFunction> unknown(List<ImportedFunction> imports) {
    return imports.stream().filter(function -> known(function).isEmpty()).toList();
  }

  private static FunctionSpec row(ImportedFunction function) {
    var rows = known(function);
    if (rows.isEmpty()) {
      return UnknownImport.row(function);
    }
    return rows.stream()
        .filter(row -> row.shape().signature().equals(function.signature()))
        .findFirst()
        .orElseThrow(() -> mismatch(function, rows));
  }

  private static List<FunctionSpec> known(ImportedFunction function) {
    var table = BY_NAME.get(function.module());
    return table == null ? List.of() : table.rows(function.name());
  }

  private static LinkException mismatch(ImportedFunction function, List<FunctionSpec> rows) {
    var types =
        rows.stream()
            .map(row -> row.shape().signature().toString())
            .collect(Collectors.joining(" or "));
    return new LinkException(
        "%s.%s has the type %s, but the module imports it as %s"
            .formatted(function.module(), function.name(), types, function.signature()));
  }
}
