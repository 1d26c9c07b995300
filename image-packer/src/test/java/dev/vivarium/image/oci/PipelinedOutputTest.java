package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipelinedOutputTest {
  private static byte[] noise(int length) {
    var noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  /** Keeps what it is written, and how. */
  private static final class Kept extends ByteArrayOutputStream {
    final ArrayList<Integer> lengths = new ArrayList<>();
    boolean closed;

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      lengths.add(length);
      super.write(bytes, offset, length);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void allThatIsWrittenArrivesInPiecesOfOneSizeBeforeItIsClosed() throws Exception {
    byte[] content = noise(5_000_000);
    var kept = new Kept();
    var random = new Random(1);
    try (var out = new PipelinedOutput(kept, "test", 16)) {
      for (int at = 0; at < content.length; ) {
        int length = Math.min(content.length - at, random.nextInt(200_000));
        out.write(content, at, length);
        at += length;
      }
      out.write(7);
    }

    assertThat(kept.closed).isTrue();
    assertThat(kept.toByteArray()).startsWith(content).endsWith(7).hasSize(content.length + 1);
    var pieces = kept.lengths.subList(0, kept.lengths.size() - 1);
    assertThat(new TreeSet<>(pieces)).hasSize(1);
  }

  @Test
  void aFailureOfTheOtherSideIsTold() {
    var failing =
        new OutputStream() {
          private int left = 300_000;

          @Override
          public void write(int b) throws IOException {
            if (--left < 0) {
              throw new IOException("disk full");
            }
          }
        };

    assertThatIOException()
        .isThrownBy(
            () -> {
              try (var out = new PipelinedOutput(failing, "test", 16)) {
                out.write(noise(50_000_000));
              }
            })
        .withMessage("disk full");
    assertThatIOException()
        .isThrownBy(
            () -> {
              var out = new PipelinedOutput(failing, "test", 16);
              out.write(1);
              out.close();
            })
        .withMessage("disk full");
  }

  @Test
  void whoIsInterruptedIsNotHeld() throws Exception {
    var stuck =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            try {
              Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    Thread.currentThread().interrupt();

    assertThatIOException()
        .isThrownBy(
            () -> {
              try (var out = new PipelinedOutput(stuck, "test", 16)) {
                out.write(noise(5_000_000));
              }
            })
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
