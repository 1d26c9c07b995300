package dev.vivarium.conformance.peer;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.conformance.bench.host.Instances;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
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

  private final WasmModule module;
  private final Function<Instance, Machine> machine;
  private final Path root;

  private ChicoryHost(WasmModule module, Function<Instance, Machine> machine, Path root) {
    this.module = module;
    this.machine = machine;
    this.root = root;
  }

  /**
   * Runs instances of a guest.
   *
   * @param args {@code python} or {@code ruby}; the directory that becomes the guest's root; how
   *     many instances; the program
   */
  public static void main(String[] args) throws Exception {
    try (var files = copy(Path.of(args[1]))) {
      var host = new ChicoryHost(load(), machine(), files.getPath("/"));
      boolean ruby = args[0].equals("ruby");
      Runnable all =
          () -> {
            try {
              Instances.run(
                  Integer.parseInt(args[2]),
                  () -> ruby ? host.ruby(args[3]) : host.command(List.of("python", "-c", args[3])));
            } catch (Throwable e) {
              System.err.println(e.toString().lines().findFirst().orElse("failed"));
              System.exit(1);
            }
          };
      var thread = new Thread(null, all, "guest", STACK_BYTES);
      thread.start();
      thread.join();
    }
  }

  private static FileSystem copy(Path directory) throws IOException {
    var unix = Configuration.unix().toBuilder().setAttributeViews("unix").build();
    var files = Jimfs.newFileSystem(unix);
    try (var tree = Files.walk(directory)) {
      for (var path : tree.filter(path -> !path.equals(directory)).toList()) {
        Files.copy(path, files.getPath("/", directory.relativize(path).toString()));
      }
    }
    return files;
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

  private int command(List<String> arguments) {
    try (var wasi = wasi(arguments)) {
      instantiate(List.of(wasi.toHostFunctions())).export("_start").apply();
      return 0;
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private int ruby(String program) {
    try (var wasi = wasi(List.of())) {
      var imports = new ArrayList<ImportFunction>(List.of(wasi.toHostFunctions()));
      imports.addAll(ChicoryRuby.imports(module));
      return new ChicoryRuby(instantiate(imports)).run(program);
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private WasiPreview1 wasi(List<String> arguments) {
    var options =
        WasiOptions.builder()
            .withStdin(new FileInputStream(FileDescriptor.in))
            .withStdout(new FileOutputStream(FileDescriptor.out))
            .withStderr(new FileOutputStream(FileDescriptor.err))
            .withArguments(arguments)
            .withDirectory("/", root)
            .build();
    return WasiPreview1.builder().withOptions(options).build();
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
