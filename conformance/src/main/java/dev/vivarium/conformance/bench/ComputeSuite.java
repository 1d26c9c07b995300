package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Work inside warm guests, timed by the guests themselves. */
final class ComputeSuite implements Suite {
  private static final Map<String, String> PYTHON = new LinkedHashMap<>();
  private static final Map<String, String> RUBY = new LinkedHashMap<>();

  static {
    PYTHON.put("generator", "generator sum");
    PYTHON.put("floats", "float loop");
    PYTHON.put("nbody", "nbody");
    PYTHON.put("dicts", "dict");
    PYTHON.put("strings", "str");
    PYTHON.put("documents", "json");
    PYTHON.put("regex", "regex");
    PYTHON.put("sorting", "sorting");
    RUBY.put("loops", "loop");
    RUBY.put("strings", "strings");
    RUBY.put("documents", "json");
  }

  /**
   * How often all rows are warmed up in turn: what one row has taught a compiler is wrong for the
   * next, and the first row meets only later what was compiled anew.
   */
  private static final int PASSES = 2;

  /** How often all is measured, and how much at each time. */
  private record Plan(int processes, Warmup warmup, int rounds) {}

  @Override
  public String name() {
    return "compute";
  }

  @Override
  public Set<Flag> flags() {
    return Report.FLAGS;
  }

  @Override
  public void run(Options options) throws Exception {
    var machine = Machine.here(ChicoryCompiler.version());
    var plan =
        options.brief() ? new Plan(1, new Warmup(1, 6), 2) : new Plan(3, new Warmup(3, 20), 5);
    var rows = new ArrayList<Row>();
    var notes = new ArrayList<String>();
    notes.add(
        ("each host has a guest process, which repeats each row for %.0f s at least and until its"
                + " times no longer fall, or %.0f s are spent (†), all rows %d times; then %d"
                + " rounds of 1 to 5 runs, the hosts in turn; all that %d times, with new"
                + " processes; median (least-most)")
            .formatted(
                plan.warmup.least(), plan.warmup.most(), PASSES, plan.rounds, plan.processes));
    for (var guest : options.guests()) {
      try {
        var prepared = new GuestPreparation().prepare(guest, options.hosts());
        rows.addAll(measure(prepared, options.hosts(), plan));
      } catch (HostCrash e) {
        notes.add("left out: " + guest.label() + ": " + e.getMessage());
      }
    }
    new Report(name(), machine, options, rows, notes).publish();
  }

  private static List<Row> measure(PreparedGuest guest, Set<Host> hosts, Plan plan)
      throws IOException, InterruptedException {
    boolean ruby = guest.guest().isRuby();
    var works = ruby ? RUBY : PYTHON;
    var program = Checkout.text(ComputeSuite.class, ruby ? "compute.rb" : "compute.py");
    var answers = new Answers();
    var sessions = new EnumMap<Host, ComputeSession>(Host.class);
    try {
      for (var host : hosts) {
        var command = guest.instances(host, 1, program);
        sessions.put(host, new ComputeSession(command, plan.warmup, answers));
      }
      // What a compiler makes of a program is not the same in any two processes.
      for (int i = 0; i < plan.processes; i++) {
        warmUp(guest, sessions, works.keySet());
        measure(guest, sessions.values(), works.keySet(), plan.rounds);
        sessions.values().forEach(ComputeSession::close);
      }
      var rows = new ArrayList<Row>();
      for (var work : works.entrySet()) {
        var cells = new EnumMap<Host, Cell>(Host.class);
        sessions.forEach((host, session) -> cells.put(host, session.cell(work.getKey())));
        rows.add(new Row(guest.guest(), work.getValue(), cells));
      }
      return rows;
    } finally {
      sessions.values().forEach(ComputeSession::close);
    }
  }

  private static void warmUp(
      PreparedGuest guest, Map<Host, ComputeSession> sessions, Set<String> works)
      throws IOException, InterruptedException {
    for (var session : sessions.entrySet()) {
      Bench.say("warming up " + guest.guest().label() + " on " + session.getKey().label());
      for (int pass = 0; pass < PASSES; pass++) {
        for (var work : works) {
          session.getValue().warmUp(work);
        }
      }
    }
  }

  private static void measure(
      PreparedGuest guest, Collection<ComputeSession> sessions, Set<String> works, int rounds)
      throws IOException, InterruptedException {
    for (int i = 0; i < rounds; i++) {
      Bench.say("measuring " + guest.guest().label() + ", round " + (i + 1) + " of " + rounds);
      for (var work : works) {
        for (var session : sessions) {
          session.measure(work);
        }
      }
    }
  }
}
