package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.CommandLines;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.host.ResultFile;
import dev.vivarium.conformance.peer.ChicoryClasses;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import dev.vivarium.image.HostReason;
import dev.vivarium.runtime.CacheDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the tests of a language, in its interpreter. */
@Command(
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit status: 0 if nothing but the listed failures happened; 1 if another did, a listed one"
          + " did not, or a test fell behind the baseline; 2 wrong usage, 125 something is missing."
    })
abstract class SuiteCommand implements Callable<Integer> {
  /** What the modules run on. */
  enum Host {
    VIVARIUM,
    NODE,
    CHICORY
  }

  @Parameters(paramLabel = "MODULE", description = "Modules of tests.")
  private List<String> modules = List.of();

  @Option(names = "--all", description = "All modules.")
  private boolean all;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "What to run them on: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Host host = Host.VIVARIUM;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every result to FILE.")
  private Path json;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Fail if a test passed in FILE, which --json has written, and does not now.")
  private Path baseline;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "The longest that a module may take. Default: ${DEFAULT-VALUE}")
  private int timeout = 900;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "How many modules run at once. Default: one for each processor")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--compare",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Run nothing: compare what --json has written for several hosts, ours first, as"
              + " docs/CONFORMANCE.md does.")
  private List<Path> compared = List.of();

  @Spec private CommandSpec spec;

  private List<String> arguments = List.of();

  /** Gets the guest, if it is not there. */
  abstract SuiteGuest guest() throws IOException, InterruptedException, HostCrash;

  /** The resource that names the modules that run without being asked for. */
  abstract String defaultModules();

  /** The resource with the known failures. */
  abstract String knownFailures();

  /** Runs the command, and ends this process with its status. */
  final void execute(String... args) {
    arguments = List.of(args);
    System.exit(CommandLines.execute(this, args));
  }

  private void say(String line) {
    System.err.println(command() + ": " + line);
  }

  private String command() {
    return spec.name();
  }

  @Override
  public final Integer call() throws Exception {
    requireAtLeastOne("--jobs", jobs);
    requireAtLeastOne("--timeout", timeout);
    if (all && !modules.isEmpty()) {
      throw wrong("--all: has every module, " + modules.get(0) + " too");
    }
    if (json != null) {
      ResultFile.objection(json)
          .ifPresent(
              why -> {
                throw wrong("--json " + why);
              });
    }
    var known = ExpectedFailures.parse(Checkout.text(getClass(), knownFailures()));
    if (!compared.isEmpty()) {
      var runs = new ArrayList<SuiteRun>();
      for (var file : compared) {
        runs.add(read("--compare", file));
      }
      System.out.print(new ConformanceReport(runs, known, command()).markdown());
      return 0;
    }
    return run(known, baseline == null ? null : new Baseline(read("--baseline", baseline)));
  }

  private int run(ExpectedFailures known, Baseline earlier)
      throws IOException, InterruptedException, HostCrash {
    var guest = guest();
    var chosen = chosen(guest);
    var surprises = new ArrayList<String>();
    int[] done = {0};
    long start = System.nanoTime();
    var results =
        new SuiteRunner(jobs, lanes(guest))
            .run(
                chosen,
                result -> {
                  say(SuiteTable.progress(++done[0], chosen.size(), result));
                  if (host == Host.VIVARIUM) {
                    surprises.addAll(known.surprises(result));
                  }
                  if (earlier != null) {
                    surprises.addAll(earlier.regressions(result));
                  }
                });
    var command = (command() + " " + String.join(" ", arguments)).strip();
    double seconds = (System.nanoTime() - start) / 1e9;
    var name = host.name().toLowerCase(Locale.ROOT);
    var run =
        new SuiteRun(
            name, guest.name(), command, Machine.here(ChicoryCompiler.version()), seconds, results);
    System.out.println(SuiteTable.of(run));
    System.out.println(run.machine().describe(command));
    if (json != null) {
      run.write(json);
    }
    surprises.forEach(this::say);
    return surprises.isEmpty() ? 0 : 1;
  }

  private void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw wrong(option + ": a number of 1 or more is needed, not " + value);
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private SuiteRun read(String option, Path file) {
    try {
      return SuiteRun.read(file);
    } catch (IOException e) {
      throw wrong(option + " " + HostReason.withFile(e));
    }
  }

  private List<String> chosen(SuiteGuest guest) throws IOException {
    var known = guest.modules();
    if (all) {
      return known;
    }
    var chosen =
        modules.isEmpty() ? Checkout.text(getClass(), defaultModules()).lines().toList() : modules;
    for (var module : chosen) {
      if (!known.contains(module)) {
        throw wrong(guest.name() + " has no test module " + module);
      }
    }
    return chosen;
  }

  private Supplier<Lane> lanes(SuiteGuest guest)
      throws IOException, InterruptedException, HostCrash {
    var deadline = Duration.ofSeconds(timeout);
    return switch (host) {
      case VIVARIUM ->
          workers(
              guest,
              deadline,
              Checkout.classPath(),
              VivariumWorker.class,
              guest.language(),
              guest.module().toString(),
              guest.image().toString());
      case NODE -> () -> new PeerLane(new NodeLane(guest, deadline));
      case CHICORY -> {
        var key = guest.directory().getFileName().toString();
        var kept = CacheDirectory.of(System.getenv()).resolve("bench");
        var classes = ChicoryClasses.compiled(key, guest.module(), kept);
        var lanes =
            workers(
                guest,
                deadline,
                Checkout.classPath() + ":" + classes,
                ChicoryWorker.class,
                guest.language(),
                guest.root().toString());
        yield () -> new PeerLane(lanes.get());
      }
    };
  }

  private static Supplier<Lane> workers(
      SuiteGuest guest,
      Duration deadline,
      String classPath,
      Class<? extends Worker> worker,
      String... arguments) {
    var words = new ArrayList<>(List.of(worker.getName()));
    words.addAll(List.of(arguments));
    words.add(String.valueOf(deadline.toSeconds()));
    var command = Checkout.java(classPath, words.toArray(String[]::new));
    return () -> new WorkerLane(guest, command, deadline);
  }
}
