package dev.vivarium.image.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A target of Jazzer: whatever the bytes are, a Dockerfile is read or refused. */
public final class DockerfileFuzzer {

  private DockerfileFuzzer() {}

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      var file = Dockerfile.parse("Dockerfile", input, warning -> {});
      var plan =
          Plan.of(
              file, Map.of(), Map.of("A", "a b/c.d"), Optional.empty(), (line, image) -> List.of());
      for (var stage : plan.stages()) {
        for (var instruction : stage.stage().instructions()) {
          var line = instruction.line();
          Expander.split(line, line.text(), name -> "a b/c.d");
          IgnoreFile.excluding(line, WordSplitter.split(line.text(), line.escape()))
              .excludes("a/b.c");
        }
      }
    } catch (DockerfileException e) {
      // Refused.
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read", e);
    }
  }
}
