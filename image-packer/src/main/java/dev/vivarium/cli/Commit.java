package dev.vivarium.cli;

import dev.vivarium.Outcome;
import dev.vivarium.box.Box;
import dev.vivarium.box.BoxName;
import java.io.IOException;
import java.util.function.Consumer;

/** What {@code --commit} makes of a run: the box, with what the guest changed as one more layer. */
final class Commit {
  private final String name;
  private final Box box;

  private Commit(String name, Box box) {
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
      return new Commit(BoxName.of(option).toString(), box.get());
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
    return name + " is " + box.commit(outcome, name, warnings).digest();
  }
}
