package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.Accounts;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.Executables;
import dev.vivarium.image.exec.ImageModule;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How programs of a box that is being built are run: each in a sandbox, as the box says, without a
 * network, in a world that is the same in every build. What they write is shown.
 */
final class ProgramRun {
  private final Build build;
  private final BoxConfig config;
  private final Optional<LanguageRuntime> runtime;
  private final Optional<WasmSource> module;
  private Map<String, String> environment;
  private String workingDirectory;
  private BootImages images = BootImages.NONE;
  private Digest seed = Digest.of(new byte[0]);
  private String input = "";
  private SyscallTrace trace;
  private Duration timeout;
  private Consumer<String> warnings = warning -> {};

  /** Without variables beside the box's own, without input, from the very start on. */
  ProgramRun(Build build, Store store, BoxConfig config, List<Layer> layers) {
    this.build = build;
    this.config = config;
    this.environment = config.environment();
    this.workingDirectory = config.workingDirectory().isEmpty() ? "/" : config.workingDirectory();
    this.runtime = config.runtime().flatMap(LanguageRuntime::named);
    var layer = layers.stream().filter(Layer::isModule).findFirst();
    this.module = ImageModule.of(store, layer, runtime);
  }

  /** All variables. */
  ProgramRun environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  /** Where programs start, if not where the box does. */
  ProgramRun workingDirectory(String directory) {
    workingDirectory = directory;
    return this;
  }

  /** Lets interpreters begin as they are once they have started. */
  ProgramRun images(BootImages started) {
    images = started;
    return this;
  }

  /** What the random numbers follow from that programs see. */
  ProgramRun seed(Digest newSeed) {
    seed = newSeed;
    return this;
  }

  ProgramRun input(String text) {
    input = text;
    return this;
  }

  /** How long it may take on the host's clock; null for ever. */
  ProgramRun timeout(Duration newTimeout) {
    timeout = newTimeout;
    return this;
  }

  /** Who is told of each system call. */
  ProgramRun trace(SyscallTrace newTrace) {
    trace = newTrace;
    return this;
  }

  /** Who is told what will not work as asked. */
  ProgramRun warnings(Consumer<String> listener) {
    warnings = listener;
    return this;
  }

  String workingDirectory() {
    return workingDirectory;
  }

  /**
   * As whom programs run.
   *
   * @throws IllegalArgumentException if the tree has no such user; the message is for people
   */
  Accounts.Account account(Vfs tree) throws ErrnoException {
    return Accounts.of(tree).find(config.user().isEmpty() ? "0" : config.user());
  }

  /** Whether a command line that begins with a name can be run on a tree. */
  boolean knows(String name, Snapshot tree) throws ExecException {
    return new Executables(tree, runtime, module).knows(name, workingDirectory, environment);
  }

  /**
   * Runs a command line on a tree.
   *
   * @throws ExecException if it names no program that can be run
   * @throws IllegalArgumentException if it cannot be run like this; the message is for people
   * @throws InterruptedIOException if the thread was interrupted, which it is then still
   */
  Outcome run(List<String> command, Snapshot tree, Accounts.Account account)
      throws IOException, ErrnoException, ExecException {
    var executable =
        new Executables(tree, runtime, module).find(command, workingDirectory, environment);
    var world = new RepeatableWorld(build.time(), seed, images);
    var launch = executable.launch(workingDirectory, environment, world);
    launch.warnings().forEach(warnings);
    var output = build.listener().output();
    var builder =
        Sandbox.builder(executable.load(build.engine(), workingDirectory, build.progress()))
            .start(launch.start())
            .arguments(launch.arguments())
            .filesystem(tree)
            .clock(world)
            // An interpreter that starts reads what one does not that has started before.
            .accessTimes(AccessTimes.NONE)
            .entropy(world.entropy())
            .user(account.credentials())
            .environment("HOME", account.home())
            .workingDirectory(workingDirectory)
            .timeout(timeout)
            .stdin(input.getBytes(UTF_8))
            .stdout(output)
            .stderr(output);
    launch.environment().forEach(builder::environment);
    if (trace != null) {
      builder.trace(trace);
    }
    try (var sandbox = builder.build()) {
      return sandbox.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the build was interrupted");
    }
  }
}
