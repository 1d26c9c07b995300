package dev.vivarium.cli;

import dev.vivarium.image.build.BuildListener;
import java.io.OutputStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Tells how a build goes on: a line when a step begins, and one when it has ended. */
final class BuildConsole implements BuildListener {
  private static final int LONGEST = 100;

  private final Console console;
  private final OutputStream output;
  private final LongSupplier nanoTime;
  private String name = "";
  private long begunNanos;

  /**
   * A listener.
   *
   * @param output where the commands of the build write to
   * @param nanoTime as {@link System#nanoTime}
   */
  BuildConsole(Console console, OutputStream output, LongSupplier nanoTime) {
    this.console = console;
    this.output = output;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begun(String step, String instruction) {
    name = step;
    begunNanos = nanoTime.getAsLong();
    var line = instruction.replaceAll("\\s+", " ");
    console.say(
        "[" + step + "] " + (line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line));
  }

  @Override
  public void ended(boolean cached) {
    double seconds = (nanoTime.getAsLong() - begunNanos) / 1e9;
    console.say(
        "["
            + name
            + "] "
            + (cached ? "CACHED" : String.format(Locale.ROOT, "done %.1fs", seconds)));
  }

  @Override
  public void said(String line) {
    console.say("[" + name + "] " + line);
  }

  @Override
  public void warned(String line) {
    console.warn(line);
  }

  @Override
  public OutputStream output() {
    return output;
  }
}
