package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, which ends as one that is cut when nothing more comes of it for some time:
 * the client waits for its beginning only so long, but for the rest for ever.
 */
final class AnswerInput extends InputStream {
  private final InputStream in;
  private final Duration patience;
  private final Cut cut;

  /** What to say of a body that ends in the middle. */
  @FunctionalInterface
  interface Cut {
    RegistryException because(String why);
  }

  AnswerInput(InputStream in, Duration patience, Cut cut) {
    this.in = in;
    this.patience = patience;
    this.cut = cut;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    var watch = new CompletableFuture<Void>().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS);
    // The client ends a read whose stream another thread closes.
    watch.whenComplete((inTime, late) -> closeIf(late != null));
    int count = -1;
    IOException failure = null;
    try {
      count = in.read(buffer, offset, length);
    } catch (IOException e) {
      failure = e;
    }
    if (!watch.complete(null)) {
      throw cut.because("nothing comes for " + patience.toSeconds() + " seconds");
    }
    if (failure != null) {
      throw cut.because(failure.getMessage());
    }
    return count;
  }

  private void closeIf(boolean late) {
    try {
      if (late) {
        in.close();
      }
    } catch (IOException e) {
      // It is of no more use either way.
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
