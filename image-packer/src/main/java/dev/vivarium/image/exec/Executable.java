package dev.vivarium.image.exec;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.Command;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.Launch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line of a box has turned out to be.
 *
 * @param module what runs
 * @param runtime whose interpreter it is, if it is one
 * @param words the arguments, the program's own name first
 */
public record Executable(WasmSource module, Optional<LanguageRuntime> runtime, List<String> words) {

  /**
   * How it is started.
   *
   * @param workingDirectory an absolute path of the box
   * @param environment its variables
   * @param images where started interpreters are kept
   * @throws IllegalArgumentException if an interpreter does not know its arguments, or no process
   *     can have them, or one of the variables; the message is for people
   */
  public Launch launch(
      String workingDirectory, Map<String, String> environment, BootImages images) {
    return runtime
        .map(
            known ->
                known.launch(words.subList(1, words.size()), workingDirectory, environment, images))
        .orElseGet(() -> new Launch(new Command(), words, environment, List.of()));
  }

  /**
   * The module, ready to run.
   *
   * @throws IllegalArgumentException if it cannot start in the working directory; the message is
   *     for people
   * @throws IOException if it is no command, or cannot be prepared
   */
  public EngineBinding.Module load(EngineBinding engine, String workingDirectory, Progress progress)
      throws IOException {
    var loaded = engine.load(module, progress);
    if (runtime.isEmpty()) {
      if (!loaded.exportsFunction("_start")) {
        throw ExecException.notExecutable(
            words.get(0) + ": not a WASI command, which would export a function _start");
      }
      boolean hasDirectory =
          loaded.importedFunctions().stream().anyMatch(f -> f.module().startsWith("wasix"));
      if (!hasDirectory && !workingDirectory.equals("/")) {
        throw new IllegalArgumentException(
            words.get(0)
                + ": a WASI preview1 module has no working directory; let it be /, not "
                + workingDirectory);
      }
    }
    return loaded;
  }

  /** The path of the script that an interpreter is given, as it is given. */
  public Optional<String> script() {
    return runtime.flatMap(known -> known.script(words.subList(1, words.size())));
  }
}
