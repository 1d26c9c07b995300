package dev.vivarium.cli;

import dev.vivarium.box.Box;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.HostReason;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.Launch;
import dev.vivarium.runtime.RuntimeUnavailableException;
import dev.vivarium.vfs.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a person asked to run: a runtime or a box by its name, or a WebAssembly file. */
interface Program extends AutoCloseable {

  /**
   * How it is started, worked out before anything is fetched or compiled.
   *
   * @param images where started interpreters are kept
   */
  Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images);

  /** The module, ready to run. */
  EngineBinding.Module load(EngineBinding engine, Progress progress) throws IOException;

  /**
   * What it has to find in its filesystem.
   *
   * @throws RuntimeUnavailableException if it cannot be had
   */
  default Optional<Snapshot> files() throws IOException {
    return Optional.empty();
  }

  /** Where it starts if nobody says. */
  default String workingDirectory() {
    return "/";
  }

  /** Who runs it if nobody says. */
  default String user() {
    return "0";
  }

  /** Directories that it expects, whether they are among its files or not. */
  default List<String> volumes() {
    return List.of();
  }

  /** The box that it is, if it is one. */
  default Optional<Box> box() {
    return Optional.empty();
  }

  /** Gives back what it holds. */
  @Override
  default void close() throws IOException {}

  /** The path of the script that a command line runs, as it is given there. */
  default Optional<String> script(List<String> arguments) {
    return Optional.empty();
  }

  /** Why the guest will not see what is put at a path, if it will not. */
  default Optional<String> hiding(String path) {
    return Optional.empty();
  }

  /**
   * Loads a module that is at hand.
   *
   * @throws InvalidModuleException if it is none
   * @throws Failure if the cache of compiled modules cannot be used
   */
  static EngineBinding.Module load(EngineBinding engine, WasmSource source, Progress progress)
      throws IOException {
    try {
      return engine.load(source, progress);
    } catch (InvalidModuleException | RuntimeUnavailableException e) {
      throw e;
    } catch (IOException e) {
      throw Failure.host(
          HostReason.withFile(e) + "; mend that, or set XDG_CACHE_HOME to another directory");
    }
  }

  /**
   * What a word on the command line names: a file if it has a {@code /} or ends in {@code .wasm},
   * else a runtime, else a box of the store. A box whose name looks like a path, as that of one
   * from a registry does, is meant where no such file is.
   *
   * @param entrypoint what a box runs instead of its own; null to leave that
   * @throws Failure if there is no such program
   */
  static Program named(String word, Host host, String entrypoint) throws IOException {
    boolean isPath = word.indexOf('/') >= 0 || word.endsWith(".wasm");
    if (isPath && isFile(host.path(word))) {
      return new ModuleFile(word, host);
    }
    var runtime = isPath ? Optional.<LanguageRuntime>empty() : LanguageRuntime.tagged(word);
    if (runtime.isPresent()) {
      return new NamedRuntime(runtime.get(), host);
    }
    var box = box(word, host);
    if (box.isPresent()) {
      return new BoxProgram(box.get(), entrypoint);
    }
    if (isPath) {
      // It says what is wrong with it.
      return new ModuleFile(word, host);
    }
    var known =
        LanguageRuntime.all().stream().map(LanguageRuntime::name).collect(Collectors.joining(", "));
    throw Failure.usage(
        "nothing to run is named '"
            + word
            + "': it is none of the runtimes ("
            + known
            + ") and no box (see: vivarium images), and a file's name has a / or ends in .wasm");
  }

  /** Whether something is there that is no directory, which may be called as a box is. */
  private static boolean isFile(Path path) {
    return Files.exists(path) && !Files.isDirectory(path);
  }

  private static Optional<Box> box(String word, Host host) throws IOException {
    var directory = Box.defaultStore(host.environment());
    try (var store = Store.open(directory)) {
      return store.find(Reference.parse(word)).isPresent()
          ? Optional.of(Box.open(directory, word))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
