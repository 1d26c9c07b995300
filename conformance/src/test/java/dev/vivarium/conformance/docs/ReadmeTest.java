package dev.vivarium.conformance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in README compiles as it stands, and prints what a reader expects of it. */
class ReadmeTest {
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?public class (\\w+) .*?)```", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void theProgramThatEmbedsPythonCompilesAndRuns() throws Exception {
    var readme = Files.readString(Path.of("..", "README.md"));
    var program = PROGRAM.matcher(readme);
    assertThat(program.find()).as("a program in README").isTrue();
    var source = directory.resolve(program.group(2) + ".java");
    Files.writeString(source, program.group(1));
    var messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-cp",
                classPath(),
                "-d",
                directory.toString(),
                source.toString());
    assertThat(status).as(messages.toString(UTF_8)).isZero();

    assertThat(run(program.group(2))).startsWith("42\n").contains("ADDED").contains("/tmp/seen");
  }

  private String run(String main) throws Exception {
    var original = System.out;
    var printed = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, UTF_8));
      loader.loadClass(main).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(original);
    }
    return printed.toString(UTF_8);
  }

  /** Surefire puts the class path into the manifest of a jar. */
  private static String classPath() {
    var whole = System.getProperty("surefire.test.class.path");
    return whole != null
        ? whole
        : ManagementFactory.getRuntimeMXBean().getClassPath().replace(';', File.pathSeparatorChar);
  }
}
