package dev.vivarium.cli;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.guest.BootImages;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.Launch;
import dev.vivarium.runtime.RuntimeCache;
import dev.vivarium.vfs.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A runtime that the project knows. */
record NamedRuntime(LanguageRuntime runtime, Host host) implements Program {

  @Override
  public Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images) {
    try {
      return runtime.launch(arguments, workingDirectory, environment, images);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  @Override
  public EngineBinding.Module load(EngineBinding engine, Progress progress) throws IOException {
    return Program.load(engine, cache().module(runtime, progress), progress);
  }

  @Override
  public Optional<Snapshot> files() throws IOException {
    return cache().files(runtime);
  }

  private RuntimeCache cache() {
    return new RuntimeCache(CacheDirectory.of(host.environment()), host.environment());
  }

  @Override
  public Optional<String> script(List<String> arguments) {
    return runtime.script(arguments);
  }

  @Override
  public Optional<String> hiding(String path) {
    return runtime.hides(path)
        ? Optional.of(
            runtime.name()
                + " sees only its own files in /usr, not "
                + path
                + "; its packages go to "
                + runtime.packageDirectory())
        : Optional.empty();
  }
}
