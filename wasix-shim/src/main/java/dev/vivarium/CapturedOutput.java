package dev.vivarium;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A stream for {@link Sandbox.Builder#stdout} that keeps what the guest writes, up to a number of
 * bytes. What comes beyond is dropped without an error: a guest that writes without end takes no
 * memory of the host's, and runs until its deadline.
 */
public final class CapturedOutput extends OutputStream {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final int most;
  private boolean cut;

  /**
   * A stream that has captured nothing yet.
   *
   * @param most how many bytes it keeps
   */
  public CapturedOutput(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("at least 0 bytes are kept, not " + most);
    }
    this.most = most;
  }

  @Override
  public synchronized void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int room = Math.min(length, most - kept.size());
    kept.write(bytes, offset, room);
    cut |= room < length;
  }

  /** What is kept. */
  public synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  /** What is kept, as text; malformed UTF-8 is replaced. */
  public synchronized String text() {
    return kept.toString(UTF_8);
  }

  /** Whether anything was dropped. */
  public synchronized boolean isCut() {
    return cut;
  }
}
