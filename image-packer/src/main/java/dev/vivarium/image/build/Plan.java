package dev.vivarium.image.build;

import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.build.Instruction.OnBuild;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What is to be built of a Dockerfile: the stages that the target needs, in their order.
 *
 * @param arguments those of before the first stage, with their values
 */
record Plan(Map<String, String> arguments, List<Step> stages) {

  /**
   * A stage that is built.
   *
   * @param index its number in the Dockerfile, from 0
   * @param image what its FROM names, with the values of variables
   * @param base the stage that it begins with, if it is one
   * @param instructions what is carried out: the triggers of what it begins with, and its own
   */
  record Step(
      int index,
      Dockerfile.Stage stage,
      String image,
      OptionalInt base,
      List<Instruction> instructions) {

    /** What people are shown. */
    String name() {
      return stage.from().name().orElse("stage-" + index);
    }

    private Step after(List<Instruction> triggers) {
      var all = new ArrayList<>(triggers);
      all.addAll(instructions);
      return new Step(index, stage, image, base, all);
    }
  }

  /** Knows boxes. */
  interface Boxes {
    /** What a box, that a line names, has for builds that begin with it; nothing of a runtime. */
    List<Instruction> triggers(LogicalLine line, String image) throws IOException;
  }

  /**
   * A plan.
   *
   * @param predefined the arguments that there are without an ARG
   * @param given the arguments of the build
   * @param target the name or number of the stage that is wanted; the last if empty
   * @param boxes is asked about those that are needed
   */
  static Plan of(
      Dockerfile file,
      Map<String, String> predefined,
      Map<String, String> given,
      Optional<String> target,
      Boxes boxes)
      throws IOException {
    var arguments = new HashMap<>(predefined);
    for (var arg : file.arguments()) {
      for (var variable : arg.variables()) {
        var value = given.get(variable.name());
        if (value == null && variable.value().isPresent()) {
          value = Expander.expand(arg.line(), variable.value().get(), arguments::get);
        }
        if (value != null) {
          arguments.put(variable.name(), value);
        }
      }
    }
    var all = new ArrayList<Step>();
    for (var stage : file.stages()) {
      var image = Expander.expand(stage.from().line(), stage.from().image(), arguments::get);
      if (image.isBlank()) {
        throw stage.from().line().error("FROM names nothing: " + stage.from().image());
      }
      var base = find(all, all.size(), image, false);
      all.add(new Step(all.size(), stage, image, base, stage.instructions()));
    }
    return new Plan(arguments, needed(all, target(all, target), boxes));
  }

  /** What a stage has for those that begin with it. */
  private static List<Instruction> triggers(Dockerfile.Stage stage) {
    return stage.instructions().stream()
        .filter(OnBuild.class::isInstance)
        .map(instruction -> ((OnBuild) instruction).trigger())
        .toList();
  }

  private static int target(List<Step> all, Optional<String> target) throws DockerfileException {
    if (target.isEmpty()) {
      return all.size() - 1;
    }
    var found = find(all, all.size(), target.get(), true);
    if (found.isEmpty()) {
      throw all.get(0).stage().from().line().error("no stage is named " + target.get());
    }
    return found.getAsInt();
  }

  /** The stages that a stage needs, itself among them, in their order, and with their triggers. */
  private static List<Step> needed(List<Step> all, int target, Boxes boxes) throws IOException {
    var needed = new TreeMap<Integer, Step>();
    var pending = new ArrayDeque<>(List.of(target));
    while (!pending.isEmpty()) {
      int index = pending.pop();
      if (!needed.containsKey(index)) {
        var alone = all.get(index);
        var step =
            alone.after(
                alone.base().isPresent()
                    ? triggers(all.get(alone.base().getAsInt()).stage())
                    : boxes.triggers(alone.stage().from().line(), alone.image()));
        needed.put(index, step);
        step.base().ifPresent(pending::push);
        for (var instruction : step.instructions()) {
          if (instruction instanceof Copy copy && copy.flags().from().isPresent()) {
            find(all, step.index(), copy.flags().from().get(), true).ifPresent(pending::push);
          }
        }
      }
    }
    return List.copyOf(needed.values());
  }

  /** The stage that a stage means by a name, or by a number: the last of those before it. */
  OptionalInt find(int before, String name) {
    return find(stages, before, name, true);
  }

  private static OptionalInt find(List<Step> stages, int before, String name, boolean numbers) {
    var plain = name.toLowerCase(Locale.ROOT);
    for (int i = stages.size() - 1; i >= 0; i--) {
      var step = stages.get(i);
      if (step.index() < before
          && (step.stage().from().name().filter(plain::equals).isPresent()
              || (numbers && plain.equals(String.valueOf(step.index()))))) {
        return OptionalInt.of(step.index());
      }
    }
    return OptionalInt.empty();
  }
}
