package dev.vivarium.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a reader does, with the JDK that runs the tests. */
final class Shell {
  /** What came of a command. */
  record Result(int status, String output, String errors) {}

  private Shell() {}

  /** Runs a command to its end. It finds nothing on standard input. */
  static Result run(Path directory, Map<String, String> environment, String command)
      throws IOException, InterruptedException {
    var output = Files.createTempFile("output", null);
    var errors = Files.createTempFile("errors", null);
    try {
      var process =
          prepared(directory, environment, command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).as(command).isTrue();
      return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /**
   * A command that has yet to be started.
   *
   * @param environment what differs from the environment of the tests; a PATH goes before theirs
   */
  static ProcessBuilder prepared(Path directory, Map<String, String> environment, String command) {
    var builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(directory.toFile())
            .redirectInput(new File("/dev/null"));
    var java = Path.of(System.getProperty("java.home"));
    var path = java.resolve("bin") + ":" + System.getenv("PATH");
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", java.toString());
    builder
        .environment()
        .compute(
            "PATH", (name, first) -> environment.containsKey(name) ? first + ":" + path : path);
    return builder;
  }
}
