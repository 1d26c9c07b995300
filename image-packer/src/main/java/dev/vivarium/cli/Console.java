package dev.vivarium.cli;

import dev.vivarium.engine.Progress;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * What the person at the other end of standard error is told: lines, and how far long work is.
 *
 * <p>On a terminal, work is a bar that is redrawn and goes away; elsewhere it is a line when it
 * begins and another now and then. Work that can be measured is silent for its first second: what
 * is over by then is not worth a word.
 */
final class Console implements Progress {
  private static final int BAR = 24;
  private static final long FIRST_DRAW_NANOS = 1_000_000_000L;
  private static final long FIRST_LINE_NANOS = 5_000_000_000L;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 15_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String current = "";
  private boolean announced;
  private boolean drawn;
  private long sinceNanos;

  /**
   * A console on a stream.
   *
   * @param terminal whether a person sees the stream as it is written
   * @param nanoTime as {@link System#nanoTime}
   */
  Console(PrintStream out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
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
    long now = nanoTime.getAsLong();
    if (!what.equals(current)) {
      clear();
      current = what;
      announced = false;
      sinceNanos = now;
    }
    if (now - sinceNanos < interval()) {
      return;
    }
    sinceNanos = now;
    if (terminal) {
      draw(what, done, total);
    } else {
      out.println("vivarium: " + printable(what) + (announced ? percent(done, total) : ""));
      out.flush();
    }
    announced = true;
  }

  /** Says what came of work that was long enough to be heard of. */
  @Override
  public synchronized void ended(String what, long total, String result) {
    boolean heard = announced && what.equals(current);
    report(what, total, total);
    if (heard) {
      say(result);
    }
  }

  private long interval() {
    if (announced) {
      return terminal ? REDRAW_NANOS : LINE_NANOS;
    }
    return terminal ? FIRST_DRAW_NANOS : FIRST_LINE_NANOS;
  }

  private void draw(String what, long done, long total) {
    clear();
    out.print("vivarium: " + printable(what));
    if (total > 1) {
      int filled = (int) (BAR * done / total);
      out.print(" [" + "#".repeat(filled) + ".".repeat(BAR - filled) + "]" + percent(done, total));
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

  /** Nothing for work of one unit, which cannot be measured. */
  private static String percent(long done, long total) {
    return total == 1 ? "" : " " + 100 * done / total + " %";
  }

  /** The text without what could control a terminal. */
  static String printable(String text) {
    var line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return line.toString();
  }
}
