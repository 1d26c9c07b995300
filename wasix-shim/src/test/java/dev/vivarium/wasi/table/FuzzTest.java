package dev.vivarium.wasi.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What guests call, under Jazzer: for some seconds, or as many as {@code -Dvivarium.fuzz.seconds}
 * says. It begins with what is in {@code src/test/fuzz} and what earlier runs have found, and
 * prints how often it has called; an input that fails is left in {@code target/fuzz}.
 */
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("vivarium.fuzz.seconds", 4);
  private static final Path WORK = Path.of("target/fuzz").toAbsolutePath();
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");

  @ParameterizedTest(name = "{0}")
  @CsvSource({"calls, CallFuzzer", "paths, PathFuzzer"})
  void noInputDoesWhatNobodyExpects(String seeds, String target) throws Exception {
    var corpus = Files.createDirectories(WORK.resolve(seeds));
    var log = WORK.resolve(seeds + ".log");
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    classPath(),
                    "com.code_intelligence.jazzer.Jazzer",
                    "--target_class=" + FuzzTest.class.getPackageName() + "." + target,
                    "--instrumentation_includes=dev.vivarium.**",
                    // What the JDK and libraries are asked to do is not looked at: it only takes
                    // time.
                    "--custom_hook_includes=dev.vivarium.**",
                    "--reproducer_path=" + WORK,
                    "-artifact_prefix=" + WORK + File.separator,
                    "-max_total_time=" + SECONDS,
                    "-print_final_stats=1",
                    "-timeout=120",
                    "-rss_limit_mb=0",
                    corpus.toString(),
                    Path.of("src/test/fuzz", seeds).toAbsolutePath().toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(SECONDS + 300L, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> tail(log)).isZero();
    var executions = EXECUTIONS.matcher(Files.readString(log, UTF_8));
    assertThat(executions.find()).as(() -> tail(log)).isTrue();
    System.out.println(seeds + ": " + executions.group(1) + " executions");
  }

  private static String tail(Path log) {
    try {
      var lines = Files.readString(log, UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** This module's classes are on the module path here, its tests among them. */
  private static String classPath() {
    return String.join(
        File.pathSeparator,
        "target/test-classes",
        System.getProperty("jdk.module.path", ""),
        System.getProperty("java.class.path"));
  }
}
