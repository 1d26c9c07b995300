package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import dev.vivarium.conformance.peer.ChicoryHost;
import dev.vivarium.sys.Limits;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What limits a guest, apart from time: how soon an interrupt ends it, how deep it may recurse, and
 * what of the heap an instance takes.
 */
final class LimitsSuite implements Suite {
  private static final String OURS = Host.OURS.title();
  private static final String CHICORY = Host.CHICORY.title();

  /**
   * One row.
   *
   * @param chicory the same on Chicory alone; empty where it cannot be had
   * @param ratio ours divided by Chicory's; empty where there is none
   */
  private record Line(String guest, String what, String ours, String chicory, String ratio) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  @Override
  public String name() {
    return "limits";
  }

  @Override
  public Set<Flag> flags() {
    return EnumSet.of(Flag.SHORT, Flag.JSON);
  }

  @Override
  public void run(Options options) throws Exception {
    var machine = Machine.here(ChicoryCompiler.version());
    latencies(options.brief() ? 5 : 40);
    memory("python", "print(1); input()");
    memory("ruby", "puts 1; gets");
    var hosts = EnumSet.of(Host.OURS, Host.CHICORY);
    for (var guest : List.of(Guest.PYTHON_3_12, Guest.RUBY_3_4)) {
      var prepared = new GuestPreparation().prepare(guest, hosts);
      for (var program : RecursionDepth.programs(guest)) {
        depth(guest, program, prepared, options.brief());
      }
    }
    print(machine, options);
  }

  private void latencies(int samples) throws Exception {
    for (var work : InterruptLatency.works()) {
      Bench.say("interrupting " + work.guest() + ", " + work.name());
      var millis = work.measure(samples).stream().map(seconds -> seconds * 1000).toList();
      var sorted = millis.stream().sorted().toList();
      add(
          work.guest(),
          "interrupt to end, " + work.name() + ", ms: median (most)",
          MarkdownTable.digits(Cell.Measured.median(millis))
              + " ("
              + MarkdownTable.digits(sorted.get(sorted.size() - 1))
              + ")",
          "",
          "",
          Map.of("milliseconds", millis));
    }
  }

  private void memory(String runtime, String program) throws Exception {
    Bench.say("measuring an instance of " + runtime);
    var use = InstanceMemory.measure(runtime, program);
    add(
        runtime,
        "heap of an instance, its linear memory included, MiB",
        mebi(use.instance()),
        "",
        "",
        Map.of("bytes", use.instance()));
    add(
        runtime,
        "most heap in use meanwhile, with garbage, MiB",
        mebi(use.peak()),
        "",
        "",
        Map.of("bytes", use.peak()));
  }

  private void depth(
      Guest guest, RecursionDepth.Program program, PreparedGuest prepared, boolean brief)
      throws Exception {
    Bench.say("recursing in " + guest.label() + ", " + program.name());
    var ours = RecursionDepth.deepest(prepared, Host.OURS, program, brief);
    var chicory = RecursionDepth.deepest(prepared, Host.CHICORY, program, brief);
    add(
        guest.label(),
        "levels of " + program.name(),
        ours.toString(),
        chicory.toString(),
        MarkdownTable.digits((double) ours.levels() / chicory.levels()),
        Map.of("ours", ours.levels(), "chicory", chicory.levels()));
    if (ours.stackEnded() && chicory.stackEnded()) {
      double mine = (double) Limits.DEFAULT.stackBytes() / ours.levels();
      double other = (double) ChicoryHost.STACK_BYTES / chicory.levels();
      add(
          guest.label(),
          "bytes of stack for each of them",
          MarkdownTable.digits(mine),
          MarkdownTable.digits(other),
          MarkdownTable.digits(mine / other),
          Map.of("ours", mine, "chicory", other));
    }
  }

  private void add(
      String guest,
      String what,
      String ours,
      String chicory,
      String ratio,
      Map<String, ?> measured) {
    lines.add(new Line(guest, what, ours, chicory, ratio));
    var object = new LinkedHashMap<String, Object>();
    object.put("guest", guest);
    object.put("what", what);
    object.putAll(measured);
    values.add(object);
  }

  private static String mebi(long bytes) {
    return MarkdownTable.digits(bytes / 1048576.0);
  }

  private void print(Machine machine, Options options) throws Exception {
    System.out.printf("| guest | what | %s | %s | ratio |%n", OURS, CHICORY);
    System.out.println("|---|---|---:|---:|---:|");
    for (var line : lines) {
      System.out.printf(
          "| %s | %s | %s | %s | %s |%n",
          line.guest(), line.what(), line.ours(), line.chicory(), line.ratio());
    }
    System.out.println();
    System.out.println(
        "- levels marked with + are ended by the guest's own limit or by the search, not by the stack");
    System.out.printf(
        "- stacks: %s %d MiB, its default; %s %d MiB%n",
        OURS, Limits.DEFAULT.stackBytes() >> 20, CHICORY, ChicoryHost.STACK_BYTES >> 20);
    System.out.println(machine.describe(options.command()));
    if (options.json() != null) {
      var root = new LinkedHashMap<String, Object>();
      root.put("suite", name());
      root.put("command", options.command());
      root.put("hardware", machine.hardware());
      root.put("system", machine.system());
      root.put("java", machine.java());
      root.put("commit", machine.commit());
      root.put("rows", values);
      Files.writeString(options.json(), JsonReport.json(root) + "\n");
    }
  }
}
