package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.Machine;
import dev.vivarium.conformance.peer.ChicoryCompiler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What it takes to run a short program: in a process of its own, everything being cached, from its
 * launch to its end; and in a second and third instance within a process.
 */
final class StartSuite implements Suite {
  /** A round of Chicory's takes a minute. */
  private static final int CHICORY_ROUNDS = 2;

  private final String name;
  private final Map<Guest, Program> programs;

  /** A program, and the line that it prints. */
  private record Program(String source, String output) {}

  private StartSuite(String name, Map<Guest, Program> programs) {
    this.name = name;
    this.programs = new EnumMap<>(programs);
  }

  /** The square root of two. */
  static StartSuite boot() {
    var root = "1.4142135623730951";
    var python = new Program("import math; print(math.sqrt(2))", root);
    return new StartSuite(
        "boot",
        Map.of(
            Guest.PYTHON_3_12, python,
            Guest.PYTHON_3_11, python,
            Guest.RUBY_3_4, new Program("puts Math.sqrt(2)", root)));
  }

  /** Large modules of Python's library; without those that need sockets where there are none. */
  static StartSuite imports() {
    var end = "; print('imported')";
    return new StartSuite(
        "imports",
        Map.of(
            Guest.PYTHON_3_12,
            new Program(
                "import asyncio, json, decimal, unittest, http.client, email" + end, "imported"),
            Guest.PYTHON_3_11,
            new Program("import json, decimal, unittest, email" + end, "imported")));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Flag> flags() {
    return Report.FLAGS;
  }

  @Override
  public void run(Options options) throws Exception {
    var machine = Machine.here(ChicoryCompiler.version());
    int rounds = options.brief() ? 2 : 7;
    var rows = new ArrayList<Row>();
    var notes = new ArrayList<String>();
    notes.add(
        "%d rounds after one that is not counted, the hosts in turn; median (least-most)"
            .formatted(rounds));
    if (options.hosts().contains(Host.CHICORY)) {
      notes.add(Host.CHICORY.title() + " takes part in the first " + CHICORY_ROUNDS);
    }
    for (var guest : options.guests()) {
      var program = programs.get(guest);
      if (program == null) {
        notes.add("left out: " + guest.label() + ": there is no program for it in this suite");
        continue;
      }
      notes.add(guest.label() + ": `" + program.source() + "`");
      try {
        var prepared = new GuestPreparation().prepare(guest, options.hosts());
        var starts = new EnumMap<Host, Starts>(Host.class);
        for (var host : options.hosts()) {
          starts.put(host, Starts.of(prepared, host, program.source(), program.output()));
        }
        rows.addAll(measure(guest, starts, rounds));
      } catch (HostCrash e) {
        notes.add("left out: " + guest.label() + ": " + e.getMessage());
      }
    }
    new Report(name, machine, options, rows, notes).publish();
  }

  private static List<Row> measure(Guest guest, Map<Host, Starts> starts, int rounds)
      throws Exception {
    for (var start : starts.values()) {
      start.rehearse();
    }
    for (int i = 0; i < rounds; i++) {
      Bench.say("starting " + guest.label() + ", round " + (i + 1) + " of " + rounds);
      for (var start : starts.entrySet()) {
        if (start.getKey() != Host.CHICORY || i < CHICORY_ROUNDS) {
          start.getValue().measure();
        }
      }
    }
    var rows = new ArrayList<Row>();
    for (var kind : Starts.KINDS) {
      var cells = new EnumMap<Host, Cell>(Host.class);
      starts.forEach((host, start) -> cells.put(host, start.cell(kind)));
      rows.add(new Row(guest, kind, cells));
    }
    return rows;
  }
}
