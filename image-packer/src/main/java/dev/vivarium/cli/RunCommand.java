package dev.vivarium.cli;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.ChangedFiles;
import dev.vivarium.image.HostReason;
import dev.vivarium.runtime.BootCache;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.Launch;
import dev.vivarium.sys.Limits;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** {@code vivarium run}. */
final class RunCommand {
  /** Standard input, output and error, and the root: without these no guest starts. */
  private static final int FEWEST_DESCRIPTORS = 4;

  private static final int MOST_UNSAVED_LINES = 5;

  private final Host host;
  private final Console console;
  private final RunOptions options;
  private String workingDirectory;

  RunCommand(Host host, Console console, RunOptions options) {
    this.host = host;
    this.console = console;
    this.options = options;
  }

  /** What is wrong with the command line is said before anything is fetched, compiled or made. */
  int run() throws IOException {
    if (options.command.isEmpty()) {
      throw Failure.usage(
          "nothing to run: name python, ruby, a box or a .wasm file; see: vivarium run --help");
    }
    checkOptions();
    try (var program = Program.named(options.command.get(0), host, options.entrypoint)) {
      workingDirectory =
          options.workingDirectory == null ? program.workingDirectory() : options.workingDirectory;
      return run(program);
    }
  }

  private int run(Program program) throws IOException {
    var arguments = options.command.subList(1, options.command.size());
    var commit = options.commit == null ? null : Commit.of(options.commit, program);
    var launch = program.launch(arguments, workingDirectory, environment(), images());
    var engine = ChicoryEngine.withCache(CacheDirectory.of(host.environment()).resolve("modules"));
    var module = new FutureTask<>(() -> program.load(engine, console));
    if (isChecked()) {
      // A runtime's own image takes as long.
      startDaemon(module);
    }
    var root = GuestRoot.load(host, options.root, program);
    var account = root.account(options.user == null ? program.user() : options.user);
    var save = options.save == null ? null : prepareSave();
    try (var trace = Trace.open(host, options.trace)) {
      module.run();
      var builder = Sandbox.builder(result(module));
      warn(program, launch, root);
      makeDirectories(root, program);
      builder
          .start(launch.start())
          .arguments(launch.arguments())
          .filesystem(root.snapshot())
          .user(account.credentials())
          .environment("HOME", account.home())
          .workingDirectory(workingDirectory)
          .quota(quota())
          .limits(limits())
          .timeout(options.timeout)
          .stdin(host.in())
          .stdout(host.out())
          .stderr(host.err())
          .terminals(host.terminals()[0], host.terminals()[1], host.terminals()[2])
          .readOnly(options.readOnly)
          .trace(trace.syscalls());
      launch.environment().forEach(builder::environment);
      program.volumes().forEach(builder::volume);
      for (var directory : options.temporary) {
        builder.temporary(directory.guest(), directory.options(), directory.mode());
      }
      for (var mapping : options.hostMappings()) {
        builder.mount(host.path(mapping.host()), mapping.guest(), mapping.readOnly());
      }
      try (var sandbox = build(builder)) {
        return finish(sandbox, save, commit);
      }
    }
  }

  /** Whether nothing is left that could be wrong with what was asked for. */
  private boolean isChecked() {
    return options.root == null
        && options.user == null
        && options.save == null
        && options.trace == null;
  }

  private static void startDaemon(Runnable work) {
    var thread = new Thread(work, "load");
    thread.setDaemon(true);
    thread.start();
  }

  private static EngineBinding.Module result(FutureTask<EngineBinding.Module> task)
      throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing interrupts this thread", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private void checkOptions() {
    if (options.workingDirectory != null && !options.workingDirectory.startsWith("/")) {
      throw Failure.usage(
          "--workdir " + options.workingDirectory + ": a guest's directory begins with /");
    }
    if (options.openFiles != null && options.openFiles < FEWEST_DESCRIPTORS) {
      throw Failure.usage("--limit-open-files needs at least " + FEWEST_DESCRIPTORS);
    }
    if (options.commit != null && options.root != null) {
      throw Failure.usage(
          "--commit adds to the box's files, which --root replaces; use one of them");
    }
    requireDistinct(
        Stream.concat(
            options.hostMappings().stream().map(HostMapping::guest),
            options.temporary.stream().map(TemporaryDirectory::guest)));
    for (var mapping : options.hostMappings()) {
      var shown = host.path(mapping.host());
      if (!Files.isDirectory(shown) && !Files.isRegularFile(shown)) {
        throw Failure.usage(
            mapping.named()
                + (Files.exists(shown)
                    ? ": neither a directory nor a regular file"
                    : ": no such directory or file"));
      }
    }
  }

  /** The second of two would hide the first, unseen. */
  private static void requireDistinct(Stream<String> mountPoints) {
    var seen = new HashSet<String>();
    mountPoints
        .filter(path -> !seen.add(path))
        .findFirst()
        .ifPresent(
            path -> {
              throw Failure.usage("two things are to be shown at " + path + "; name another path");
            });
  }

  /**
   * What is mounted goes over a directory or a file. The sandbox makes it too, but would not say
   * which of all it cannot make.
   */
  private void makeDirectories(GuestRoot root, Program program) {
    program.volumes().forEach(volume -> root.makeDirectory(volume, "the box's volume"));
    root.makeDirectory(
        workingDirectory, options.workingDirectory == null ? "the working directory" : "--workdir");
    options.temporary.forEach(directory -> root.makeDirectory(directory.guest(), "--tmpfs"));
    for (var mapping : options.hostMappings()) {
      var what = mapping.named() + " at";
      if (Files.isDirectory(host.path(mapping.host()))) {
        root.makeDirectory(mapping.guest(), what);
      } else {
        root.makeFile(mapping.guest(), what);
      }
    }
  }

  private Path prepareSave() {
    try {
      return ChangedFiles.prepare(host.path(options.save));
    } catch (DirectoryNotEmptyException e) {
      throw Failure.usage("--save " + options.save + ": not empty; name a new directory");
    } catch (IOException e) {
      throw Failure.usage("--save " + options.save + ": " + HostReason.of(e));
    }
  }

  private Map<String, String> environment() {
    var variables = new LinkedHashMap<String, String>();
    options.environment.forEach(variable -> variable.giveTo(variables::put, host.environment()));
    return variables;
  }

  /** Who wants to see every call wants to see those of the start. */
  private BootImages images() {
    return options.trace == null
        ? new BootCache(CacheDirectory.of(host.environment()).resolve("boots"))
        : BootImages.NONE;
  }

  private Quota quota() {
    var quota = Quota.DEFAULT;
    if (options.fileBytes != null) {
      quota = quota.withBytes(options.fileBytes);
    }
    return options.files == null ? quota : quota.withInodes(options.files);
  }

  private Limits limits() {
    var limits = Limits.DEFAULT;
    if (options.memory != null) {
      limits = limits.withMemoryBytes(options.memory);
    }
    return options.openFiles == null
        ? limits
        : limits.withDescriptors((int) Math.min(options.openFiles, Integer.MAX_VALUE));
  }

  /** What will run, but not as the person may expect. */
  private void warn(Program program, Launch launch, GuestRoot root) {
    launch.warnings().forEach(console::warn);
    for (var mapping : options.hostMappings()) {
      if (launch.start().preopens().stream().noneMatch(top -> isIn(top, mapping.guest()))) {
        program
            .hiding(mapping.guest())
            .ifPresent(why -> console.warn(mapping.option() + ": " + why));
      }
    }
    program
        .script(options.command.subList(1, options.command.size()))
        .filter(script -> !isInGuest(root, script))
        .map(host::path)
        .filter(Files::exists)
        .map(script -> script.toAbsolutePath().normalize())
        .ifPresent(
            script ->
                console.warn(
                    script
                        + " is on the host, and the guest sees only its own files; this would show"
                        + " it: --map "
                        + script.getParent()
                        + ":/work --workdir /work"));
  }

  private static boolean isIn(String directory, String path) {
    return (path + "/").startsWith(directory + "/");
  }

  private boolean isInGuest(GuestRoot root, String script) {
    var path = script.startsWith("/") ? script : workingDirectory + "/" + script;
    return root.has(path)
        || options.hostMappings().stream().anyMatch(mapping -> isIn(mapping.guest(), path));
  }

  private Sandbox build(Sandbox.Builder builder) throws IOException {
    try {
      return builder.build();
    } catch (LinkException e) {
      throw Failure.usage(options.command.get(0) + ": " + e.getMessage());
    } catch (ErrnoException e) {
      throw Failure.usage(
          "the guest cannot start in " + workingDirectory + ": " + HostReason.of(e));
    } catch (IOException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  private int finish(Sandbox sandbox, Path save, Commit commit) throws IOException {
    Outcome outcome;
    try {
      outcome = sandbox.run();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing interrupts this thread", e);
    }
    if (!outcome.message().isEmpty()) {
      console.say(outcome.message());
    }
    boolean saved = save == null || save(outcome, save);
    if (commit != null) {
      console.say(commit.of(outcome, console::warn));
    }
    return saved || outcome.status() != 0 ? outcome.status() : Failure.HOST;
  }

  /** Whether all of it could be saved; what could not is told. */
  private boolean save(Outcome outcome, Path directory) {
    var unsaved = new int[1];
    try {
      ChangedFiles.save(
          outcome.filesystem(),
          outcome.changes(),
          directory,
          line -> {
            if (unsaved[0]++ < MOST_UNSAVED_LINES) {
              console.warn("not saved: " + line);
            }
          });
    } catch (IOException e) {
      console.say("--save " + options.save + ": " + HostReason.of(e));
      return false;
    }
    if (unsaved[0] > MOST_UNSAVED_LINES) {
      console.warn(unsaved[0] - MOST_UNSAVED_LINES + " more not saved");
    }
    return unsaved[0] == 0;
  }
}
