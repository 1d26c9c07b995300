package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.Command;
import dev.vivarium.runtime.BootCache;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import dev.vivarium.sys.Limits;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.trace.StraceText;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/**
 * One command line of a language runtime, to be run in a world of its own. The guests are those
 * that {@code vivarium run} would fetch and compile, from and into the same cache.
 */
final class Guest {
  private static final EngineBinding ENGINE =
      ChicoryEngine.withCache(CacheDirectory.of(System.getenv()).resolve("modules"));
  private static final RuntimeCache RUNTIMES =
      new RuntimeCache(CacheDirectory.of(System.getenv()), System.getenv());

  private static final BootImages IMAGES =
      new BootCache(CacheDirectory.of(System.getenv()).resolve("boots"));

  /** Held strongly: the engine itself would forget a module under pressure. */
  private static final Map<String, EngineBinding.Module> MODULES = new ConcurrentHashMap<>();

  private final LanguageRuntime runtime;
  private final List<String> arguments;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Vfs files;
  private String workingDirectory = "/";
  private Quota quota = Quota.DEFAULT;
  private Limits limits = Limits.DEFAULT;
  private Duration timeout;
  private InputStream stdin = InputStream.nullInputStream();
  private BootImages images = IMAGES;
  private boolean plain;
  private SyscallTrace trace = SyscallTrace.NONE;
  private volatile Sandbox running;

  private Guest(LanguageRuntime runtime, List<String> arguments) {
    this.runtime = runtime;
    this.arguments = arguments;
    this.files = Vfs.builder().base(filesOf(runtime)).quota(Quota.UNLIMITED).build();
  }

  private static Snapshot filesOf(LanguageRuntime runtime) {
    try {
      return RUNTIMES.files(runtime).orElseGet(() -> Vfs.builder().build().snapshot());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Guest python(String... arguments) {
    return new Guest(LanguageRuntime.named("python").orElseThrow(), List.of(arguments));
  }

  /** CPython 3.11, which {@code conformance/guest cpython-3.11} builds: skips where it has not. */
  static Guest optimisedPython(String... arguments) {
    var runtime = LanguageRuntime.named("python:3.11").orElseThrow();
    try {
      RUNTIMES.module(runtime, Progress.NONE);
    } catch (IOException e) {
      Assumptions.abort(e.getMessage());
    }
    return new Guest(runtime, List.of(arguments));
  }

  static Guest ruby(String... arguments) {
    return new Guest(LanguageRuntime.named("ruby").orElseThrow(), List.of(arguments));
  }

  Guest file(String path, String... lines) throws ErrnoException {
    int name = path.lastIndexOf('/');
    files.makeDirectories(name == 0 ? "/" : path.substring(0, name));
    files.write(path, (String.join("\n", lines) + "\n").getBytes(UTF_8));
    return this;
  }

  Guest in(String directory) {
    workingDirectory = directory;
    return this;
  }

  Guest environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Guest quota(Quota newQuota) {
    quota = newQuota;
    return this;
  }

  Guest memory(long bytes) {
    limits = limits.withMemoryBytes(bytes);
    return this;
  }

  Guest timeout(Duration duration) {
    timeout = duration;
    return this;
  }

  /** Goes on from these started interpreters, and not from those that {@code vivarium} keeps. */
  Guest from(BootImages started) {
    images = started;
    return this;
  }

  /** Tells every call, those of the interpreter's start among them. */
  Guest traced(Consumer<String> lines) {
    trace = new StraceText(lines);
    return from(BootImages.NONE);
  }

  /** Is started as any command is, without the runtime's help. */
  Guest plain() {
    plain = true;
    return this;
  }

  Guest stdin(String text) {
    return stdin(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  Guest stdin(InputStream stream) {
    stdin = stream;
    return this;
  }

  /** What can be seen of a run. */
  record Run(Outcome outcome, String stdout, String stderr) {
    int status() {
      return outcome.status();
    }

    String file(String path) throws ErrnoException {
      return new String(outcome.filesystem().read(path), UTF_8);
    }
  }

  /** Runs it to its end; the filesystem that it leaves is whole. */
  Run run() throws Exception {
    return run(new ByteArrayOutputStream());
  }

  /**
   * Runs it until it has said that it is ready and has had half a second to go on from there, and
   * then closes its sandbox.
   */
  Run runUntil(String ready) throws Exception {
    var later = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);
    return run(new WatchedOutput(ready, () -> later.execute(() -> running.close())));
  }

  private Run run(ByteArrayOutputStream stdout) throws Exception {
    var stderr = new ByteArrayOutputStream();
    var launch = runtime.launch(arguments, workingDirectory, environment, images);
    files.makeDirectories(workingDirectory);
    var builder =
        Sandbox.builder(MODULES.computeIfAbsent(runtime.name(), name -> load()))
            .start(plain ? new Command() : launch.start())
            .arguments(launch.arguments())
            .filesystem(files.snapshot())
            .workingDirectory(workingDirectory)
            .quota(quota)
            .limits(limits)
            .timeout(timeout)
            .stdin(stdin)
            .stdout(stdout)
            .stderr(stderr)
            .trace(trace);
    launch.environment().forEach(builder::environment);
    try (var sandbox = builder.build()) {
      running = sandbox;
      var outcome = sandbox.run();
      assertThat(outcome.filesystem().check()).isEmpty();
      return new Run(outcome, stdout.toString(UTF_8), stderr.toString(UTF_8));
    }
  }

  private EngineBinding.Module load() {
    try {
      return ENGINE.load(RUNTIMES.module(runtime, Progress.NONE), Progress.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
