package dev.vivarium.image.oci;

import dev.vivarium.image.HostReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, which ends as one that is cut when nothing more comes of it for some time,
 * and when its reader is interrupted. The client's own stream waits for ever, and forgets that it
 * was interrupted.
 */
final class AnswerInput extends InputStream implements BodySubscriber<InputStream> {
  /** Told by its identity, which no list of the client's has. */
  private static final List<ByteBuffer> END = new ArrayList<>();

  private final Duration patience;
  private final Cut cut;
  private final CompletableFuture<InputStream> body = CompletableFuture.completedFuture(this);
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  // At most one list of buffers is asked for ahead, and one end comes behind it.
  private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private volatile Throwable failure;
  private List<ByteBuffer> current = List.of();
  private int next;
  private boolean ended;

  /** What to say of a body that ends in the middle. */
  @FunctionalInterface
  interface Cut {
    RegistryException because(String why);
  }

  AnswerInput(Duration patience, Cut cut) {
    this.patience = patience;
    this.cut = cut;
  }

  // ---- of the client --------------------------------------------------------------------------

  @Override
  public CompletionStage<InputStream> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (!subscription.complete(given)) {
      given.cancel();
      return;
    }
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(buffers);
  }

  @Override
  public void onError(Throwable reason) {
    failure = reason;
    arrived.add(END);
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  // ---- of the reader --------------------------------------------------------------------------

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      for (; next < current.size(); next++) {
        var bytes = current.get(next);
        if (bytes.hasRemaining()) {
          int count = Math.min(length, bytes.remaining());
          bytes.get(buffer, offset, count);
          return count;
        }
      }
      await();
    }
    return -1;
  }

  private void await() throws IOException {
    List<ByteBuffer> more;
    try {
      more = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while talking to a registry");
    }
    if (more == null) {
      close();
      throw cut.because("nothing comes for " + patience.toSeconds() + " seconds");
    }
    if (more == END) {
      ended = true;
      if (failure != null) {
        throw cut.because(said(failure));
      }
      return;
    }
    current = more;
    next = 0;
    subscription.join().request(1);
  }

  private static String said(Throwable failure) {
    return failure instanceof IOException e ? HostReason.of(e) : failure.toString();
  }

  /** Whoever reads no further ends the connection, unless all of the answer is there. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      subscription.thenAccept(Flow.Subscription::cancel);
    }
  }
}
