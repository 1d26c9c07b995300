package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.sys.Process;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * CPython as a command that starts once and runs many programs.
 *
 * <p>It is started with the switches of its command line and a placeholder instead of the program,
 * and stopped at the module's checkpoint, when it is ready to look at the program. The state that
 * it has then is kept; a later run begins with it. Every run, the first too, puts its own program
 * in the placeholder's place, tells the interpreter its arguments, environment and working
 * directory by way of a {@code sitecustomize} of ours, and lets it go on. {@code docs/RATIONALE.md}
 * says what that rests on, and what a program can see of it.
 *
 * <p>An interpreter that imports no {@code sitecustomize} is started as any command.
 */
public final class PythonStart implements GuestStart {
  private final List<String> arguments;
  private final PythonCommandLine line;
  private final String workingDirectory;
  private final Function<String, List<String>> hidden;
  private final List<String> preopens;
  private final BootImages images;

  /**
   * A run of Python.
   *
   * @param arguments the process's, its name first
   * @param workingDirectory where the program starts; WASI preview1 has no working directory
   * @param hidden the directories that the interpreter would not look for in the root, of those
   *     that lead to a working directory
   * @param images where started interpreters are kept
   */
  public PythonStart(
      List<String> arguments,
      String workingDirectory,
      Function<String, List<String>> hidden,
      BootImages images) {
    // As Linux does for execve(2) without arguments: there is always a name.
    this.arguments = arguments.isEmpty() ? List.of("") : List.copyOf(arguments);
    this.line = PythonCommandLine.parse(this.arguments.subList(1, this.arguments.size()));
    this.workingDirectory = workingDirectory;
    this.hidden = hidden;
    this.preopens = List.copyOf(hidden.apply(workingDirectory));
    this.images = images;
  }

  @Override
  public PythonStart with(List<String> newArguments, String newDirectory) {
    return new PythonStart(newArguments, newDirectory, hidden, images);
  }

  @Override
  public List<String> preopens() {
    return preopens;
  }

  @Override
  public int run(Instantiator instantiator, Process process) {
    if (!line.customized() || !instantiator.module().hasCheckpoint()) {
      process.setArguments(bytes(withAbsoluteScript()), process.environment());
      Command.start(instantiator.begin());
      return 0;
    }
    var program = PythonProgram.of(line, arguments, texts(process.environment()), workingDirectory);
    var boot = PythonBoot.of(line, arguments, program);
    var key = boot.key(instantiator.module().fingerprint(), preopens);
    var kept =
        images.find(
            key, image -> instantiator.allows(image.state()) && image.surroundings().hold(process));
    try {
      var memory =
          kept.isPresent()
              ? resume(kept.get(), instantiator, process)
              : boot(boot, key, instantiator, process);
      if (memory != null) {
        images.started();
        memory.enter(program);
        memory.guest().resume();
      }
      return 0;
    } catch (MemoryFaultException e) {
      throw new GuestTrap(
          GuestTrap.Kind.MEMORY_OUT_OF_BOUNDS, "the interpreter answers outside its memory", e);
    }
  }

  /** For an interpreter that nobody tells where to start: it starts in the root. */
  private List<String> withAbsoluteScript() {
    int script = line.script() + 1;
    if (script == 0 || arguments.get(script).startsWith("/")) {
      return arguments;
    }
    var changed = new ArrayList<>(arguments);
    changed.set(script, workingDirectory.replaceAll("/+$", "") + "/" + arguments.get(script));
    return changed;
  }

  private static PythonMemory resume(BootImage image, Instantiator instantiator, Process process) {
    PythonArchive.passOver(process.kernel().vfs(), PythonBoot.ARCHIVE);
    return new PythonMemory(instantiator.resume(image.state()), image.addresses());
  }

  /** Starts an interpreter; null if it has ended without looking for a program. */
  private PythonMemory boot(
      PythonBoot boot, String key, Instantiator instantiator, Process process) {
    var witness = new BootWitness(preopens.size());
    var guest = instantiator.begin(witness);
    if (!started(boot, guest, process)) {
      return null;
    }
    var memory = PythonMemory.find(guest, boot.placeholder());
    if (boot.kept()) {
      witness.image(guest, process, memory.addresses()).ifPresent(image -> images.keep(key, image));
    }
    return memory;
  }

  private boolean started(PythonBoot boot, GuestInstance guest, Process process) {
    var own = process.arguments();
    var environment = process.environment();
    try (var archive = PythonArchive.in(process.kernel().vfs(), PythonBoot.ARCHIVE)) {
      process.setArguments(bytes(boot.arguments()), bytes(boot.environment()));
      return guest.callToCheckpoint("_start");
    } catch (ErrnoException e) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER,
          "python needs room for " + PythonBoot.ARCHIVE + " while it starts: " + e.getMessage(),
          e);
    } finally {
      process.setArguments(own, environment);
    }
  }

  private static List<String> texts(List<byte[]> strings) {
    return strings.stream().map(bytes -> new String(bytes, UTF_8)).toList();
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(UTF_8)).toList();
  }
}
