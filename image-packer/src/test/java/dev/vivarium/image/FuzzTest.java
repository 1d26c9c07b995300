package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What reads others' files, under Jazzer: for some seconds, or as many as {@code
 * -Dvivarium.fuzz.seconds} says. It begins with what is in {@code src/test/fuzz} and what earlier
 * runs have found; an input that fails is left in {@code target/fuzz}.
 */
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("vivarium.fuzz.seconds", 3);
  private static final Path WORK = Path.of("target/fuzz").toAbsolutePath();

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "dockerfile, dev.vivarium.image.build.DockerfileFuzzer",
    "image, dev.vivarium.image.ImageFuzzer",
    "manifest, dev.vivarium.image.oci.ManifestFuzzer",
    "tar, dev.vivarium.image.oci.TarFuzzer"
  })
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
                    "--target_class=" + target,
                    "--instrumentation_includes=dev.vivarium.image.**:dev.vivarium.vfs.image.**",
                    "--custom_hook_includes=dev.vivarium.**",
                    "--reproducer_path=" + WORK,
                    "-artifact_prefix=" + WORK + File.separator,
                    "-max_total_time=" + SECONDS,
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
    System.out.println(seeds + ": " + executions(log));
  }

  /** How often the target was called: the last line of the kind that says so. */
  private static String executions(Path log) throws IOException {
    return Files.readString(log, UTF_8)
        .lines()
        .filter(line -> line.startsWith("Done "))
        .reduce((first, last) -> last)
        .orElse("unknown");
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
