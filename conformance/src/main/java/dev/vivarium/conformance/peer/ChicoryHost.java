package dev.vivarium.conformance.peer;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.vivarium.conformance.bench.host.Instances;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs the guest whose classes, made by {@link ChicoryCompiler}, are on the class path, on
 * Chicory's WASI over jimfs.
 */
public final class ChicoryHost {
  /** As much as the engine's interpreter needs for what its compiler leaves to it. */
  public static final long STACK_BYTES = 512L << 20;

  private final WasmModule module = load();
  private final Function<Instance, Machine> machine = machine();
  private final boolean ruby;

  private ChicoryHost(boolean ruby) throws IOException, ReflectiveOperationException {
    this.ruby = ruby;
  }

  /**
   * Loads the guest.
   *
   * @param language {@code python}, or {@code ruby}: a reactor, whose driver this host then is
   */
  public static ChicoryHost of(String language) throws IOException, ReflectiveOperationException {
    return new ChicoryHost(language.equals("ruby"));
  }

  /**
   * Runs instances of a guest.
   *
   * @param args {@code python} or {@code ruby}; the directory that becomes the guest's root; how
   *     many instances; the program
   */
  public static void main(String[] args) throws Exception {
    try (var files = ChicoryWorld.copy(Path.of(args[1]))) {
      var host = of(args[0]);
      var world =
          new ChicoryWorld(
              files.getPath("/"),
              List.of(),
              new FileInputStream(FileDescriptor.in),
              new FileOutputStream(FileDescriptor.out),
              new FileOutputStream(FileDescriptor.err));
      onLargeStack(
          () -> Instances.run(Integer.parseInt(args[2]), () -> host.program(world, args[3])));
    }
  }

  private interface Guest {
    void run() throws Exception;
  }

  private static void onLargeStack(Guest guest) throws InterruptedException {
    Runnable all =
        () -> {
          try {
            guest.run();
          } catch (Throwable e) {
            System.err.println(e.toString().lines().findFirst().orElse("failed"));
            System.exit(1);
          }
        };
    var thread = new Thread(null, all, "guest", STACK_BYTES);
    thread.start();
    thread.join();
  }

  private static WasmModule load() throws IOException {
    var name = "/" + ChicoryCompiler.NAME.replace('.', '/') + ".meta";
    try (var meta = ChicoryHost.class.getResourceAsStream(name)) {
      return Parser.parse(meta);
    }
  }

  private static Function<Instance, Machine> machine() throws ReflectiveOperationException {
    var constructor =
        Class.forName(ChicoryCompiler.NAME + "Machine").getConstructor(Instance.class);
    return instance -> {
      try {
        return (Machine) constructor.newInstance(instance);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /**
   * Runs the guest once, on a thread with a stack of {@link #STACK_BYTES}.
   *
   * @param arguments its arguments, of Ruby a script and the script's own, the command's name first
   * @return its exit status
   */
  public int run(ChicoryWorld world, List<String> arguments) {
    return ruby ? evaluate(world, ChicoryRuby.loading(arguments)) : command(world, arguments);
  }

  private int program(ChicoryWorld world, String program) {
    return ruby ? evaluate(world, program) : command(world, List.of("python", "-c", program));
  }

  private int command(ChicoryWorld world, List<String> arguments) {
    try (var wasi = world.wasi(arguments)) {
      instantiate(List.of(wasi.toHostFunctions())).export("_start").apply();
      return 0;
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private int evaluate(ChicoryWorld world, String program) {
    try (var wasi = world.wasi(List.of())) {
      var imports = new ArrayList<ImportFunction>(List.of(wasi.toHostFunctions()));
      imports.addAll(ChicoryRuby.imports(module));
      return new ChicoryRuby(instantiate(imports)).run(program);
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private Instance instantiate(List<? extends ImportFunction> imports) {
    return Instance.builder(module)
        .withMachineFactory(machine)
        .withImportValues(
            ImportValues.builder().addFunction(imports.toArray(ImportFunction[]::new)).build())
        .withStart(false)
        .build();
  }
}
