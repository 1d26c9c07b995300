package dev.vivarium.cli;

import dev.vivarium.box.Box;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.Executable;
import dev.vivarium.image.exec.Executables;
import dev.vivarium.runtime.Launch;
import dev.vivarium.vfs.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A box of this machine. */
final class BoxProgram implements Program {
  private final Box box;
  private final String entrypoint;
  private Executable executable;
  private String directory = "/";

  /**
   * A program.
   *
   * @param entrypoint instead of the box's own; null to leave that
   */
  BoxProgram(Box box, String entrypoint) {
    this.box = box;
    this.entrypoint = entrypoint;
  }

  @Override
  public Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images) {
    directory = workingDirectory;
    var variables = new LinkedHashMap<>(box.config().environment());
    variables.putAll(environment);
    try {
      executable =
          new Executables(box.files(), box.runtime(), box.module())
              .find(words(arguments), workingDirectory, variables);
      return executable.launch(workingDirectory, variables, images);
    } catch (ExecException e) {
      throw Failure.of(e.status(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  /** As Docker has it: arguments replace the command, and so does another entrypoint. */
  private List<String> words(List<String> arguments) {
    var words = new ArrayList<String>();
    if (entrypoint == null) {
      words.addAll(box.config().entrypoint());
    } else if (!entrypoint.isEmpty()) {
      words.add(entrypoint);
    }
    words.addAll(arguments.isEmpty() && entrypoint == null ? box.config().command() : arguments);
    return words;
  }

  @Override
  public EngineBinding.Module load(EngineBinding engine, Progress progress) throws IOException {
    try {
      return executable.load(engine, directory, progress);
    } catch (ExecException e) {
      throw Failure.of(e.status(), e.getMessage());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  @Override
  public Optional<Snapshot> files() {
    return Optional.of(box.files());
  }

  @Override
  public String workingDirectory() {
    return box.workingDirectory();
  }

  @Override
  public String user() {
    var user = box.config().user();
    return user.isEmpty() ? Program.super.user() : user;
  }

  @Override
  public List<String> volumes() {
    return box.config().volumes();
  }

  @Override
  public Optional<Box> box() {
    return Optional.of(box);
  }

  @Override
  public void close() throws IOException {
    box.close();
  }

  @Override
  public Optional<String> script(List<String> arguments) {
    return executable.script();
  }
}
