package dev.vivarium.conformance.suite;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.vivarium.conformance.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a suite came to on one host.
 *
 * @param host the host's name
 * @param command how it was asked for
 * @param seconds how long all of it took
 */
record SuiteRun(
    String host,
    String guest,
    String command,
    Machine machine,
    double seconds,
    List<ModuleResult> modules) {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Writes it as JSON. */
  void write(Path file) throws IOException {
    Files.writeString(file, JSON.toJson(this) + "\n");
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException if it cannot be read, or is something else
   */
  static SuiteRun read(Path file) throws IOException {
    try (var in = Files.newBufferedReader(file)) {
      var run = JSON.fromJson(in, SuiteRun.class);
      if (run == null || run.modules == null) {
        throw new IOException(file + ": no run of a suite");
      }
      return run;
    } catch (JsonParseException e) {
      throw new IOException(file + ": no run of a suite", e);
    }
  }

  Optional<ModuleResult> module(String name) {
    return modules.stream().filter(result -> result.module().equals(name)).findFirst();
  }

  /**
   * How many modules there are, of these how many passed, were skipped, failed, crashed and timed
   * out; and how many tests passed, failed and were skipped.
   */
  List<Long> totals() {
    return List.of(
        (long) modules.size(),
        modules(End.PASSED),
        modules(End.SKIPPED),
        modules(End.FAILED),
        modules(End.CRASHED),
        modules(End.TIMED_OUT),
        tests(Verdict.PASSED),
        modules.stream().mapToLong(ModuleResult::failures).sum(),
        tests(Verdict.SKIPPED));
  }

  private long modules(End end) {
    return modules.stream().filter(result -> result.end() == end).count();
  }

  private long tests(Verdict verdict) {
    return modules.stream().mapToLong(result -> result.count(verdict)).sum();
  }
}
