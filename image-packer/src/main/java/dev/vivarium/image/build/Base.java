package dev.vivarium.image.build;

import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Layer;
import java.util.List;

/** What a stage begins with: a runtime, a box, an earlier stage or nothing. */
record Base(BoxConfig config, List<Layer> layers) {}
