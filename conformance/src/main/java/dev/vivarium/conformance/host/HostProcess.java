package dev.vivarium.conformance.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that a guest runs in: lines in, lines out, and a reason when it fails. */
public final class HostProcess implements AutoCloseable {
  /** Far beyond the slowest row of any benchmark. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final Duration patience;
  private final Path errors;

  /** Lines of its output; nothing after its end. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private HostProcess(Process process, Duration patience, Path errors) {
    this.process = process;
    this.patience = patience;
    this.errors = errors;
  }

  /** Options that a program would take from its environment, without the command showing them. */
  private static final List<String> HIDDEN_OPTIONS =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "VIVARIUM_JAVA_OPTS", "NODE_OPTIONS");

  /** Starts a process with this JVM's Java for the programs that look for one. */
  public static HostProcess start(List<String> command) throws IOException {
    return start(command, PATIENCE);
  }

  /**
   * As {@link #start(List)}.
   *
   * @param patience the longest that it may be silent
   */
  public static HostProcess start(List<String> command, Duration patience) throws IOException {
    var errors = Files.createTempFile("vivarium-host", ".err");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(HIDDEN_OPTIONS);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var started = new HostProcess(builder.start(), patience, errors);
    var reader = new Thread(started::readLines, "output of a host");
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  private void readLines() {
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      // The end of the process is all that there is to know.
    } finally {
      lines.add(Optional.empty());
    }
  }

  /** Hands it a line on its standard input. */
  public void send(String line) throws HostCrash {
    try {
      process.getOutputStream().write((line + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw crash();
    }
  }

  /**
   * The next line of its output.
   *
   * @throws HostCrash if it ends without one
   */
  public String line() throws HostCrash, InterruptedException {
    var line = lines.poll(patience.toSeconds(), TimeUnit.SECONDS);
    if (line == null) {
      throw silent();
    }
    return line.orElseThrow(this::crash);
  }

  /**
   * Waits for its end.
   *
   * @return what it has printed since
   * @throws HostCrash if it fails
   */
  public List<String> finish() throws HostCrash, InterruptedException {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw silent();
    }
    if (process.exitValue() != 0) {
      throw crash();
    }
    var rest = new ArrayList<String>();
    for (var line = lines.take(); line.isPresent(); line = lines.take()) {
      rest.add(line.get());
    }
    return rest;
  }

  private HostCrash silent() {
    return new HostCrash("no answer within " + patience.toSeconds() + " s");
  }

  /** Its status, and the last that it has said. */
  private HostCrash crash() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        return new HostCrash("it has closed its output");
      }
      var said = Files.readAllLines(errors).stream().filter(line -> !line.isBlank()).toList();
      int status = process.exitValue();
      return new HostCrash(
          (status > 128 ? "signal " + (status - 128) : "status " + status)
              + (said.isEmpty() ? "" : ", " + said.get(said.size() - 1).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new HostCrash("interrupted");
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
