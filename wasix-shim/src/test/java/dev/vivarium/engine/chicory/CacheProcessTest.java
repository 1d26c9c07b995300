package dev.vivarium.engine.chicory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes and one cache. */
@Timeout(120)
class CacheProcessTest {
  @TempDir Path directory;
  private final List<Process> processes = new ArrayList<>();

  /** Starts a {@link CacheClient}, which tells what happens to it line by line. */
  private Process client() throws IOException {
    var path = System.getProperty("java.class.path");
    var modules = System.getProperty("jdk.module.path");
    var classes = Path.of("target", "classes") + ":" + Path.of("target", "test-classes");
    var all = String.join(":", classes, path, modules == null ? "" : modules);
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(java, "-cp", all, CacheClient.class.getName(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private static void go(Process process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  private static BufferedReader lines(Process process) {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  @Test
  void theSecondWaitsAndUsesWhatTheFirstBuilt() throws Exception {
    var first = client();
    assertThat(lines(first).readLine()).isEqualTo("building");
    var second = client();
    assertThat(lines(second).readLine()).startsWith("waiting for the preparation of answer 0/1");
    go(first);
    assertThat(lines(first).lines()).endsWith("answer 42");
    assertThat(lines(second).lines())
        .containsExactly("waiting for the preparation of answer 1/1", "answer 42");
  }

  @Test
  void theSecondBuildsWhenTheFirstIsKilled() throws Exception {
    var first = client();
    assertThat(lines(first).readLine()).isEqualTo("building");
    var second = client();
    assertThat(lines(second).readLine()).startsWith("waiting for the preparation of answer 0/1");
    first.destroyForcibly().waitFor();
    assertThat(lines(second).readLine()).isEqualTo("waiting for the preparation of answer 1/1");
    assertThat(lines(second).readLine()).isEqualTo("building");
    go(second);
    assertThat(lines(second).lines()).endsWith("answer 42");
  }
}
