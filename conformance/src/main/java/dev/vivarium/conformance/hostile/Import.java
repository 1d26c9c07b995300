package dev.vivarium.conformance.hostile;

import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.table.HostModules;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A function that a guest can import.
 *
 * @param id what its forwarder is called
 */
public record Import(String id, String module, FunctionShape shape) {

  /** Which of them a module imports. */
  public enum Choice {
    PREVIEW1,
    /** Those of WASIX too, which give some of the others another meaning. */
    WASIX,
    /** As {@link #WASIX}, with the former type of what has had several. */
    FORMER_WASIX
  }

  /** The imports of a choice, one of each name. */
  public static List<Import> all(Choice choice) {
    var imports = new LinkedHashMap<String, Import>();
    HostModules.functions()
        .forEach(
            (module, shapes) -> {
              for (var shape : shapes) {
                var next = new Import("call" + imports.size(), module, shape);
                if (choice == Choice.PREVIEW1 && module.startsWith("wasix")) {
                  continue;
                }
                var former = imports.putIfAbsent(next.name(), next);
                if (former != null && choice == Choice.WASIX) {
                  imports.put(next.name(), new Import(former.id(), module, shape));
                }
              }
            });
    return List.copyOf(imports.values());
  }

  /** As reports have it. */
  public String name() {
    return module + "." + shape.name();
  }
}
