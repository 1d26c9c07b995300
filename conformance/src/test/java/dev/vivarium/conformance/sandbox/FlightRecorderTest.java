package dev.vivarium.conformance.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Sandbox;
import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.sys.Limits;
import dev.vivarium.vfs.Quota;
import dev.vivarium.wasi.trace.FlightRecorderTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JVM tells of guests. */
@Timeout(120)
class FlightRecorderTest {
  @TempDir Path directory;

  private static Sandbox.Builder guest(String name) throws Exception {
    var source = WasmSource.of(name, Wat.guest("sandbox_" + name));
    return Sandbox.builder(ChicoryEngine.withoutCache().load(source, Progress.NONE))
        .arguments("the-" + name);
  }

  private static void run(Sandbox.Builder builder) throws Exception {
    try (var sandbox = builder.build()) {
      sandbox.run();
    }
  }

  /** What the guests do that are run meanwhile. */
  private interface Guests {
    void run() throws Exception;
  }

  private List<RecordedEvent> record(String event, Guests guests) throws Exception {
    try (var recording = new Recording()) {
      recording.start();
      guests.run();
      recording.stop();
      var file = directory.resolve("recording.jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(recorded -> recorded.getEventType().getName().equals("vivarium." + event))
          .toList();
    }
  }

  @Test
  void aRunIsOneEventWithItsEndAndWhatItTook() throws Exception {
    var runs =
        record(
            "SandboxRun",
            () -> {
              run(guest("exit"));
              run(
                  guest("loop")
                      .timeout(Duration.ofMillis(200))
                      .limits(Limits.DEFAULT.withMemoryBytes(1 << 20))
                      .quota(Quota.DEFAULT.withBytes(1 << 20)));
            });
    assertThat(runs).hasSize(2);
    var exited = runs.get(0);
    assertThat(exited.getString("program")).isEqualTo("the-exit");
    assertThat(exited.getString("reason")).isEqualTo("EXITED");
    assertThat(exited.getInt("status")).isEqualTo(7);
    assertThat(exited.getBoolean("resumed")).isFalse();
    var ended = runs.get(1);
    assertThat(ended.getString("reason")).isEqualTo("TIMED_OUT");
    assertThat(ended.getString("message")).startsWith("still running after");
    assertThat(ended.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    assertThat(ended.getLong("memoryLimit")).isEqualTo(1 << 20);
    assertThat(ended.getLong("memory")).isBetween(1L, 1L << 20);
    assertThat(ended.getLong("filesLimit")).isEqualTo(1 << 20);
    assertThat(ended.getLong("files")).isBetween(1L, 1L << 20);
  }

  @Test
  void whatIsPreparedIsAnEventAndWhatIsLoadedFromTheCacheIsNone() throws Exception {
    byte[] module = Wat.guest("sandbox_exit");
    var prepared =
        record(
            "ModulePreparation",
            () -> {
              for (int i = 0; i < 2; i++) {
                ChicoryEngine.withCache(directory.resolve("modules"))
                    .load(WasmSource.of("exit", module), Progress.NONE);
              }
            });
    assertThat(prepared).hasSize(1);
    assertThat(prepared.get(0).getString("module")).isEqualTo("exit");
    assertThat(prepared.get(0).getLong("size")).isEqualTo(module.length);
  }

  @Test
  void callsThatTakeLongAreEventsForWhoAsksForThem() throws Exception {
    var calls =
        record(
            "Syscall",
            () -> {
              var slow = Duration.ofMillis(200);
              run(guest("sleep").timeout(slow));
              run(guest("sleep").timeout(slow).trace(new FlightRecorderTrace()));
            });
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0).getString("function")).isEqualTo("poll_oneoff");
    assertThat(calls.get(0).getString("result")).isEqualTo("?");
  }

  /** Part of each start would be what Flight Recorder needs. */
  @Test
  void noEventIsLoadedWhereNothingIsRecorded() throws Exception {
    var log = directory.resolve("classes");
    var command =
        Checkout.java(
            Checkout.classPath(), "-Xlog:class+load:file=" + log, Unrecorded.class.getName());
    var process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(log))
        .contains("dev.vivarium.Sandbox ")
        .doesNotContain("SandboxRunEvent")
        .doesNotContain("ModulePreparationEvent")
        .doesNotContain("jdk.jfr.Event ");
  }

  /** Prepares and runs a guest in a JVM that records nothing. */
  static final class Unrecorded {
    private Unrecorded() {}

    public static void main(String[] arguments) throws Exception {
      FlightRecorderTest.run(guest("exit"));
    }
  }
}
