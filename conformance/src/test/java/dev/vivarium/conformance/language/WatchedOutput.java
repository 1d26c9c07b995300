package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** A stream that keeps what is written, and does something when a text has been written. */
final class WatchedOutput extends ByteArrayOutputStream {
  private final String text;
  private final Runnable action;
  private boolean seen;

  WatchedOutput(String text, Runnable action) {
    this.text = text;
    this.action = action;
  }

  @Override
  public synchronized void write(int b) {
    super.write(b);
    look();
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    super.write(bytes, offset, length);
    look();
  }

  private void look() {
    if (!seen && toString(UTF_8).contains(text)) {
      seen = true;
      action.run();
    }
  }
}
