package dev.vivarium.conformance.suite;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryClasses;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import dev.vivarium.runtime.CacheDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Runs CPython's own tests. */
@Command(
    name = "conformance/cpython",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs modules of CPython's own tests in CPython 3.11.2, which is built first if need be, and"
          + " prints what came of them as a Markdown table.",
      "",
      "Without a MODULE, those about files, paths, processes, time, input and output, imports and"
          + " archives."
    },
    footer = {
      "",
      "Exit status: 0 if nothing but the listed failures happened; 1 if another did, a listed one"
          + " did not, or a test fell behind the baseline; 2 wrong usage, 125 something is missing."
    })
public final class CPython implements Callable<Integer> {
  private static final String GUEST = "CPython 3.11.2";

  /** What the modules run on. */
  enum Host {
    VIVARIUM,
    NODE,
    CHICORY
  }

  @Parameters(paramLabel = "MODULE", description = "Modules such as test_os.")
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

  private List<String> arguments = List.of();

  private CPython() {}

  /** See {@code conformance/cpython --help}. */
  public static void main(String[] args) {
    var suite = new CPython();
    suite.arguments = List.of(args);
    var line =
        new CommandLine(suite)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  say(failure.getMessage());
                  return 125;
                });
    System.exit(line.execute(args));
  }

  private static void say(String line) {
    System.err.println("conformance/cpython: " + line);
  }

  @Override
  public Integer call() throws Exception {
    requireAtLeastOne("--jobs", jobs);
    requireAtLeastOne("--timeout", timeout);
    var known = ExpectedFailures.parse(Checkout.text(CPython.class, "cpython-3.11-failures.csv"));
    if (!compared.isEmpty()) {
      var runs = new ArrayList<SuiteRun>();
      for (var file : compared) {
        runs.add(read("--compare", file));
      }
      System.out.print(new ConformanceReport(runs, known).markdown());
      return 0;
    }
    return run(known, baseline == null ? null : new Baseline(read("--baseline", baseline)));
  }

  private int run(ExpectedFailures known, Baseline earlier)
      throws IOException, InterruptedException, HostCrash {
    var guest = PythonGuest.build();
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
    var command = ("conformance/cpython " + String.join(" ", arguments)).strip();
    double seconds = (System.nanoTime() - start) / 1e9;
    var name = host.name().toLowerCase(Locale.ROOT);
    var run =
        new SuiteRun(
            name, GUEST, command, Machine.here(ChicoryCompiler.version()), seconds, results);
    System.out.println(SuiteTable.of(run));
    System.out.println(run.machine().describe(command));
    if (json != null) {
      run.write(json);
    }
    surprises.forEach(CPython::say);
    return surprises.isEmpty() ? 0 : 1;
  }

  private void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw wrong(option + ": a number of 1 or more is needed, not " + value);
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(new CommandLine(this), why);
  }

  private SuiteRun read(String option, Path file) {
    try {
      return SuiteRun.read(file);
    } catch (IOException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private List<String> chosen(PythonGuest guest) throws IOException {
    var known = guest.modules();
    if (all) {
      return known;
    }
    var chosen =
        modules.isEmpty()
            ? Checkout.text(CPython.class, "cpython-modules.txt").lines().toList()
            : modules;
    for (var module : chosen) {
      if (!known.contains(module)) {
        throw wrong("CPython 3.11.2 has no test module " + module);
      }
    }
    return chosen;
  }

  private Supplier<Lane> lanes(PythonGuest guest)
      throws IOException, InterruptedException, HostCrash {
    var deadline = Duration.ofSeconds(timeout);
    return switch (host) {
      case VIVARIUM -> () -> new VivariumLane(guest, deadline);
      case NODE -> () -> new NodeLane(guest, deadline);
      case CHICORY -> {
        var key = guest.directory().getFileName().toString();
        var kept = CacheDirectory.of(System.getenv()).resolve("bench");
        var classes = ChicoryClasses.compiled(key, guest.module(), kept);
        yield () -> new ChicoryLane(guest, classes, deadline);
      }
    };
  }
}
