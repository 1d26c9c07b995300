package dev.vivarium.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.CapturedOutput;
import dev.vivarium.box.Box;
import dev.vivarium.image.build.Build;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/PACKAGING.md shows in Java. {@link SnippetsTest} compares the lines. */
@Timeout(300)
class PackagingGuideTest {
  @TempDir Path directory;

  @Test
  void aBoxIsBuiltAndRunByAProgram() throws Exception {
    var store = directory.resolve("boxes");
    var build = Build.of(Path.of("..", "examples", "python-sqrt")).time(Instant.EPOCH);
    var output = new CapturedOutput(64 << 10);
    try (var box = Box.build(build, store, "sqrt")) {
      var builder = box.sandbox().stdout(output).timeout(Duration.ofSeconds(60));
      try (var sandbox = builder.build()) {
        assertThat(sandbox.run().status()).isZero();
      }
    }
    assertThat(output.text()).startsWith("1 1.0\n").endsWith("10 3.1622776601683795\n");
  }
}
