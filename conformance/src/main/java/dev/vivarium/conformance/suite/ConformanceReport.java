package dev.vivarium.conformance.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Runs of one suite on several hosts, side by side: docs/CONFORMANCE.md. */
final class ConformanceReport {
  private static final String NONE = "-";

  /** Tests that are named in one cell. */
  private static final int MOST_NAMES = 3;

  private final List<SuiteRun> runs;
  private final SuiteRun ours;
  private final ExpectedFailures known;
  private final String command;

  /**
   * @param runs the first is the one that the others are compared with
   * @param known its known failures
   * @param command what runs the suite
   */
  ConformanceReport(List<SuiteRun> runs, ExpectedFailures known, String command) {
    this.runs = runs;
    this.ours = runs.get(0);
    this.known = known;
    this.command = command;
  }

  String markdown() {
    return String.join(
        "\n\n",
        "# Conformance: " + ours.guest(),
        introduction(),
        "## In all",
        totals(),
        "## Known failures",
        failures(),
        "## What passes here and not there, and the other way round",
        differences(),
        "## By module",
        "Tests passed, failed and skipped; a word where a module did not get to its end.",
        modules(),
        "## How this was made",
        sources() + "\n");
  }

  private String introduction() {
    return "The tests that come with "
        + ours.guest()
        + ", run in that interpreter, unmodified, compiled to WebAssembly\n"
        + "(`conformance/guest` says how). Each module starts from the same files. This page is printed by\n"
        + "`"
        + command
        + " --compare FILE...` and not edited.\n\n"
        + "A module that is not over at its run's deadline, the `--timeout` of the command below or else 900 s,\n"
        + "has timed out, and none of its tests count. What crashes on a peer is run up to "
        + PeerLane.RETRIES
        + " times more.";
  }

  private String totals() {
    var rows = new ArrayList<String>();
    rows.add(
        "| host | modules | passed | skipped | failed | crashed | timed out | tests passed | failed"
            + " | skipped |");
    rows.add("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (var run : runs) {
      rows.add(row(run.host(), run.totals().stream().map("%,d"::formatted).toList()));
    }
    return String.join("\n", rows);
  }

  /** A row for what fails in a module for one reason; the list itself has each test. */
  private String failures() {
    var rows = new ArrayList<String>();
    rows.add("| module | tests | whose limit | why |");
    rows.add("|---|---|---|---|");
    var groups = new LinkedHashMap<List<String>, List<String>>();
    for (var row : known.rows()) {
      groups
          .computeIfAbsent(
              List.of(row.module(), row.limit(), row.reason()), group -> new ArrayList<>())
          .add(shortly(row.test()));
    }
    groups.forEach(
        (group, tests) ->
            rows.add(
                "| %s | %s | %s | %s |"
                    .formatted(
                        group.get(0),
                        tests.size() > MOST_NAMES
                            ? tests.size() + " tests"
                            : String.join(", ", tests),
                        group.get(1),
                        group.get(2))));
    return String.join("\n", rows);
  }

  /** The class and the method of a test. */
  private static String shortly(String test) {
    var parts = test.split("\\.");
    return parts.length < 3 || test.contains(" ")
        ? test
        : parts[parts.length - 2] + "." + parts[parts.length - 1];
  }

  private String differences() {
    var lines = new ArrayList<String>();
    for (var peer : runs.subList(1, runs.size())) {
      lines.add(difference(ours, peer));
      lines.add(difference(peer, ours));
    }
    return lines.isEmpty() ? NONE : String.join("\n", lines);
  }

  /** What passes on one host and not on another, of the modules that both have run. */
  private static String difference(SuiteRun here, SuiteRun there) {
    var ended = new Difference();
    var cutShort = new Difference();
    for (var result : here.modules()) {
      there
          .module(result.module())
          .ifPresent(other -> (other.gotToItsEnd() ? ended : cutShort).add(result, other));
    }
    return "- %s and not %s: %s%s"
        .formatted(
            here.host(),
            there.host(),
            ended,
            cutShort.tests == 0
                ? ""
                : "; and of modules that did not get to their end there, " + cutShort);
  }

  /** Tests that pass on one host only. */
  private static final class Difference {
    private final List<String> modules = new ArrayList<>();
    private long tests;

    void add(ModuleResult here, ModuleResult there) {
      long more =
          here.tests().entrySet().stream()
              .filter(test -> test.getValue() == Verdict.PASSED)
              .filter(test -> there.tests().get(test.getKey()) != Verdict.PASSED)
              .count();
      if (more > 0) {
        tests += more;
        modules.add(here.module() + " " + more);
      }
    }

    @Override
    public String toString() {
      return "%,d tests".formatted(tests)
          + (modules.isEmpty() ? "" : " (" + String.join(", ", modules) + ")");
    }
  }

  private String modules() {
    var rows = new ArrayList<String>();
    rows.add(row("module", runs.stream().map(SuiteRun::host).toList()));
    rows.add("|---|" + "---:|".repeat(runs.size()));
    for (var result : ours.modules()) {
      var name = result.module();
      rows.add(
          row(
              name,
              runs.stream()
                  .map(run -> run.module(name).map(ConformanceReport::cell).orElse(NONE))
                  .toList()));
    }
    return String.join("\n", rows);
  }

  private static String row(String first, List<String> others) {
    return "| " + first + " | " + String.join(" | ", others) + " |";
  }

  private static String cell(ModuleResult result) {
    return switch (result.end()) {
      case PASSED, FAILED ->
          "%d / %d / %d"
              .formatted(
                  result.count(Verdict.PASSED), result.failures(), result.count(Verdict.SKIPPED));
      case SKIPPED, CRASHED, TIMED_OUT -> result.end().word();
    };
  }

  private String sources() {
    return runs.stream()
        .map(run -> "**" + run.host() + "**, %,.0f s\n\n".formatted(run.seconds()) + machine(run))
        .collect(Collectors.joining("\n\n"));
  }

  private static String machine(SuiteRun run) {
    return Objects.requireNonNull(run.machine(), "where it was run").describe(run.command());
  }
}
