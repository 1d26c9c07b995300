package dev.vivarium.conformance.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
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
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Change.Kind;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an embedder may rely on, whatever the guest does. */
// In a thread of its own: a sandbox waits for the end of its guest, deaf to interrupts.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxTest {
  private static final EngineBinding ENGINE = ChicoryEngine.withoutCache();
  private static final Duration SHORT = Duration.ofMillis(200);

  private static Sandbox.Builder guest(String name) throws IOException {
    return Sandbox.builder(
        ENGINE.load(WasmSource.of(name, Wat.guest("sandbox_" + name)), Progress.NONE));
  }

  private static Outcome run(Sandbox.Builder builder) throws Exception {
    try (var sandbox = builder.build()) {
      var outcome = sandbox.run();
      assertThat(outcome.filesystem().check()).isEmpty();
      return outcome;
    }
  }

  @Test
  void anExitCodeIsTheGuestsOwn() throws Exception {
    var outcome = run(guest("exit"));
    assertThat(outcome.reason()).isEqualTo(Reason.EXITED);
    assertThat(outcome.status()).isEqualTo(7);
    assertThat(outcome.changes()).isEmpty();
  }

  @Test
  void aTrapEndsOnlyTheGuest() throws Exception {
    var outcome = run(guest("unreachable"));
    assertThat(outcome.reason()).isEqualTo(Reason.TRAPPED);
    assertThat(outcome.status()).isEqualTo(134);
    assertThat(outcome.message()).isNotEmpty();
  }

  @Test
  void aDeadlineEndsALoop() throws Exception {
    var outcome = run(guest("loop").timeout(SHORT));
    assertThat(outcome.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(outcome.status()).isEqualTo(124);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aDeadlineThatHasPassedBeforeTheStartIsRefused(long seconds) throws Exception {
    var loop = guest("loop");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loop.timeout(Duration.ofSeconds(seconds)));
  }

  @Test
  void aDeadlineEndsASleep() throws Exception {
    assertThat(run(guest("sleep").timeout(SHORT)).reason()).isEqualTo(Reason.TIMED_OUT);
  }

  @Test
  void aDeadlineEndsAReadOfAnIdleStream() throws Exception {
    try (var writer = new PipedOutputStream();
        var idle = new PipedInputStream(writer)) {
      assertThat(run(guest("read").stdin(idle).timeout(SHORT)).reason())
          .isEqualTo(Reason.TIMED_OUT);
    }
  }

  @Test
  void aDeadlineHoldsAlsoWhereNobodyReadsTheOutput() throws Exception {
    var never = new CountDownLatch(1);
    var stuck =
        new OutputStream() {
          @Override
          public void write(int b) {
            boolean released = false;
            while (!released) {
              try {
                never.await();
                released = true;
              } catch (InterruptedException e) {
                // As a write to a full pipe: deaf to interrupts.
              }
            }
          }
        };
    try (var sandbox = guest("shout").stdout(stuck).timeout(SHORT).build()) {
      assertThat(sandbox.run().reason()).isEqualTo(Reason.TIMED_OUT);
    } finally {
      never.countDown();
    }
  }

  @Test
  void onAVirtualClockASleepTakesNoTime() throws Exception {
    var clock = new VirtualClock(Instant.EPOCH, 0);
    assertThat(run(guest("sleep").clock(clock)).reason()).isEqualTo(Reason.EXITED);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(1)));
  }

  /** Runs it in a thread of its own. */
  private static CompletableFuture<Outcome> started(Sandbox sandbox) {
    var outcome = new CompletableFuture<Outcome>();
    new Thread(
            () -> {
              try {
                outcome.complete(sandbox.run());
              } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
              }
            })
        .start();
    return outcome;
  }

  @Test
  void closingEndsTheGuestFromAnyThread() throws Exception {
    try (var sandbox = guest("loop").build()) {
      var outcome = started(sandbox);
      sandbox.close();
      assertThat(outcome.get().reason()).isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  void anInterruptOfTheCallerEndsTheGuest() throws Exception {
    try (var sandbox = guest("loop").build()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(sandbox::run).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aSandboxRunsOnce() throws Exception {
    try (var sandbox = guest("exit").build()) {
      sandbox.run();
      assertThatThrownBy(sandbox::run).isInstanceOf(IllegalStateException.class);
    }
  }

  /** The guest waits for its input, which comes after somebody has asked for another run. */
  @Test
  void aRunThatIsRefusedLeavesTheOneUnderWayAlone() throws Exception {
    try (var writer = new PipedOutputStream();
        var input = new PipedInputStream(writer);
        var sandbox = guest("read").stdin(input).build()) {
      var results = new ArrayBlockingQueue<Object>(3);
      for (int i = 0; i < 3; i++) {
        new Thread(
                () -> {
                  try {
                    results.add(sandbox.run());
                  } catch (IllegalStateException | InterruptedException e) {
                    results.add(e);
                  }
                })
            .start();
      }
      assertThat(results.take()).isInstanceOf(IllegalStateException.class);
      assertThat(results.take()).isInstanceOf(IllegalStateException.class);
      writer.write('x');
      writer.flush();
      assertThat(results.take())
          .isInstanceOfSatisfying(
              Outcome.class,
              outcome -> {
                assertThat(outcome.reason()).isEqualTo(Reason.EXITED);
                assertThat(outcome.status()).as("bytes that it has read").isEqualTo(1);
              });
    }
  }

  @Test
  void whatHasBeenClosedIsNotStarted() throws Exception {
    var sandbox = guest("write").build();
    sandbox.close();
    var outcome = sandbox.run();
    assertThat(outcome.reason()).isEqualTo(Reason.CLOSED);
    assertThat(outcome.status()).isEqualTo(130);
    assertThat(outcome.changes()).isEmpty();
    sandbox.close();
    assertThatThrownBy(sandbox::run).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingAfterTheEndChangesNothingOfTheOutcome() throws Exception {
    var sandbox = guest("write").build();
    var outcome = sandbox.run();
    sandbox.close();
    sandbox.close();
    assertThat(outcome.reason()).isEqualTo(Reason.EXITED);
    assertThat(outcome.filesystem().read("/tmp/new")).asString(UTF_8).isEqualTo("hello");
    assertThat(outcome.changes()).isNotEmpty();
  }

  @Test
  void endlessRecursionWithHostCallsIsATrapAndLeavesTheTreeWhole() throws Exception {
    var outcome = run(guest("recursion").limits(Limits.DEFAULT.withStackBytes(2 << 20)));
    assertThat(outcome.reason()).isEqualTo(Reason.TRAPPED);
    assertThat(outcome.status()).isEqualTo(134);
    assertThat(outcome.changes()).hasSizeGreaterThan(10);
  }

  @Test
  void aTrapAfterARefusedGrowthIsTheMemoryLimit() throws Exception {
    var limits = Limits.DEFAULT.withMemoryBytes(8 << 20);
    var outcome = run(guest("grow").limits(limits));
    assertThat(outcome.reason()).isEqualTo(Reason.MEMORY_LIMIT);
    assertThat(outcome.status()).isEqualTo(137);
    assertThat(run(guest("grow_and_go_on").limits(limits)).reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void aMinimumAboveTheLimitIsTheMemoryLimit() throws Exception {
    var outcome = run(guest("large").limits(Limits.DEFAULT.withMemoryBytes(1 << 20)));
    assertThat(outcome.reason()).isEqualTo(Reason.MEMORY_LIMIT);
    assertThat(run(guest("large")).reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void aRaisedSignalEndsTheGuestAsOnLinux() throws Exception {
    var outcome = run(guest("raise"));
    assertThat(outcome.reason()).isEqualTo(Reason.SIGNALED);
    assertThat(outcome.status()).isEqualTo(128 + 15);
  }

  @Test
  void anUnknownImportAnswersEnosysOrTrapsWithItsName() throws Exception {
    assertThat(run(guest("foreign")).status()).isEqualTo(52);
    var outcome = run(guest("foreign_silent"));
    assertThat(outcome.reason()).isEqualTo(Reason.TRAPPED);
    assertThat(outcome.message()).contains("other").contains("riddle");
  }

  @Test
  void aKnownImportOfAnotherTypeIsNotLinked() throws Exception {
    var builder = guest("mismatch");
    assertThatThrownBy(builder::build)
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("fd_close");
  }

  @Test
  void aReactorIsNoCommand() throws Exception {
    assertThat(run(guest("reactor")).message()).contains("_start");
  }

  @Test
  void standardInputReachesTheGuest() throws Exception {
    var input = new ByteArrayInputStream("x".getBytes(UTF_8));
    assertThat(run(guest("read").stdin(input)).status()).isEqualTo(1);
    assertThat(run(guest("read")).status()).isZero();
  }

  @Test
  void changesAreWhatTheGuestDid() throws Exception {
    var outcome = run(guest("write"));
    assertThat(outcome.status()).isZero();
    assertThat(outcome.changes())
        .extracting(Change::kind, Change::pathText)
        .contains(
            org.assertj.core.groups.Tuple.tuple(Kind.REMOVED, "/etc/group"),
            org.assertj.core.groups.Tuple.tuple(Kind.CHANGED, "/etc/hosts"),
            org.assertj.core.groups.Tuple.tuple(Kind.ADDED, "/tmp/new"))
        .doesNotContain(org.assertj.core.groups.Tuple.tuple(Kind.CHANGED, "/etc/passwd"));
    assertThat(outcome.filesystem().read("/tmp/new")).asString(UTF_8).isEqualTo("hello");
    assertThat(outcome.filesystem().read("/etc/hosts")).isEmpty();
  }

  @Test
  void theSnapshotThatAGuestStartsFromStaysAsItIs() throws Exception {
    var image = Vfs.builder().build();
    image.write("/etc/hosts", "10.0.0.1 mine\n".getBytes(UTF_8));
    var snapshot = image.snapshot();
    run(guest("write").filesystem(snapshot));
    assertThat(Vfs.fork(snapshot).read("/etc/hosts")).asString(UTF_8).isEqualTo("10.0.0.1 mine\n");
    assertThatThrownBy(() -> Vfs.fork(snapshot).read("/tmp/new"))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void anOrdinaryUserMayNotChangeWhatIsRoots() throws Exception {
    var outcome = run(guest("write").user(new Credentials(1000, 1000)));
    assertThat(outcome.status()).as("EACCES of preview1").isEqualTo(2);
    assertThat(outcome.changes()).extracting(Change::pathText).contains("/tmp/new");
    assertThat(outcome.filesystem().read("/etc/hosts")).isNotEmpty();
  }

  @Test
  void aHostDirectoryIsWrittenThroughToAndNoChangeOfTheTree(@TempDir Path directory)
      throws Exception {
    var outcome = run(guest("write").mount(directory, "/tmp", false));
    assertThat(outcome.status()).isZero();
    assertThat(directory.resolve("new")).hasContent("hello");
    assertThat(outcome.changes()).extracting(Change::pathText).doesNotContain("/tmp/new");
  }

  @Test
  void aHostFileIsWrittenThroughToAndNoChangeOfTheTree(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    var outcome = run(guest("write").mount(file, "/tmp/new", false));
    assertThat(outcome.status()).isZero();
    assertThat(file).hasContent("hello");
    assertThat(outcome.changes()).extracting(Change::pathText).doesNotContain("/tmp/new");
  }

  @Test
  void whatIsMountedWithinAnotherIsSeenInWhicheverOrder(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    Files.createDirectory(directory.resolve("tmp"));
    var inner = guest("write").mount(file, "/tmp/new", false);
    run(inner.mount(directory.resolve("tmp"), "/tmp", false));
    assertThat(file).hasContent("hello");
    assertThat(directory.resolve("tmp/new")).as("where it is mounted").isEmptyFile();
  }

  @Test
  void whatCannotBeMountedIsNamed(@TempDir Path directory) throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    var builder = guest("write").mount(directory, "/m", true).mount(file, "/m/absent", false);
    assertThatIOException()
        .isThrownBy(builder::build)
        .withMessage("/m/absent cannot be mounted: Read-only file system");
  }

  @Test
  void aReadOnlyHostDirectoryStaysAsItIs(@TempDir Path directory) throws Exception {
    var outcome = run(guest("write").mount(directory, "/tmp", true));
    assertThat(outcome.status()).as("EROFS of preview1").isEqualTo(69);
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingGivesBackWhatIsMountedOfTheHost(boolean runs, @TempDir Path directory)
      throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    var sandbox = guest("write").mount(directory, "/tmp", false).mount(file, "/f", true).build();
    if (runs) {
      sandbox.run();
      assertThat(sandbox.filesystem().read("/tmp/new")).asString(UTF_8).isEqualTo("hello");
    }
    assertThat(descriptorsBelow(directory)).isPositive();

    sandbox.close();

    assertThat(descriptorsBelow(directory)).isZero();
    for (var path : List.of("/tmp/new", "/f")) {
      assertThatThrownBy(() -> sandbox.filesystem().read(path))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
    }
    assertThat(sandbox.filesystem().check()).isEmpty();
    assertThat(sandbox.filesystem().read("/etc/passwd")).isNotEmpty();
  }

  @Test
  void closingGivesItBackAsSoonAsTheGuestHasEnded(@TempDir Path directory) throws Exception {
    var sandbox = guest("loop").mount(directory, "/tmp", false).build();
    var outcome = started(sandbox);
    sandbox.close();
    assertThat(outcome.get().reason()).isEqualTo(Reason.CLOSED);
    assertThat(descriptorsBelow(directory)).isZero();
  }

  @Test
  void whatCannotBeBuiltHoldsNothingOfTheHost(@TempDir Path directory) throws Exception {
    var here = guest("exit").mount(directory, "/m", false);
    assertThatThrownBy(here.workingDirectory("/nowhere")::build).isInstanceOf(ErrnoException.class);
    var two =
        guest("exit").mount(directory, "/m", false).mount(directory.resolve("no"), "/n", true);
    assertThatIOException().isThrownBy(two::build);
    var mismatch = guest("mismatch").mount(directory, "/m", false);
    assertThatThrownBy(mismatch::build).isInstanceOf(LinkException.class);
    assertThat(descriptorsBelow(directory)).isZero();
  }

  private static long descriptorsBelow(Path directory) throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(fd -> pointsBelow(fd, directory)).count();
    }
  }

  private static boolean pointsBelow(Path fd, Path directory) {
    try {
      return Files.readSymbolicLink(fd).startsWith(directory);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Test
  void everyCallIsTraced() throws Exception {
    var lines = new ArrayList<String>();
    run(guest("write").trace(new dev.vivarium.wasi.trace.StraceText(lines::add)));
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("path_open").contains("tmp/new");
    assertThat(lines.get(3)).contains("path_unlink_file").contains("etc/group");
  }

  @Test
  void noVariableAndNoArgumentMakesAnother() throws Exception {
    var builder = guest("exit");
    for (var name : List.of("", "A=B", "A\0B")) {
      assertThatIllegalArgumentException().isThrownBy(() -> builder.environment(name, "x"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.environment("TITLE", "x\0PYTHONPATH=/tmp"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.arguments("guest", "a\0b"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.workingDirectory("/\0"));
    assertThatNullPointerException().isThrownBy(() -> builder.environment(null, "x"));
    assertThatNullPointerException().isThrownBy(() -> builder.environment("A", null));
    assertThatNullPointerException().isThrownBy(() -> builder.arguments("guest", null));
  }

  @Test
  void aWorkingDirectoryMustExist() throws Exception {
    var builder = guest("exit").workingDirectory("/nowhere");
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }
}
