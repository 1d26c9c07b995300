package dev.vivarium.image.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what the command lines of a box name, as a shell and {@code execve(2)} do: the box's
 * runtime by its name, a WebAssembly file, or a script that names its interpreter.
 */
public final class Executables {
  /** As Linux has it for scripts whose interpreters are scripts. */
  private static final int MOST_SCRIPTS = 4;

  private static final int LONGEST_FIRST_LINE = 256;
  private static final byte[] MAGIC = {0, 'a', 's', 'm'};

  private final Vfs files;
  private final Optional<LanguageRuntime> runtime;
  private final Optional<WasmSource> module;

  /**
   * The programs of a box.
   *
   * @param runtime what the module is, if it is an interpreter that is known
   * @param module the module of the box, if it has one
   */
  public Executables(
      Snapshot files, Optional<LanguageRuntime> runtime, Optional<WasmSource> module) {
    this.files = Vfs.builder().base(files).quota(Quota.UNLIMITED).build();
    this.runtime = runtime;
    this.module = module;
  }

  /**
   * The program of a command line. A module that is no interpreter is the program of every command
   * line, as the entrypoint of its box.
   *
   * @param words the program's name and its arguments
   * @param workingDirectory what a relative path of the program starts from
   * @param environment has the {@code PATH}
   * @throws ExecException if there is none, or it is none that can be run
   */
  public Executable find(
      List<String> words, String workingDirectory, Map<String, String> environment)
      throws ExecException {
    if (module.isPresent() && runtime.isEmpty()) {
      return new Executable(
          module.get(), runtime, words.isEmpty() ? List.of(module.get().name()) : words);
    }
    if (words.isEmpty()) {
      throw ExecException.notFound("no command: the box says none, and none was given");
    }
    var line = words;
    for (int scripts = 0; scripts <= MOST_SCRIPTS; scripts++) {
      var name = line.get(0);
      var path = path(name, workingDirectory, environment);
      if (path.isPresent()) {
        byte[] content = read(name, path.get());
        if (Arrays.equals(MAGIC, 0, 4, content, 0, Math.min(4, content.length))) {
          return new Executable(WasmSource.of(name, content), Optional.empty(), line);
        }
        line = interpreted(line, path.get(), content);
      } else if (isRuntime(name)) {
        return new Executable(module.orElseThrow(), runtime, line);
      } else {
        line = withoutShell(line, environment);
      }
    }
    throw ExecException.notExecutable(words.get(0) + ": interpreters of interpreters");
  }

  /** Whether a command line that begins with a name has a program, whatever that is. */
  public boolean knows(String name, String workingDirectory, Map<String, String> environment)
      throws ExecException {
    return (module.isPresent() && runtime.isEmpty())
        || path(name, workingDirectory, environment).isPresent()
        || isRuntime(name);
  }

  private boolean isRuntime(String name) {
    var base = name.substring(name.lastIndexOf('/') + 1);
    return runtime.filter(known -> known.isCalled(base)).isPresent()
        && module.isPresent()
        && (base.equals(name) || isBin(name));
  }

  /** The command of a shell that is not there, if it is so simple that it needs none. */
  private static List<String> withoutShell(List<String> line, Map<String, String> environment)
      throws ExecException {
    var name = line.get(0);
    if (line.size() < 3 || !line.get(1).equals("-c") || !name.matches("(.*/)?sh")) {
      throw ExecException.notFound(name + ": not found in the box");
    }
    return ShellText.words(line.get(2), environment::get);
  }

  private static boolean isBin(String path) {
    return List.of("/bin", "/usr/bin", "/usr/local/bin")
        .contains(path.substring(0, path.lastIndexOf('/')));
  }

  private Optional<String> path(
      String name, String workingDirectory, Map<String, String> environment) throws ExecException {
    if (name.indexOf('/') >= 0) {
      var path = name.startsWith("/") ? name : workingDirectory + "/" + name;
      return stat(path).isPresent() ? Optional.of(path) : Optional.empty();
    }
    for (var directory : environment.getOrDefault("PATH", Sandbox.PATH).split(":")) {
      var path = (directory.startsWith("/") ? directory : workingDirectory) + "/" + name;
      if (stat(path).filter(stat -> !stat.isDirectory()).isPresent()) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private Optional<Stat> stat(String path) {
    try {
      return Optional.of(files.stat(files.superuser(), files.root(), path.getBytes(UTF_8), true));
    } catch (ErrnoException e) {
      return Optional.empty();
    }
  }

  private byte[] read(String name, String path) throws ExecException {
    var stat = stat(path).orElseThrow();
    if (stat.isDirectory()) {
      throw ExecException.notExecutable(name + ": is a directory");
    }
    if (stat.type() != FileType.REGULAR || (stat.mode() & 0111) == 0) {
      throw ExecException.notExecutable(name + ": not executable: its mode has no x");
    }
    if (stat.size() > Integer.MAX_VALUE - 8) {
      throw ExecException.notExecutable(name + ": too large for a program");
    }
    try {
      return files.read(path);
    } catch (ErrnoException e) {
      throw ExecException.notExecutable(name + ": " + e.getMessage());
    }
  }

  /** The command line that the first line of a script asks for. */
  private static List<String> interpreted(List<String> line, String path, byte[] content)
      throws ExecException {
    var head = new String(content, 0, Math.min(content.length, LONGEST_FIRST_LINE), UTF_8);
    var first = head.lines().findFirst().orElse("");
    if (!first.startsWith("#!") || first.substring(2).isBlank()) {
      throw ExecException.notExecutable(
          line.get(0) + ": neither WebAssembly nor a script that begins with #!");
    }
    var interpreter = new ArrayList<>(List.of(first.substring(2).strip().split("[ \t]+", 2)));
    if (interpreter.get(0).endsWith("/env") && interpreter.size() > 1) {
      var words = interpreter.get(1).replaceFirst("^-S\\s+", "").split("[ \t]+");
      interpreter = new ArrayList<>(List.of(words));
    }
    interpreter.add(path);
    interpreter.addAll(line.subList(1, line.size()));
    return interpreter;
  }

  /** Whether a path of the box is there. */
  public boolean has(String path) {
    return stat(path).isPresent();
  }
}
