package dev.vivarium.engine.chicory;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures what preparing a module costs. No test: run it with a cache directory and a module, and
 * with {@code -Xmx} to find out what it gets along with.
 */
final class PreparationCost {
  private PreparationCost() {}

  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    var engine = ChicoryEngine.withCache(Path.of(args[0]));
    var module = engine.load(WasmSource.of(Path.of(args[1])), Progress.NONE);
    print("load, with the digest", start);
    System.out.printf("interpreted functions: %d%n", module.interpretedFunctions());
    System.out.printf("largest method: %d bytes%n", module.largestMethod());

    start = System.nanoTime();
    var imports = module.importedFunctions().stream().map(PreparationCost::unsupported).toList();
    var instance = module.instantiate(imports, 1L << 30);
    print("first instance", start);
    start = System.nanoTime();
    module.instantiate(imports, 1L << 30);
    print("second instance", start);
    System.out.printf("memory: %d bytes%n", instance.memory().size());

    System.out.printf("CPU: %s%n", ProcessHandle.current().info().totalCpuDuration().orElseThrow());
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      lines.filter(line -> line.startsWith("VmHWM")).forEach(System.out::println);
    }
  }

  private static HostImport unsupported(ImportedFunction row) {
    return new HostImport(
        row.module(),
        row.name(),
        row.signature(),
        (caller, args) -> {
          throw new GuestTrap(GuestTrap.Kind.UNSUPPORTED_IMPORT, row.name());
        });
  }

  private static void print(String what, long start) {
    System.out.printf("%s: %.3f s%n", what, (System.nanoTime() - start) / 1e9);
  }
}
