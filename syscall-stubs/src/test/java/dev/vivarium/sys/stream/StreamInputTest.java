package dev.vivarium.sys.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.sys.Poll;
import dev.vivarium.sys.time.SystemClock;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class StreamInputTest {
  private final byte[] buffer = new byte[100];

  @Test
  void readsWhatTheStreamHasAndThenItsEnd() throws Exception {
    var input = new StreamInput(new ByteArrayInputStream("hello".getBytes(UTF_8)), false);
    assertThat(input.read(buffer, 10, 90, false)).isEqualTo(5);
    assertThat(new String(buffer, 10, 5, UTF_8)).isEqualTo("hello");
    assertThat(input.read(buffer, 0, 100, false)).isZero();
    assertThat(input.read(buffer, 0, 100, false)).isZero();
  }

  @Test
  void aShortReadLeavesTheRestForTheNext() throws Exception {
    var input = new StreamInput(new ByteArrayInputStream("hello".getBytes(UTF_8)), false);
    assertThat(input.read(buffer, 0, 2, false)).isEqualTo(2);
    assertThat(input.available()).isEqualTo(3);
    assertThat(input.read(buffer, 2, 98, false)).isEqualTo(3);
    assertThat(new String(buffer, 0, 5, UTF_8)).isEqualTo("hello");
  }

  @Test
  void aStreamOfManyBuffersArrivesWhole() throws Exception {
    var content = new byte[1_000_000];
    new java.util.Random(1).nextBytes(content);
    var input = new StreamInput(new ByteArrayInputStream(content), false);
    var received = new java.io.ByteArrayOutputStream();
    int count;
    var chunk = new byte[7919];
    while ((count = input.read(chunk, 0, chunk.length, false)) > 0) {
      received.write(chunk, 0, count);
    }
    assertThat(received.toByteArray()).isEqualTo(content);
  }

  @Test
  void nonBlockingReadOfAnIdleStreamIsEagain() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      var input = new StreamInput(source, false);
      assertThatThrownBy(() -> input.read(buffer, 0, 10, true))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
    }
  }

  @Test
  void aReadOfNothingDoesNotWait() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      assertThat(new StreamInput(source, false).read(buffer, 0, 0, false)).isZero();
    }
  }

  /** Does something in a thread, and waits until it waits. */
  private static <T> FutureTask<T> waiting(Callable<T> call) {
    var task = new FutureTask<>(call);
    var thread = new Thread(task);
    thread.start();
    untilItWaits(thread);
    return task;
  }

  private static void untilItWaits(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theEndOfAnIdleStreamEndsWhatWaitsForIt() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      var input = new StreamInput(source, false);
      var targets = List.of(new Poll.Target(input.readiness(), Readiness.READABLE));
      var read = waiting(() -> input.read(buffer, 0, 1, false));
      var poll = waiting(() -> Poll.await(new SystemClock(), targets, -1));
      writer.close();
      assertThat(read.get()).isZero();
      assertThat(poll.get()).containsExactly(Readiness.READABLE | Readiness.HANGUP);
    }
  }

  @Test
  void anInterruptEndsAReadOfAnIdleStream() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      var input = new StreamInput(source, false);
      var outcome = new CompletableFuture<Throwable>();
      var reader =
          new Thread(
              () -> {
                try {
                  input.read(new byte[1], 0, 1, false);
                  outcome.complete(null);
                } catch (ErrnoException | InterruptedException e) {
                  outcome.complete(e);
                }
              });
      reader.start();
      reader.interrupt();
      assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void pollWaitsUntilSomethingArrives() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      var input = new StreamInput(source, false);
      var targets = List.of(new Poll.Target(input.readiness(), Readiness.READABLE));
      var clock = new SystemClock();
      assertThat(Poll.await(clock, targets, 0)).containsExactly(0);
      var events = waiting(() -> Poll.await(clock, targets, -1));
      writer.write('x');
      writer.flush();
      assertThat(events.get()).containsExactly(Readiness.READABLE);
      assertThat(input.available()).isEqualTo(1);
    }
  }

  @Test
  void whoDoesNotWatchAnyMoreIsNotWoken() throws Exception {
    try (var writer = new PipedOutputStream();
        var source = new PipedInputStream(writer)) {
      var input = new StreamInput(source, false);
      var gone = new Waker();
      var here = new Waker();
      input.watch(gone);
      input.watch(here);
      input.unwatch(gone);
      assertThat(input.events()).isZero();
      writer.write('x');
      writer.flush();
      assertThat(here.await(-1)).isTrue();
      assertThat(gone.await(0)).isFalse();
    }
  }

  @Test
  void theEndIsToldOnceTheRestIsRead() throws Exception {
    var input = new StreamInput(new ByteArrayInputStream(new byte[] {1, 2}), false);
    var targets = List.of(new Poll.Target(input.readiness(), Readiness.READABLE));
    var clock = new SystemClock();
    assertThat(input.read(buffer, 0, 1, false)).isEqualTo(1);
    Thread.sleep(50);
    assertThat(Poll.await(clock, targets, -1)).containsExactly(Readiness.READABLE);
    assertThat(input.read(buffer, 0, 1, false)).isEqualTo(1);
    assertThat(Poll.await(clock, targets, -1))
        .containsExactly(Readiness.READABLE | Readiness.HANGUP);
  }

  @Test
  void aFailingStreamIsAnInputOutputError() {
    var input =
        new StreamInput(
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("gone");
              }
            },
            false);
    assertThatThrownBy(() -> input.read(buffer, 0, 10, false))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
  }

  @Test
  void onlyATerminalIsACharacterDevice() {
    var source = InputStream.nullInputStream();
    assertThat(new StreamInput(source, true).type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(new StreamInput(source, false).type()).isEqualTo(FileType.FIFO);
  }

  @Test
  void closingEndsTheThreadThoughNobodyReadWhatItHas() throws Exception {
    var reader = new CompletableFuture<Thread>();
    var endless =
        new InputStream() {
          @Override
          public int read() {
            reader.complete(Thread.currentThread());
            return 'x';
          }
        };
    var input = new StreamInput(endless, false);
    assertThat(input.read(buffer, 0, 1, false)).isEqualTo(1);
    assertThat(reader.get().isDaemon()).as("does not keep the JVM").isTrue();
    untilItWaits(reader.get());
    input.close();
    reader.get().join();
    assertThat(input.read(buffer, 0, 1, false)).isZero();
  }

  @Test
  void aStreamOfWhichNothingWasAskedBeforeTheEndIsNotRead() throws Exception {
    var threads = new ThreadGroup("of the guest");
    var idle =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              new CountDownLatch(1).await();
              return -1;
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    var input = new StreamInput(idle, false);
    input.close();
    var read = new FutureTask<>(() -> input.read(buffer, 0, 1, false) + input.events());
    var guest = new Thread(threads, read);
    guest.start();
    guest.join();
    assertThat(read.get()).isEqualTo(Readiness.READABLE | Readiness.HANGUP);
    assertThat(threads.activeCount()).isZero();
  }

  static Stream<Runnable> thrown() {
    return Stream.of(
        () -> {
          throw new IllegalStateException();
        },
        () -> {
          throw new OutOfMemoryError();
        });
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void aStreamThatThrowsWhatItMayNotIsAnInputError(Runnable thrower) {
    var broken =
        new InputStream() {
          @Override
          public int read() {
            thrower.run();
            return 0;
          }
        };
    assertThatThrownBy(() -> new StreamInput(broken, false).read(buffer, 0, 1, false))
        .isSameAs(Errno.EIO.exception());
  }
}
