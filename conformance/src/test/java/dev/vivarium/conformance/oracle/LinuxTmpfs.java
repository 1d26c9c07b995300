package dev.vivarium.conformance.oracle;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Linux's side: a helper process, compiled from {@code src/test/c}, that runs scripts on a tmpfs of
 * its own and answers.
 */
final class LinuxTmpfs implements Oracle.Side, AutoCloseable {
  private static final Path SOURCE = Path.of("src/test/c/tmpfs_oracle.c").toAbsolutePath();
  private static final Path DIRECTORY = Path.of("target/oracle").toAbsolutePath();
  private static final List<String> FLAGS = List.of("-std=gnu11", "-O1", "-Wall", "-Wextra");

  private final Process helper;
  private final BufferedWriter scripts;
  private final BufferedReader answers;
  private final String settings;

  private LinuxTmpfs(Process helper) throws IOException {
    this.helper = helper;
    this.scripts = helper.outputWriter(StandardCharsets.ISO_8859_1);
    this.answers = helper.inputReader(StandardCharsets.ISO_8859_1);
    this.settings = answer();
  }

  /** Starts the helper, or skips the test that asks for it and says what is missing. */
  static LinuxTmpfs start() throws IOException, InterruptedException {
    String system = System.getProperty("os.name");
    Assumptions.assumeTrue(system.equals("Linux"), "not compared with tmpfs: Linux is missing");
    Path mountPoint = Files.createDirectories(DIRECTORY.resolve("mnt"));
    String program = compile().toString();
    var helper =
        new ProcessBuilder(program, mountPoint.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var linux = new LinuxTmpfs(helper);
    Assumptions.assumeTrue(
        linux.settings.startsWith("ready"), "not compared with tmpfs: " + linux.settings);
    return linux;
  }

  private static Path compile() throws IOException, InterruptedException {
    Path program = DIRECTORY.resolve("tmpfs_oracle");
    var command = new ArrayList<String>();
    command.add("cc");
    command.addAll(FLAGS);
    command.addAll(List.of("-o", program.toString(), SOURCE.toString()));
    Process compiler;
    try {
      compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Assumptions.abort("not compared with tmpfs: a C compiler (cc) is missing");
    }
    compiler.getOutputStream().close();
    var output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (compiler.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + "\n" + output);
    }
    return program;
  }

  /** The settings of {@code fs.protected_*} as {@code name=value}. */
  String settings() {
    return settings;
  }

  @Override
  public Answers run(Script script) throws IOException {
    for (String line : script.scenario().lines()) {
      send(line);
    }
    for (var operation : script.operations()) {
      send(operation.toString());
    }
    send("run");
    scripts.flush();
    var result = new Answers(script.operations(), Long.parseLong(answer()));
    for (var operation : script.operations()) {
      result.addResult(operation, answer());
    }
    for (String line = answer(); !line.equals("."); line = answer()) {
      result.addToTree(line);
    }
    return result;
  }

  private void send(String line) throws IOException {
    scripts.write(line);
    scripts.write('\n');
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new EOFException("the helper has ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    scripts.close();
    try {
      helper.waitFor();
    } catch (InterruptedException e) {
      helper.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
