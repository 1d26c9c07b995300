package dev.vivarium.conformance.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.Outcome;
import dev.vivarium.Outcome.Reason;
import dev.vivarium.Sandbox;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that mean harm: all of them end in time, and leave nothing behind. */
// In a thread of its own: a sandbox waits for the end of its guest, deaf to interrupts.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileGuestTest {
  private static final EngineBinding ENGINE = ChicoryEngine.withoutCache();
  private static final Duration SHORT = Duration.ofMillis(200);

  private static Sandbox.Builder guest(String text) throws IOException {
    return Sandbox.builder(
        ENGINE.load(WasmSource.of("hostile", Wat.assemble(text)), Progress.NONE));
  }

  private static Outcome run(Sandbox.Builder builder) throws Exception {
    try (var sandbox = builder.build()) {
      var outcome = sandbox.run();
      assertThat(outcome.filesystem().check()).isEmpty();
      return outcome;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(func (export \"_start\") (loop $l (br_if $l (i32.const 1))))",
        "(func (export \"_start\") (loop $l (br_table $l $l (i32.const 0))))",
        "(tag $e) (func (export \"_start\") (loop $l (try_table (catch $e $l) (throw $e))))",
        "(tag $e) (func $t (throw $e)) (func (export \"_start\")"
            + " (loop $l (try_table (catch_all $l) (call $t))))",
        "(func $g (export \"_start\") (call $h) (call $h)) (func $h (call $i) (call $i))"
            + " (func $i (call $j) (call $j)) (func $j (loop $l (br $l)))",
      })
  void aDeadlineEndsEveryKindOfLoop(String code) throws Exception {
    var text = "(module (memory (export \"memory\") 1) " + code + ")";
    assertThat(run(guest(text).timeout(SHORT)).reason()).isEqualTo(Reason.TIMED_OUT);
  }

  /**
   * The engine compiles tail calls to calls: an endless one may use up the stack before the time.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(func $f (export \"_start\") (return_call $f))",
        "(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f)"
            + " (func $f (export \"_start\") (return_call_indirect (type $t) (i32.const 0)))",
      })
  void anEndlessTailCallEndsByTheDeadlineOrByTheStack(String code) throws Exception {
    var text = "(module (memory (export \"memory\") 1) " + code + ")";
    var outcome = run(guest(text).timeout(SHORT));
    assertThat(outcome.reason()).isIn(Reason.TIMED_OUT, Reason.TRAPPED);
    if (outcome.reason() == Reason.TRAPPED) {
      assertThat(outcome.message()).contains("call stack exhausted");
    }
  }

  @Test
  void closingBeforeTheRunEndsItThoughThereIsADeadline() throws Exception {
    var loop = guest("(module (func (export \"_start\") (loop $l (br $l))))");
    try (var sandbox = loop.timeout(Duration.ofDays(1)).build()) {
      sandbox.close();
      var ended = CompletableFuture.supplyAsync(() -> runUnchecked(sandbox));
      assertThat(ended.get(10, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CLOSED);
    }
  }

  private static Outcome runUnchecked(Sandbox sandbox) {
    try {
      return sandbox.run();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDeadlineThatNoClockReachesIsNone() throws Exception {
    var exit = guest("(module (func (export \"_start\")))");
    assertThat(run(exit.timeout(Duration.ofSeconds(Long.MAX_VALUE))).reason())
        .isEqualTo(Reason.EXITED);
  }

  private static final String READ_ONE =
      "(module (import \"wasi_snapshot_preview1\" \"fd_read\""
          + " (func $read (param i32 i32 i32 i32) (result i32)))"
          + " (memory (export \"memory\") 1)"
          + " (data (i32.const 0) \"\\40\\00\\00\\00\\01\\00\\00\\00\")"
          + " (func (export \"_start\") (drop (call $read (i32.const 0) (i32.const 0)"
          + " (i32.const 1) (i32.const 16)))))";

  @Test
  void theThreadThatReadsStandardInputEndsWithTheGuest() throws Exception {
    var outcome = run(guest(READ_ONE).stdin(new ByteArrayInputStream(new byte[1 << 20])));
    assertThat(outcome.reason()).isEqualTo(Reason.EXITED);
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("vivarium-stdin"))) {
      Thread.sleep(5);
    }
  }

  @Test
  void aStartThatWantsArgumentsIsATrap() throws Exception {
    assertThat(run(guest("(module (func (export \"_start\") (param i32)))")).reason())
        .isEqualTo(Reason.TRAPPED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(global i32)", "(table 1 funcref)", "(tag)"})
  void aModuleThatImportsWhatNoHostHasIsRefusedBeforeItRuns(String wanted) throws Exception {
    var guest = guest("(module (import \"env\" \"it\" " + wanted + ") (func (export \"_start\")))");
    assertThatThrownBy(guest::build).isInstanceOf(LinkException.class);
  }
}
