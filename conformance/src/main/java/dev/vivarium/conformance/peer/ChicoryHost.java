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

  private ChicoryHost(Path root) throws Exception {
    this.module = load();
    this.machine = machine();
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
      var host = new ChicoryHost(files.getPath("/"));
      boolean ruby = args[0].equals("ruby");
      onLargeStack(
          () ->
              Instances.run(
                  Integer.parseInt(args[2]),
                  () ->
                      ruby
                          ? host.ruby(args[3], List.of())
                          : host.command(List.of("python", "-c", args[3]), List.of())));
    }
  }

  /**
   * Runs a guest once, and ends this process with its status.
   *
   * @param ruby whether it is Ruby's reactor, which is to load a script
   * @param variables its environment, each with a {@code =}
   * @param results a file of the guest's; the copy of it that is left where there is one
   */
  static void run(
      boolean ruby,
      Path directory,
      List<String> arguments,
      List<String> variables,
      String results,
      Path copy)
      throws Exception {
    try (var files = copy(directory)) {
      int[] status = {1};
      onLargeStack(
          () -> {
            var host = new ChicoryHost(files.getPath("/"));
            status[0] =
                ruby
                    ? host.ruby(ChicoryRuby.loading(arguments), variables)
                    : host.command(arguments, variables);
          });
      var left = files.getPath(results);
      if (Files.exists(left)) {
        Files.copy(left, copy);
      }
      System.exit(status[0]);
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

  private int command(List<String> arguments, List<String> variables) {
    try (var wasi = wasi(arguments, variables)) {
      instantiate(List.of(wasi.toHostFunctions())).export("_start").apply();
      return 0;
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private int ruby(String program, List<String> variables) {
    try (var wasi = wasi(List.of(), variables)) {
      var imports = new ArrayList<ImportFunction>(List.of(wasi.toHostFunctions()));
      imports.addAll(ChicoryRuby.imports(module));
      return new ChicoryRuby(instantiate(imports)).run(program);
    } catch (WasiExitException e) {
      return e.exitCode();
    }
  }

  private WasiPreview1 wasi(List<String> arguments, List<String> variables) {
    var options =
        WasiOptions.builder()
            .withStdin(new FileInputStream(FileDescriptor.in))
            .withStdout(new FileOutputStream(FileDescriptor.out))
            .withStderr(new FileOutputStream(FileDescriptor.err))
            .withArguments(arguments)
            .withDirectory("/", root);
    for (var variable : variables) {
      var parts = variable.split("=", 2);
      options.withEnvironment(parts[0], parts[1]);
    }
    return WasiPreview1.builder().withOptions(options.build()).build();
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
