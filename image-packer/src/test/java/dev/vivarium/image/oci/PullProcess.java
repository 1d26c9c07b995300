package dev.vivarium.image.oci;

import java.nio.file.Path;
import java.util.Map;

/** A process that pulls a box. */
final class PullProcess {

  private PullProcess() {}

  /** The arguments: a directory for the store, and the name of the box. */
  public static void main(String[] arguments) throws Exception {
    try (var store = Store.open(Path.of(arguments[0]))) {
      var environment = Map.of("DOCKER_CONFIG", arguments[0]);
      Registry.of(Reference.parse(arguments[1]), environment, (what, done, total) -> {})
          .pull(store);
    }
  }
}
