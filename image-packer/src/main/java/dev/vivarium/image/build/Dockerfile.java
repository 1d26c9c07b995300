package dev.vivarium.image.build;

import dev.vivarium.image.build.Instruction.Arg;
import dev.vivarium.image.build.Instruction.From;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A Dockerfile as it is written: the arguments before its first stage, and its stages.
 *
 * @param arguments of FROM; a stage sees those that it names in an ARG of its own
 * @param stages in their order, at least one
 */
record Dockerfile(List<Arg> arguments, List<Stage> stages) {

  /** What one FROM begins. */
  record Stage(From from, List<Instruction> instructions) {}

  /**
   * Reads a Dockerfile.
   *
   * @param file what messages call it
   * @param warnings told what is ignored or may not be as it was meant, a line each
   * @throws DockerfileException if it is none; whatever the content is, nothing else is thrown
   */
  static Dockerfile parse(String file, byte[] content, Consumer<String> warnings)
      throws DockerfileException {
    var arguments = new ArrayList<Arg>();
    var stages = new ArrayList<Stage>();
    for (var line : LineReader.read(file, content, warnings)) {
      var instruction = InstructionParser.parse(line, warnings);
      if (instruction instanceof From from) {
        if (from.name().isPresent()
            && stages.stream().anyMatch(stage -> stage.from().name().equals(from.name()))) {
          warnings.accept(
              line.warning(
                  "another stage is named "
                      + from.name().get()
                      + "; below this line the name means this one"));
        }
        stages.add(new Stage(from, new ArrayList<>()));
      } else if (!stages.isEmpty()) {
        stages.get(stages.size() - 1).instructions().add(instruction);
      } else if (instruction instanceof Arg arg) {
        arguments.add(arg);
      } else {
        throw line.error("a stage begins with FROM; only ARG may come before it");
      }
    }
    if (stages.isEmpty()) {
      throw new DockerfileException(file, 1, "no FROM: there is nothing to build");
    }
    return new Dockerfile(arguments, stages);
  }
}
