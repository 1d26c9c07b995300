package dev.vivarium.image.build;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.LinkException;
import dev.vivarium.image.build.Instruction.Run;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.ShellText;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One RUN: commands in a sandbox on the files of the box. */
final class RunStep {
  private final BuildSession session;
  private final StageBuild stage;
  private final Run run;
  private final List<List<String>> commands;
  private final String input;

  RunStep(BuildSession session, StageBuild stage, Run run) throws IOException {
    this.session = session;
    this.stage = stage;
    this.run = run;
    this.input = input();
    this.commands = commands();
  }

  /** What the last here-document gives to the command. */
  private String input() throws IOException {
    var heredocs = run.line().heredocs();
    if (heredocs.isEmpty()) {
      return "";
    }
    var last = heredocs.get(heredocs.size() - 1);
    return last.expands()
        ? Expander.expandText(run.line(), last.content(), stage::variable)
        : last.content();
  }

  private List<List<String>> commands() throws IOException {
    if (run.command() instanceof CommandForm.Exec exec) {
      if (exec.words().isEmpty()) {
        throw run.line().error("RUN needs a command");
      }
      return List.of(exec.words());
    }
    var text = ((CommandForm.Shell) run.command()).text();
    if (!stage.config().shell().isEmpty() || stage.hasFile(stage.shell().get(0))) {
      var words = new ArrayList<>(stage.shell());
      words.add(run.line().heredocs().isEmpty() ? text : text + "\n" + whole());
      return List.of(words);
    }
    try {
      var words = new ArrayList<String>();
      for (var word : WordSplitter.split(text, run.line().escape())) {
        if (HeredocMark.of(word, run.line().escape()).isEmpty()) {
          words.add(word);
        }
      }
      return words.isEmpty()
          ? List.of(interpreter())
          : ShellText.parse(String.join(" ", words), stage.environment()::get);
    } catch (ExecException e) {
      throw run.line().error(e.getMessage());
    }
  }

  /** The here-documents as a shell reads them. */
  private String whole() {
    var text = new StringBuilder();
    for (var heredoc : run.line().heredocs()) {
      text.append(heredoc.content()).append(heredoc.name()).append('\n');
    }
    return text.toString();
  }

  /** Who runs a here-document that is a script: its first line says. */
  private List<String> interpreter() throws IOException {
    var first = input.lines().findFirst().orElse("");
    if (!first.startsWith("#!") || first.substring(2).isBlank()) {
      throw run.line()
          .error(
              "a here-document alone is for a shell, and the box has none; begin it with #! and an"
                  + " interpreter");
    }
    var words = new ArrayList<>(List.of(first.substring(2).strip().split("[ \t]+")));
    if (words.get(0).endsWith("/env") && words.size() > 1) {
      words.remove(0);
    }
    words.add("-");
    return words;
  }

  /** Adds all that the commands depend on, beside the files and the module. */
  StepKey key(StepKey key) {
    commands.forEach(command -> key.with("command " + command.size() + command));
    stage
        .environment()
        .entrySet()
        .forEach(variable -> key.with(variable.getKey()).with(variable.getValue()));
    return key.with(stage.workingDirectory()).with(stage.config().user()).with(input);
  }

  /** Runs the commands, one after the other. */
  StageBuild.Transition carryOut(Snapshot base) throws IOException {
    try {
      var vfs = stage.fork(base);
      Sandbox.furnish(vfs);
      var furnished = vfs.snapshot();
      var program =
          session
              .program(stage.config(), stage.layers())
              .environment(stage.environment())
              .input(input)
              .warnings(warning -> session.warn(run.line(), warning));
      var account = program.account(vfs);
      var tree = furnished;
      for (var command : commands) {
        var outcome = program.run(command, tree, account);
        requireSuccess(command, outcome);
        tree = outcome.filesystem().snapshot();
      }
      return new StageBuild.Transition(furnished, tree);
    } catch (ExecException | ErrnoException | IllegalArgumentException | LinkException e) {
      throw run.line().error(e.getMessage());
    }
  }

  private void requireSuccess(List<String> command, Outcome outcome) throws DockerfileException {
    if (outcome.status() != 0) {
      var message = outcome.message().isEmpty() ? "" : ": " + outcome.message();
      throw run.line()
          .error(command.get(0) + " has ended with status " + outcome.status() + message);
    }
  }
}
