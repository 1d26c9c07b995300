package dev.vivarium.runtime;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.guest.BootImages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An interpreter that {@code vivarium} knows by name. */
public abstract sealed class LanguageRuntime permits PythonRuntime, RubyRuntime {
  private static final List<LanguageRuntime> ALL =
      List.of(
          PythonRuntime.latest(),
          PythonRuntime.optimised(),
          RubyRuntime.latest(),
          RubyRuntime.previous());

  /** The directories of the interpreters' own tree that have directories of others in them. */
  private static final Set<String> OWN_TREE = Set.of("/usr", "/usr/local", "/usr/local/lib");

  private final String name;
  private final Set<String> tags;
  private final Origin origin;

  LanguageRuntime(String name, Set<String> tags, Origin origin) {
    this.name = name;
    this.tags = tags;
    this.origin = origin;
  }

  /** Every runtime. */
  public static List<LanguageRuntime> all() {
    return ALL;
  }

  /** The runtime of this name. */
  public static Optional<LanguageRuntime> named(String name) {
    return ALL.stream().filter(runtime -> runtime.name.equals(name)).findFirst();
  }

  /**
   * The runtime that a Dockerfile's FROM means: also by the versions that its image has as tags,
   * such as {@code python:3} or {@code ruby:3.4-slim}.
   */
  public static Optional<LanguageRuntime> tagged(String image) {
    var plain = image.replaceFirst("-(slim|alpine|slim-bookworm|bookworm)$", "");
    return ALL.stream()
        .filter(runtime -> runtime.name.equals(plain) || runtime.tags.contains(plain))
        .findFirst();
  }

  /** Its name on the command line. */
  public final String name() {
    return name;
  }

  final Origin origin() {
    return origin;
  }

  /**
   * Where a guest of this runtime can be stopped and gone on from; empty if the module is not the
   * one that this runtime is known to have.
   *
   * @param sha256 the module's digest
   */
  public final Optional<Checkpoint> checkpoint(String sha256) {
    if (origin instanceof BuiltGuest guest) {
      boolean known = sha256.equals(guest.sha256()) || sha256.equals(guest.stripped());
      return known ? Optional.of(guest.checkpoint()) : Optional.empty();
    }
    var file = (NpmFile) origin;
    boolean known =
        sha256.equals(file.sha256())
            || file.stripped().filter(sha256::equals).isPresent()
            || file.library().filter(library -> library.rest().equals(sha256)).isPresent();
    return known ? file.checkpoint() : Optional.empty();
  }

  /** The standard library that its module has inside, if it can be taken out. */
  public final Optional<EmbeddedLibrary> embeddedLibrary() {
    return origin instanceof NpmFile file ? file.library() : Optional.empty();
  }

  /** Whether a module of this digest finds its standard library in its filesystem. */
  public final boolean hasLibraryInFiles(String sha256) {
    return origin instanceof BuiltGuest
        || embeddedLibrary().filter(library -> library.rest().equals(sha256)).isPresent();
  }

  /** The files of its library that it reads to tell how a program has failed: absolute paths. */
  public Set<String> filesForErrors() {
    return Set.of();
  }

  /** What its command is called. */
  public abstract String command();

  /** Whether a command of this name runs it, as {@code python3} does. */
  public abstract boolean isCalled(String command);

  /** Where packages for it go: a directory on its search path. */
  public abstract String packageDirectory();

  /**
   * Whether what the user puts at this path is not seen by the guest, which has a read-only tree of
   * its own there.
   *
   * @param path an absolute path
   */
  public boolean hides(String path) {
    return path.equals("/usr") || path.startsWith("/usr/");
  }

  /**
   * What a guest has to have preopened so that its working directory is not hidden: the highest
   * directory on the way that is none of its own tree.
   */
  final List<String> preopens(String workingDirectory) {
    if (!hides(workingDirectory)) {
      return List.of();
    }
    var path = new StringBuilder();
    for (var name : workingDirectory.substring(1).split("/+")) {
      path.append('/').append(name);
      if (!OWN_TREE.contains(path.toString())) {
        return List.of(path.toString());
      }
    }
    return List.of();
  }

  /**
   * The path of the script in a command line, as it is given there, if it runs one.
   *
   * @param arguments the arguments, without the program's own name
   */
  public abstract Optional<String> script(List<String> arguments);

  /**
   * What it takes to run a command line in a directory.
   *
   * @param arguments the arguments, without the program's own name
   * @param workingDirectory an absolute path of the guest's
   * @param environment the variables that the user asked for
   * @param images where started interpreters are kept
   * @throws IllegalArgumentException if the arguments are none that can be run, or a variable none
   *     that can be set; the message is a line for people
   */
  public abstract Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images);
}
