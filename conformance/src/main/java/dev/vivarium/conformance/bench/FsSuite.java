package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.bench.fs.Contender;
import dev.vivarium.conformance.bench.fs.ContentBenchmark;
import dev.vivarium.conformance.bench.fs.CopyBenchmark;
import dev.vivarium.conformance.bench.fs.FileHeap;
import dev.vivarium.conformance.bench.fs.ListBenchmark;
import dev.vivarium.conformance.bench.fs.MetadataBenchmark;
import dev.vivarium.conformance.bench.fs.ThreadsBenchmark;
import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/** Our filesystem against others: jimfs, Linux's tmpfs and npm's memfs. */
final class FsSuite implements Suite {
  private static final String OURS = Contender.GUEST.title();
  private static final String MEMFS = "memfs";
  private static final String COPY = "arraycopy";
  private static final int LARGEST = 1_000_000;
  private static final int LARGEST_BRIEFLY = 100_000;

  private final Comparison calls =
      new Comparison("call, with a path's bytes", titles(MEMFS, COPY), FsSuite::time);
  private final Comparison kept =
      new Comparison("call through java.nio.file, with a Path", titles(), FsSuite::time);
  private final Comparison heap =
      new Comparison(
          "heap",
          List.of(OURS, Contender.JIMFS.title(), MEMFS),
          bytes -> "%,.0f B".formatted(bytes));
  private final List<String> forks = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private static List<String> titles(String... more) {
    var titles = new ArrayList<>(List.of(OURS, Contender.JIMFS.title(), Contender.TMPFS.title()));
    titles.addAll(List.of(more));
    return titles;
  }

  @Override
  public String name() {
    return "fs";
  }

  @Override
  public Set<Flag> flags() {
    return EnumSet.of(Flag.SHORT, Flag.JSON, Flag.PLOT);
  }

  @Override
  public void run(Options options) throws Exception {
    var machine = Machine.here(ChicoryCompiler.version());
    boolean brief = options.brief();
    var settings = brief ? new JmhSettings(1, 4, 3, 300) : new JmhSettings(1, 4, 4, 500);
    notes.add(settings.toString());
    var all = EnumSet.allOf(Contender.class);
    all.removeIf(contender -> !contender.isHere());
    if (!all.contains(Contender.TMPFS)) {
      notes.add("left out: tmpfs: there is no /dev/shm that can be written");
    }
    measure(settings, MetadataBenchmark.class, all, false);
    // Where a path is not what takes the time, only ours has another face.
    var some = EnumSet.copyOf(all);
    some.removeAll(Set.of(Contender.JIMFS_KEPT, Contender.TMPFS_KEPT));
    int largest = brief ? LARGEST_BRIEFLY : LARGEST;
    measure(settings, ListBenchmark.class, some, true, sizes(largest));
    measure(settings, ContentBenchmark.class, some, true);
    some.remove(Contender.GUEST_KEPT);
    measure(settings, ThreadsBenchmark.class, some, false);
    measureCopies(settings);
    measureForks(settings);
    measureHeap();
    measureMemfs(brief ? 100 : 1000, largest);
    publish(options, machine);
  }

  private static String[] sizes(int largest) {
    return Arrays.stream(new int[] {10, 1000, LARGEST_BRIEFLY, LARGEST})
        .filter(size -> size <= largest)
        .mapToObj(String::valueOf)
        .toArray(String[]::new);
  }

  /**
   * Measures a class of benchmarks.
   *
   * @param pathless whether it matters nothing how the peers' paths are kept
   */
  private void measure(
      JmhSettings settings,
      Class<?> benchmarks,
      Set<Contender> contenders,
      boolean pathless,
      String... sizes)
      throws RunnerException {
    Bench.say("measuring: " + benchmarks.getSimpleName());
    var builder =
        settings
            .options(benchmarks, "")
            .param("contender", contenders.stream().map(Contender::name).toArray(String[]::new));
    if (sizes.length > 0) {
      builder.param("size", sizes);
    }
    for (var result : new Runner(builder.build()).run()) {
      var contender = Contender.valueOf(result.getParams().getParam("contender"));
      double nanos = result.getPrimaryResult().getScore();
      String row = row(result);
      if (!contender.keepsPaths()) {
        calls.add(row, contender.title(), nanos);
      }
      if (contender.keepsPaths() || (pathless && contender != Contender.GUEST)) {
        kept.add(row, contender.title(), nanos);
      }
    }
  }

  private void measureCopies(JmhSettings settings) throws RunnerException {
    Bench.say("measuring: System.arraycopy");
    for (var result : run(settings, CopyBenchmark.class, "")) {
      calls.add(row(result), COPY, result.getPrimaryResult().getScore());
    }
  }

  private void measureForks(JmhSettings settings) throws RunnerException {
    Bench.say("measuring: the first write after a fork");
    var builder =
        settings
            .options(SnapshotBenchmark.class, "forkAndWrite$")
            .param("files", "1000", "10000", "100000", "1000000");
    for (var result : new Runner(builder.build()).run()) {
      int files = Integer.parseInt(result.getParams().getParam("files"));
      double nanos = result.getPrimaryResult().getScore();
      forks.add("fork and first write, %,d files: %s".formatted(files, time(nanos)));
    }
  }

  private static Collection<RunResult> run(JmhSettings settings, Class<?> benchmarks, String method)
      throws RunnerException {
    return new Runner(settings.options(benchmarks, method).build()).run();
  }

  private void measureHeap() throws IOException, InterruptedException, HostCrash {
    Bench.say("measuring: heap");
    for (int length : new int[] {0, 1024}) {
      for (var contender : List.of(Contender.GUEST, Contender.JIMFS)) {
        var command =
            Checkout.java(
                Checkout.classPath(),
                "-XX:+UseSerialGC",
                FileHeap.class.getName(),
                contender.name(),
                String.valueOf(length));
        try (var process = HostProcess.start(command)) {
          heap.add(file(length), contender.title(), Double.parseDouble(process.finish().get(0)));
        }
      }
    }
  }

  private void measureMemfs(int millis, int largest) throws IOException, InterruptedException {
    Bench.say("measuring: memfs");
    try {
      Memfs.measure(millis, largest)
          .forEach(
              (row, figure) -> {
                String[] parts = row.split(" ");
                if (parts[0].equals("heap")) {
                  heap.add(file(Integer.parseInt(parts[1])), MEMFS, figure);
                } else {
                  calls.add(row(parts[0], parts.length == 1 ? null : parts[1]), MEMFS, figure);
                }
              });
      notes.add("memfs " + Memfs.VERSION);
    } catch (HostCrash e) {
      notes.add("left out: memfs: " + e.getMessage());
    } catch (IOException e) {
      notes.add("left out: memfs: node or npm cannot be started: " + e.getMessage());
    }
  }

  private static String file(int length) {
    return length == 0 ? "an empty file, its name of 8 bytes included" : "a file of 1 KB";
  }

  private static String row(RunResult result) {
    var method = result.getPrimaryResult().getLabel();
    return row(method, result.getParams().getParam("size"));
  }

  /** The name of a benchmark as words, with its size. */
  private static String row(String method, String size) {
    String words = method.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    if (size == null) {
      return words;
    }
    int number = Integer.parseInt(size);
    return method.equals("readdir")
        ? "%s, %,d entries".formatted(words, number)
        : "%s, %s".formatted(words, number < 1 << 20 ? (number >> 10) + " KB" : "1 MB");
  }

  private static String time(double nanos) {
    if (nanos < 10_000) {
      return MarkdownTable.digits(nanos) + " ns";
    }
    return nanos < 10_000_000
        ? MarkdownTable.digits(nanos / 1e3) + " µs"
        : MarkdownTable.digits(nanos / 1e6) + " ms";
  }

  private void publish(Options options, Machine machine) throws IOException {
    System.out.println(calls.markdown());
    System.out.println(kept.markdown());
    System.out.println(heap.markdown());
    forks.forEach(fork -> System.out.println("- " + fork));
    notes.forEach(note -> System.out.println("- " + note));
    System.out.println(machine.describe(options.command()));
    if (options.json() != null) {
      var root = JsonReport.head(name(), options, machine);
      root.put("notes", notes);
      root.put("forks", forks);
      root.put("calls", calls.json());
      root.put("kept", kept.json());
      root.put("heap", heap.json());
      Files.writeString(options.json(), JsonReport.json(root) + "\n");
    }
    if (options.plot() != null) {
      Files.writeString(
          options.plot(), calls.plot("fs: time divided by Vivarium's, more than 1 is slower"));
    }
  }
}
