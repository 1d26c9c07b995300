package dev.vivarium.cli;

import dev.vivarium.engine.Progress;
import java.io.PrintStream;

/**
 * What the person at the other end of standard error is told: lines, and how far long work is.
 *
 * <p>On a terminal, work is a bar that is redrawn and goes away; elsewhere it is a line when it
 * begins and another now and then. Work that ends before it was ever seen under way says nothing.
 */
final class Console implements Progress {
  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 15_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private String current = "";
  private boolean drawn;
  private long lastNanos;

  /**
   * @param terminal whether a person sees the stream as it is written
   */
  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Says one line. Whatever the text holds, it stays one line and cannot steer a terminal. */
  synchronized void say(String line) {
    clear();
    out.println("vivarium: " + printable(line));
    out.flush();
  }

  void warn(String line) {
    say("warning: " + line);
  }

  @Override
  public synchronized void report(String what, long done, long total) {
    if (done >= total) {
      if (what.equals(current)) {
        clear();
        current = "";
      }
      return;
    }
    long now = System.nanoTime();
    boolean begins = !what.equals(current);
    if (!begins && now - lastNanos < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    current = what;
    lastNanos = now;
    if (terminal) {
      draw(what, done, total);
    } else {
      out.println("vivarium: " + printable(what) + (begins ? "" : ": " + percent(done, total)));
      out.flush();
    }
  }

  private void draw(String what, long done, long total) {
    clear();
    out.print("vivarium: " + printable(what));
    // Work of one unit is under way or done, and a bar would only show nothing.
    if (total > 1) {
      int filled = (int) (BAR * done / total);
      out.print(" [" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + percent(done, total));
    }
    out.flush();
    drawn = true;
  }

  private void clear() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
      drawn = false;
    }
  }

  private static String percent(long done, long total) {
    return 100 * done / total + " %";
  }

  private static String printable(String text) {
    var line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return line.toString();
  }
}
