package dev.vivarium.cli;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.guest.BootImages;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.Launch;
import dev.vivarium.runtime.RuntimeCache;
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
    var directory = CacheDirectory.of(host.environment()).resolve("runtimes");
    var module = new RuntimeCache(directory, host.environment()).module(runtime, progress);
    return Program.load(engine, module, progress);
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
