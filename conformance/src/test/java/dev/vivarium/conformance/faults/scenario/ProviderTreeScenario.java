package dev.vivarium.conformance.faults.scenario;

import dev.vivarium.vfs.posix.MountOptions;
import java.util.List;
import java.util.concurrent.Callable;

/** As {@link HostDirectoryScenario}, on a tree of any provider. */
public final class ProviderTreeScenario implements Callable<List<String>> {

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    return new HostDirectoryScenario(
            (vfs, directory) -> vfs.mounts().tree("/m", directory, MountOptions.DEFAULT))
        .call();
  }
}
