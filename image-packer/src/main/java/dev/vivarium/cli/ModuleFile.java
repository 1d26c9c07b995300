package dev.vivarium.cli;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.Command;
import dev.vivarium.image.HostReason;
import dev.vivarium.runtime.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A WebAssembly file of the person's. */
final class ModuleFile implements Program {
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};
  private static final byte[] VERSION_1 = {1, 0, 0, 0};

  private final String name;
  private final Host host;
  private String workingDirectory = "/";

  ModuleFile(String name, Host host) {
    this.name = name;
    this.host = host;
  }

  @Override
  public Launch launch(
      List<String> arguments,
      String directory,
      Map<String, String> environment,
      BootImages images) {
    workingDirectory = directory;
    var command = new ArrayList<String>();
    command.add(name);
    command.addAll(arguments);
    try {
      return new Launch(new Command(), command, environment, List.of());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  @Override
  public EngineBinding.Module load(EngineBinding engine, Progress progress) throws IOException {
    EngineBinding.Module module;
    try {
      module = Program.load(engine, WasmSource.of(name, read()), progress);
    } catch (InvalidModuleException e) {
      throw Failure.usage(e.getMessage());
    }
    if (!module.exportsFunction("_start")) {
      throw Failure.usage(name + ": not a WASI command, which would export a function _start");
    }
    boolean hasDirectory =
        module.importedFunctions().stream().anyMatch(f -> f.module().startsWith("wasix"));
    if (!hasDirectory && !workingDirectory.equals("/")) {
      throw Failure.usage(
          name
              + ": a WASI preview1 module has no working directory; leave out --workdir "
              + workingDirectory
              + " and give it absolute paths");
    }
    return module;
  }

  private byte[] read() {
    var path = host.path(name);
    if (!Files.exists(path)) {
      throw Failure.usage(name + ": no such file, and no box of that name");
    }
    // A pipe would block for as long as nobody writes to it.
    if (!Files.isRegularFile(path)) {
      throw Failure.usage(
          name
              + ": "
              + (Files.isDirectory(path) ? "is a directory" : "is no regular file")
              + ", not a WebAssembly module");
    }
    try {
      if (Files.size(path) > Integer.MAX_VALUE - 8) {
        throw Failure.usage(name + ": too large for a WebAssembly module");
      }
      var bytes = Files.readAllBytes(path);
      checkHead(bytes);
      return bytes;
    } catch (IOException e) {
      throw Failure.usage(name + ": " + HostReason.of(e));
    }
  }

  private void checkHead(byte[] bytes) {
    if (!Arrays.equals(Arrays.copyOf(bytes, 4), MAGIC)) {
      throw Failure.usage(name + ": not a WebAssembly module");
    }
    if (bytes.length < 8) {
      throw Failure.usage(name + ": a truncated WebAssembly module");
    }
    if (!Arrays.equals(Arrays.copyOfRange(bytes, 4, 8), VERSION_1)) {
      throw Failure.usage(
          name
              + ": a WebAssembly component or of another version; a core module of version 1 is needed");
    }
  }
}
