package dev.vivarium.runtime;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A language's interpreter, ready to run programs in sandboxes of their own. Fetched and compiled
 * once for a machine and loaded once for a JVM; safe for use by many threads.
 */
public final class Interpreter {
  private final LanguageRuntime runtime;
  private final EngineBinding.Module module;
  private final Snapshot files;
  private final BootCache images;

  private Interpreter(
      LanguageRuntime runtime, EngineBinding.Module module, Snapshot files, BootCache images) {
    this.runtime = runtime;
    this.module = module;
    this.files = files;
    this.images = images;
  }

  /**
   * Loads an interpreter from the cache in {@code ${XDG_CACHE_HOME:-~/.cache}/vivarium}. Where it
   * is not there, this takes the npm client and a minute or two.
   *
   * @param name {@code python}, {@code python:3.11}, {@code ruby} or {@code ruby:3.3}
   * @throws IllegalArgumentException if there is no runtime of this name
   * @throws IOException if it cannot be had; the message is for people
   */
  public static Interpreter load(String name) throws IOException {
    return load(name, Progress.NONE);
  }

  /** As {@link #load(String)}, telling what takes so long. */
  public static Interpreter load(String name, Progress progress) throws IOException {
    var runtime =
        LanguageRuntime.named(name)
            .orElseThrow(() -> new IllegalArgumentException("no runtime is named " + name));
    var environment = System.getenv();
    var cache = CacheDirectory.of(environment);
    var runtimes = new RuntimeCache(cache, environment);
    var module =
        ChicoryEngine.withCache(cache.resolve("modules"))
            .load(runtimes.module(runtime, progress), progress);
    var files = runtimes.files(runtime).orElseGet(() -> Vfs.builder().build().snapshot());
    return new Interpreter(runtime, module, files, new BootCache(cache.resolve("boots")));
  }

  /**
   * What the interpreter has to find in its filesystem: files for a program are to be put beside
   * it. Empty for one that has its library inside.
   */
  public Snapshot files() {
    return files;
  }

  /**
   * A sandbox for one program, to be given streams and limits. It starts in {@code /}, unless the
   * {@linkplain Sandbox.Builder#workingDirectory builder is told otherwise}, in a filesystem that
   * has nothing but the interpreter's own {@link #files()} and what every guest finds.
   *
   * @param arguments as on the interpreter's command line, without its own name
   * @throws IllegalArgumentException if the interpreter cannot do what they ask, or one has a NUL
   *     in it; the message is a line for people
   */
  public Sandbox.Builder sandbox(String... arguments) {
    var launch = runtime.launch(List.of(arguments), "/", Map.of(), images);
    return builder(launch, "/").filesystem(files);
  }

  /**
   * As {@link #sandbox(String...)}, with files, in one of their directories.
   *
   * @param files what the program sees; stays as it is
   * @param workingDirectory an absolute path, made if it is not there
   * @throws ErrnoException if the working directory cannot be made in these files
   */
  public Sandbox.Builder sandbox(Snapshot files, String workingDirectory, String... arguments)
      throws ErrnoException {
    var launch = runtime.launch(List.of(arguments), workingDirectory, Map.of(), images);
    var vfs = Vfs.builder().base(files).quota(Quota.UNLIMITED).build();
    vfs.makeDirectories(workingDirectory);
    return builder(launch, workingDirectory).filesystem(vfs.snapshot());
  }

  private Sandbox.Builder builder(Launch launch, String workingDirectory) {
    var builder =
        Sandbox.builder(module)
            .start(launch.start())
            .arguments(launch.arguments())
            .workingDirectory(workingDirectory);
    launch.environment().forEach(builder::environment);
    return builder;
  }
}
