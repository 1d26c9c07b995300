package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import dev.vivarium.wasi.trace.StraceText;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;

/**
 * Where {@code --trace} writes to. Each line is written when its call ends, so that none is lost.
 */
final class Trace implements AutoCloseable {
  private final String name;
  private final OutputStream out;
  private final boolean owned;
  private volatile IOException failure;

  private Trace(String name, OutputStream out, boolean owned) {
    this.name = name;
    this.out = out;
    this.owned = owned;
  }

  /**
   * Opens what the option names.
   *
   * @param option null for no trace, the empty text for standard error, or a file's name
   */
  static Trace open(Host host, String option) {
    if (option == null) {
      return new Trace("", null, false);
    }
    if (option.isEmpty()) {
      return new Trace("--trace", host.err(), false);
    }
    var name = "--trace=" + option;
    try {
      return new Trace(name, Files.newOutputStream(host.path(option)), true);
    } catch (IOException e) {
      throw Failure.host(name + ": " + HostReason.of(e));
    }
  }

  SyscallTrace syscalls() {
    return out == null ? SyscallTrace.NONE : new StraceText(this::write);
  }

  private void write(String line) {
    if (failure != null) {
      return;
    }
    try {
      out.write((line + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Ends the trace.
   *
   * @throws Failure if it is not whole
   */
  @Override
  public void close() {
    try {
      if (owned) {
        out.close();
      }
    } catch (IOException e) {
      failure = e;
    }
    if (failure != null) {
      throw Failure.host(name + ": " + HostReason.of(failure));
    }
  }
}
