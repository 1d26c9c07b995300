package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.Sandbox;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an embedder says to the builder of an interpreter's sandbox when it has been made. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpreterSandboxTest {
  private static final String WHERE = "import os; print(os.getcwd(), os.environ['PWD'])";

  private static Interpreter python;
  private static Interpreter ruby;

  @BeforeAll
  static void load() throws Exception {
    python = Interpreter.load("python");
    ruby = Interpreter.load("ruby");
  }

  /** What it writes, and its status if that is not 0. */
  private static String run(Sandbox.Builder builder) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var sandbox = builder.stdout(out).stderr(out).build()) {
      var outcome = sandbox.run();
      assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.EXITED);
      return out.toString(UTF_8) + (outcome.status() == 0 ? "" : outcome.status());
    }
  }

  private static Sandbox.Builder withScript(Sandbox.Builder builder, String name, String text)
      throws Exception {
    var files = Vfs.fork(python.files());
    files.makeDirectories("/work");
    files.write("/work/" + name, text.getBytes(UTF_8));
    return builder.filesystem(files.snapshot());
  }

  @Test
  void newArgumentsAreTheCommandLineOfPython() throws Exception {
    assertThat(run(python.sandbox("-c", "print(1)").arguments("python", "-V")))
        .isEqualTo("Python 3.12.0\n");
    assertThat(
            run(
                python
                    .sandbox()
                    .arguments("py", "-c", "import sys; print(sys.orig_argv, sys.argv)", "a")))
        .isEqualTo("['py', '-c', 'import sys; print(sys.orig_argv, sys.argv)', 'a'] ['-c', 'a']\n");
    assertThat(run(python.sandbox("-c", "print(1)").arguments("python").stdin(text("print(2)"))))
        .isEqualTo("2\n");
  }

  @Test
  void withoutAnyArgumentsPythonReadsItsProgramFromTheInput() throws Exception {
    var builder = python.sandbox("-c", "print(1)").arguments();
    assertThat(run(builder.stdin(text("import sys; print(sys.argv)")))).isEqualTo("['']\n");
    assertThat(run(builder.arguments("").stdin(text("print(2)")))).isEqualTo("2\n");
    assertThat(run(builder.arguments("python", "-I").stdin(text("print(3)")))).isEqualTo("3\n");
  }

  @Test
  void newArgumentsThatPythonDoesNotKnowAreItsOwnError() throws Exception {
    for (var arguments : List.of(List.of("python", "-c"), List.of("python", "--unknown"))) {
      assertThat(run(python.sandbox("-c", "print(1)").arguments(arguments))).endsWith("\n2");
    }
  }

  @Test
  void newArgumentsAreTheCommandLineOfRuby() throws Exception {
    assertThat(run(ruby.sandbox("-e", "puts 1").arguments("ruby", "-e", "p ARGV", "a")))
        .isEqualTo("[\"a\"]\n");
    assertThat(run(ruby.sandbox("-e", "puts 1").arguments().stdin(text("puts 2"))))
        .isEqualTo("2\n");
    var unknown = ruby.sandbox("-e", "puts 1").arguments("ruby", "-x");
    assertThatIllegalArgumentException().isThrownBy(unknown::build).withMessageContaining("-x");
  }

  @Test
  void theBuildersWorkingDirectoryIsThePrograms() throws Exception {
    for (var directory : List.of("/tmp", "tmp")) {
      assertThat(run(python.sandbox("-c", WHERE).workingDirectory(directory)))
          .isEqualTo("/tmp /tmp\n");
    }
    assertThat(run(ruby.sandbox("-e", "puts Dir.pwd").workingDirectory("/tmp")))
        .isEqualTo("/tmp\n");
  }

  @Test
  void aRelativeScriptIsLookedForInTheBuildersWorkingDirectory() throws Exception {
    for (var builder : List.of(python.sandbox("where.py"), python.sandbox("-B", "where.py"))) {
      assertThat(run(withScript(builder, "where.py", WHERE).workingDirectory("/work")))
          .isEqualTo("/work /work\n");
    }
    var isolated = python.sandbox("-I", "where.py").workingDirectory("/work");
    assertThat(run(withScript(isolated, "where.py", WHERE))).isEqualTo("/ /work\n");
  }

  /** The interpreter has a {@code /usr} of its own, unless it is told of what is in the guest's. */
  @Test
  void aWorkingDirectoryThatTheInterpreterWouldHideIsSeen() throws Exception {
    var files = Vfs.fork(python.files());
    files.makeDirectories("/usr/src/app");
    var builder = python.sandbox("-c", WHERE).filesystem(files.snapshot());
    assertThat(run(builder.workingDirectory("/usr/src/app")))
        .isEqualTo("/usr/src/app /usr/src/app\n");
  }

  @Test
  void oneBuilderMakesManySandboxes() throws Exception {
    var builder = ruby.sandbox("-e", "puts [1].map(&:succ).inspect");
    assertThat(run(builder)).isEqualTo("[2]\n");
    assertThat(run(builder)).isEqualTo("[2]\n");
  }

  @Test
  void anArgumentWithNulIsNone() {
    for (var interpreter : List.of(python, ruby)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> interpreter.sandbox("-c", "", "a\0b"))
          .withMessageNotContaining("\0");
    }
  }

  @Test
  void variablesAreTheSameForTheLibraryAndForProc() throws Exception {
    var program =
        """
        import os
        ours = {n: v for n, v in os.environ.items() if n not in ('PATH', 'PYTHONPATH')}
        proc = open('/proc/self/environ').read().split('\\0')
        print(ours, sorted(os.environ) == sorted(v.split('=')[0] for v in proc[:-1]))
        """;
    var builder = python.sandbox("-c", program).environment("A", "b=c\n").environment("E", "");
    assertThat(run(builder))
        .isEqualTo("{'HOME': '/root', 'PWD': '/', 'A': 'b=c\\n', 'E': ''} True\n");
  }

  private static byte[] text(String text) {
    return (text + "\n").getBytes(UTF_8);
  }
}
