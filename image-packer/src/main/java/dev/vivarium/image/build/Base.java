package dev.vivarium.image.build;

import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Layer;
import java.util.List;
import java.util.Map;

/**
 * What a stage begins with: a runtime, a box, an earlier stage or nothing.
 *
 * @param variables what an earlier stage saw at its end, those of its ARGs among them
 */
record Base(BoxConfig config, List<Layer> layers, Map<String, String> variables) {

  /** One that no build has variables of. */
  Base(BoxConfig config, List<Layer> layers) {
    this(config, layers, Map.of());
  }
}
