package dev.vivarium.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.host.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What guests call, and what reads others' files, under Jazzer: with {@value #INPUTS} inputs each,
 * or for as many seconds as {@code -Dvivarium.fuzz.seconds} says. A target is a test class of its
 * module. It begins with what is in that module's {@code src/test/fuzz} and what earlier runs have
 * found; how often it was called is printed, and an input that fails is left in {@code
 * target/fuzz}.
 */
class FuzzTest {
  private static final int SECONDS =
      Integer.parseInt(System.getProperty("vivarium.fuzz.seconds", "0"));
  private static final int INPUTS = 2_000;
  private static final Path WORK = Path.of("target/fuzz").toAbsolutePath();
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");

  /** To look at no more than what a target is about makes it find more. */
  private static final String WHOLE = "dev.vivarium.**";

  private static final String IMAGES = "dev.vivarium.image.**:dev.vivarium.vfs.image.**";

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "wasix-shim, calls, dev.vivarium.wasi.table.CallFuzzer, " + WHOLE,
    "wasix-shim, paths, dev.vivarium.wasi.table.PathFuzzer, " + WHOLE,
    "image-packer, dockerfile, dev.vivarium.image.build.DockerfileFuzzer, " + IMAGES,
    "image-packer, image, dev.vivarium.image.ImageFuzzer, " + IMAGES,
    "image-packer, manifest, dev.vivarium.image.oci.ManifestFuzzer, " + IMAGES,
    "image-packer, tar, dev.vivarium.image.oci.TarFuzzer, " + IMAGES
  })
  void noInputDoesWhatNobodyExpects(String module, String seeds, String target, String instrumented)
      throws Exception {
    var tests = Path.of("..", module).toAbsolutePath().normalize();
    var corpus = Files.createDirectories(WORK.resolve(seeds));
    var log = WORK.resolve(seeds + ".log");
    var command =
        Checkout.java(
            tests.resolve("target/test-classes") + File.pathSeparator + Checkout.classPath(),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target,
            "--instrumentation_includes=" + instrumented,
            // What the JDK and libraries are asked to do is not looked at: it only takes time.
            "--custom_hook_includes=" + WHOLE,
            "--reproducer_path=" + WORK,
            "-artifact_prefix=" + WORK + File.separator,
            SECONDS > 0 ? "-max_total_time=" + SECONDS : "-runs=" + INPUTS,
            "-print_final_stats=1",
            "-timeout=120",
            "-rss_limit_mb=0",
            corpus.toString(),
            tests.resolve("src/test/fuzz").resolve(seeds).toString());
    command.add(1, "-Xmx512m");
    if (SECONDS == 0) {
      // A short run is over before the code of the JVM's second compiler has paid for itself.
      command.add(1, "-XX:TieredStopAtLevel=1");
    }
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(SECONDS + 300L, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> tail(log)).isZero();
    var executions = EXECUTIONS.matcher(Files.readString(log, UTF_8));
    assertThat(executions.find()).as(() -> tail(log)).isTrue();
    if (SECONDS == 0) {
      assertThat(Integer.parseInt(executions.group(1))).isGreaterThanOrEqualTo(INPUTS);
    }
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
}
