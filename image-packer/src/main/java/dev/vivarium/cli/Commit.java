package dev.vivarium.cli;

import dev.vivarium.Outcome;
import dev.vivarium.box.Box;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Unpackable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Consumer;

/** What {@code --commit} makes of a run: the box, with what the guest changed as one more layer. */
final class Commit {
  private final Reference name;
  private final Box box;

  private Commit(Reference name, Box box) {
    this.name = name;
    this.box = box;
  }

  /**
   * What an option asks for.
   *
   * @throws Failure if no box can have such a name, or no box is run
   */
  static Commit of(String option, Program program) {
    var box = program.box();
    if (box.isEmpty()) {
      throw Failure.usage("--commit adds to a box, and none is run; --save DIR saves what changed");
    }
    try {
      return new Commit(BoxName.of(option), box.get());
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--commit " + e.getMessage());
    }
  }

  /**
   * Makes it; what there is to say about it.
   *
   * @param warnings told what cannot be in a box, and so is not
   */
  String of(Outcome outcome, Consumer<String> warnings) throws IOException {
    var store = box.image().store();
    var layers = new ArrayList<>(box.image().layers());
    // Not against the box's files: what every guest finds besides is no change of this one's.
    var found = outcome.initial();
    var tree = Unpackable.without(found, outcome.filesystem().snapshot(), warnings);
    layers.add(store.putLayer(found, tree, null, Compression.ZSTD));
    var step = new BoxConfig.Step(null, "run --commit", "", false);
    var image = store.putImage(box.config().toBuilder().step(step).build(), layers);
    store.tag(name, image);
    return name + " is " + image.digest();
  }
}
