package dev.vivarium.image.build;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.ProcessTexts;
import dev.vivarium.image.FileTimes;
import dev.vivarium.image.HostReason;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.BootCache;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.RuntimeCache;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A box to be built from a directory with a Dockerfile. The same files, arguments and time give the
 * same box, on any day and machine.
 */
public final class Build {
  private static final List<String> NAMES = List.of("Dockerfile", "Boxfile");
  private static final Pattern LEADING_SLASHES = Pattern.compile("^/+");

  private final Path directory;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private Map<String, String> environment = System.getenv();
  private Path dockerfile;
  private byte[] instructions;
  private String target;
  private Instant time = Instant.EPOCH;
  private boolean usesCache = true;
  private Duration timeout;
  private boolean strips;
  private boolean slims;
  private final List<String> kept = new ArrayList<>();
  private BuildListener listener = BuildListener.NONE;
  private Progress progress = Progress.NONE;
  private EngineBinding engine;

  private Build(Path directory) {
    this.directory = directory;
  }

  /** A build whose instructions copy from a directory of the host. */
  public static Build of(Path directory) {
    return new Build(directory);
  }

  /** The file with the instructions; {@code Dockerfile} or {@code Boxfile} if not set. */
  public Build dockerfile(Path file) {
    dockerfile = file;
    instructions = null;
    return this;
  }

  /** The instructions themselves, which are in no file; messages call them {@code Dockerfile}. */
  public Build dockerfile(byte[] content) {
    dockerfile = null;
    instructions = content.clone();
    return this;
  }

  /**
   * Gives an ARG a value.
   *
   * @throws IllegalArgumentException if no variable can have the name, or the value
   */
  public Build argument(String name, String value) {
    ProcessTexts.requireVariable(name, value);
    arguments.put(name, value);
    return this;
  }

  /** The stage that is wanted, by its name or number; the last if not set. */
  public Build target(String stage) {
    target = stage;
    return this;
  }

  /**
   * The time of everything that is made; 1970 if not set.
   *
   * @throws IllegalArgumentException if no file can have it: before 1677, or after 2262
   */
  public Build time(Instant newTime) {
    time = Instant.EPOCH.plusNanos(FileTimes.nanos(newTime));
    return this;
  }

  /** Whether steps that an earlier build has done are not done again; true if not set. */
  public Build cache(boolean used) {
    usesCache = used;
    return this;
  }

  /**
   * How long each program may take that the build runs: each command of a RUN, and the run that
   * {@link #slim} watches. It is measured outside, as such a program's own clock is no measure of
   * its work. Without a limit if not set.
   *
   * @param newTimeout above 0; null for no limit
   * @throws IllegalArgumentException if it is not above 0
   */
  public Build timeout(Duration newTimeout) {
    if (newTimeout != null && (newTimeout.isZero() || newTimeout.isNegative())) {
      throw new IllegalArgumentException("a program may run for a time above 0, not " + newTimeout);
    }
    timeout = newTimeout;
    return this;
  }

  /**
   * Whether what a program runs without is left out: the names and debugging information of a
   * runtime's module, and compiled Python; false if not set.
   */
  public Build strip(boolean choice) {
    strips = choice;
    return this;
  }

  /**
   * Whether those files of the runtime's library are left out that a run of the box does not touch:
   * its own entrypoint and command, without input. Includes {@link #strip}; false if not set.
   */
  public Build slim(boolean choice) {
    slims = choice;
    return this;
  }

  /**
   * Keeps files of the runtime's library that {@link #slim} would leave out.
   *
   * @param pattern of paths from the root on, with a slash in front or without; {@code **} is any
   *     number of directories
   * @throws IllegalArgumentException if it is no pattern; the message is for people
   */
  public Build keep(String pattern) {
    if (PathPattern.withDirectories(pattern).isEmpty()) {
      throw new IllegalArgumentException("'" + pattern + "' is no pattern");
    }
    kept.add(LEADING_SLASHES.matcher(pattern).replaceFirst(""));
    return this;
  }

  /** Who is told how it goes on; nobody if not set. */
  public Build listener(BuildListener newListener) {
    listener = newListener;
    return this;
  }

  /** Who is told what takes so long; nobody if not set. */
  public Build progress(Progress newProgress) {
    progress = newProgress;
    return this;
  }

  /**
   * The environment that tells where caches are and how npm is found; this process's if not set.
   */
  public Build environment(Map<String, String> variables) {
    environment = variables;
    engine = null;
    return this;
  }

  /**
   * Builds, and puts what was built into a store, without a name.
   *
   * @throws DockerfileException if the Dockerfile asks for what cannot be done
   * @throws StepFailedException if a command of a RUN fails
   * @throws IOException if something of the host cannot be read or written, or a runtime is not to
   *     be had; the message is for people
   */
  public Image run(Store store) throws IOException {
    try {
      return build(store);
    } catch (IOException e) {
      throw HostReason.worded(e);
    }
  }

  private Image build(Store store) throws IOException {
    var file = dockerfile == null && instructions == null ? defaultFile() : dockerfile;
    byte[] content = file == null ? instructions : read(file);
    var name = file == null ? NAMES.get(0) : file.getFileName().toString();
    var parsed = Dockerfile.parse(name, content, listener::warned);
    var bases = new Bases(store, environment, this);
    var predefined = PredefinedArguments.named(time);
    var plan = Plan.of(parsed, predefined, arguments, Optional.ofNullable(target), bases::triggers);
    Base built;
    try (var context = Context.of(directory, file, store, time, listener::warned)) {
      built = new BuildSession(this, store, plan, context, bases).run();
    }
    var layers = slims ? new Slimming(this, store, built).run() : built.layers();
    var image = store.putImage(built.config().toBuilder().created(time).build(), layers);
    // As it is opened, so that what cannot be is no box, and what can be is there for the first
    // run.
    image.snapshot();
    return image;
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a directory");
    }
    return Files.readAllBytes(file);
  }

  private Path defaultFile() throws IOException {
    for (var name : NAMES) {
      var file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new NoSuchFileException(directory.resolve(NAMES.get(0)).toString());
  }

  Map<String, String> arguments() {
    return arguments;
  }

  Instant time() {
    return time;
  }

  boolean strips() {
    return strips || slims;
  }

  boolean slims() {
    return slims;
  }

  List<String> kept() {
    return kept;
  }

  boolean usesCache() {
    return usesCache;
  }

  Duration timeout() {
    return timeout;
  }

  BuildListener listener() {
    return listener;
  }

  Progress progress() {
    return progress;
  }

  RuntimeCache runtimes() {
    return new RuntimeCache(CacheDirectory.of(environment), environment);
  }

  /** The same for all programs of a build, which so share what was loaded. */
  EngineBinding engine() {
    if (engine == null) {
      engine = ChicoryEngine.withCache(CacheDirectory.of(environment).resolve("modules"));
    }
    return engine;
  }

  BootImages images() {
    return new BootCache(CacheDirectory.of(environment).resolve("boots"));
  }
}
