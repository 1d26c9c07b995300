package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.LinkException;
import dev.vivarium.image.build.Instruction.Run;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.ShellText;
import dev.vivarium.image.exec.ShellText.Command;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Unpackable;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** One RUN: commands in a sandbox on the files of the box. */
final class RunStep {
  private final BuildSession session;
  private final StageBuild stage;
  private final Run run;
  private final List<Command> commands;
  private final String input;
  private final Digest key;

  /**
   * @param base has what the files and the module make of it
   */
  RunStep(BuildSession session, StageBuild stage, Run run, StepKey base) throws IOException {
    this.session = session;
    this.stage = stage;
    this.run = run;
    if (isScript()) {
      this.input = "";
      this.commands = parse(lastHeredoc().content());
    } else {
      this.input = input();
      this.commands = commands();
    }
    this.key = key(base);
  }

  private Digest key(StepKey key) {
    key.with("repeatable").with(String.valueOf(commands.size()));
    for (var command : commands) {
      key.with(command.directory())
          .with(command.variables().keySet())
          .with(command.variables().values())
          .with(command.words());
    }
    var environment = stage.environment();
    return key.with(environment.keySet())
        .with(environment.values())
        .with(stage.workingDirectory())
        .with(stage.config().user())
        .with(input)
        .digest();
  }

  /** Names what the step makes, by all that it depends on. */
  Digest key() {
    return key;
  }

  /** Whether it is lines of a here-document, which a shell would read, had the box one. */
  private boolean isScript() throws IOException {
    return run.command() instanceof CommandForm.Shell shell
        && !run.line().heredocs().isEmpty()
        && !hasShell()
        && words(shell).isEmpty()
        && !lastHeredoc().content().startsWith("#!");
  }

  private boolean hasShell() throws IOException {
    return !stage.config().shell().isEmpty() || stage.hasFile(stage.shell().get(0));
  }

  private Heredoc lastHeredoc() {
    var heredocs = run.line().heredocs();
    return heredocs.get(heredocs.size() - 1);
  }

  /** What the last here-document gives to the command. */
  private String input() throws IOException {
    if (run.line().heredocs().isEmpty()) {
      return "";
    }
    var last = lastHeredoc();
    return last.expands()
        ? Expander.expandText(run.line(), last.content(), stage::variable)
        : last.content();
  }

  private List<Command> commands() throws IOException {
    if (run.command() instanceof CommandForm.Exec exec) {
      if (exec.words().isEmpty()) {
        throw run.line().error("RUN needs a command");
      }
      return List.of(Command.of(exec.words()));
    }
    var text = (CommandForm.Shell) run.command();
    if (hasShell()) {
      var words = new ArrayList<>(stage.shell());
      words.add(run.line().heredocs().isEmpty() ? text.text() : text.text() + "\n" + whole());
      return List.of(Command.of(words));
    }
    var words = words(text);
    return words.isEmpty() ? List.of(Command.of(interpreter())) : parse(String.join(" ", words));
  }

  /** The words, with their quotes, that announce no here-document. */
  private List<String> words(CommandForm.Shell text) {
    char escape = run.line().escape();
    return WordSplitter.split(text.text(), escape).stream()
        .filter(word -> HeredocMark.of(word, escape).isEmpty())
        .toList();
  }

  private List<Command> parse(String text) throws IOException {
    try {
      return ShellText.parse(text, stage.environment()::get);
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
    var first = input.lines().findFirst().orElse("").substring(2).strip();
    if (first.isEmpty()) {
      throw run.line().error("a here-document that begins with #! names its interpreter there");
    }
    var words = new ArrayList<>(List.of(first.split("[ \t]+")));
    if (words.get(0).endsWith("/env") && words.size() > 1) {
      words.remove(0);
    }
    words.add("-");
    return words;
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
              .input(input)
              .timeout(session.timeout())
              .warnings(warning -> session.warn(run.line(), warning));
      var account = program.account(vfs);
      var tree = furnished;
      for (int i = 0; i < commands.size(); i++) {
        var command = commands.get(i);
        var directory = stage.absolute(command.directory());
        if (command.words().isEmpty()) {
          requireDirectory(tree, directory);
          continue;
        }
        var environment = new LinkedHashMap<>(stage.environment());
        environment.putAll(command.variables());
        program
            .environment(environment)
            .workingDirectory(directory)
            .seed(new StepKey().with(key.hex()).with(String.valueOf(i)).digest());
        requireProgram(command.words(), program, tree);
        var outcome = program.run(command.words(), tree, account);
        requireSuccess(command.words().get(0), outcome);
        tree = outcome.filesystem().snapshot();
      }
      var left = Unpackable.without(furnished, tree, line -> session.warn(run.line(), line));
      return new StageBuild.Transition(furnished, left);
    } catch (ExecException | InvalidModuleException | LinkException e) {
      throw run.line().failure(e.getMessage());
    } catch (ErrnoException | IllegalArgumentException e) {
      throw run.line().error(e.getMessage());
    }
  }

  private void requireDirectory(Snapshot tree, String path) throws IOException, ErrnoException {
    var found = new TreeReader(tree).stat(path.getBytes(UTF_8), true);
    if (!found.map(Stat::isDirectory).orElse(false)) {
      throw run.line().failure("cd: no such directory: " + path);
    }
  }

  /** Text may name what only a shell knows: it is then wrong, as is all else that needs one. */
  private void requireProgram(List<String> words, ProgramRun program, Snapshot tree)
      throws IOException {
    var ofShell = ShellText.ofShell(words);
    if (run.command() instanceof CommandForm.Shell
        && ofShell.isPresent()
        && !program.knows(words.get(0), tree)) {
      throw run.line().error(ofShell.get());
    }
  }

  private void requireSuccess(String name, Outcome outcome) throws DockerfileException {
    if (outcome.status() != 0) {
      var message = outcome.message().isEmpty() ? "" : ": " + outcome.message();
      throw run.line()
          .failure(
              name + " has ended with status " + outcome.status() + message,
              outcome.reason() == Outcome.Reason.TIMED_OUT);
    }
  }
}
