package dev.vivarium.examples.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.vfs.Vfs;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scripts of all kinds of people. */
@Timeout(300)
class PythonEvaluatorTest {
  private static PythonEvaluator evaluator;
  private static PythonEvaluator impatient;

  @BeforeAll
  static void load() throws Exception {
    var python = Interpreter.load("python");
    var files = Vfs.fork(python.files());
    files.write("/data/numbers.txt", "1 2 3\n".getBytes(UTF_8));
    files.write("/opt/python/ours.py", "def double(x): return 2 * x\n".getBytes(UTF_8));
    evaluator = new PythonEvaluator(python, files.snapshot(), Duration.ofSeconds(60));
    impatient = new PythonEvaluator(python, files.snapshot(), Duration.ofSeconds(3));
    evaluator.evaluate("pass");
  }

  @Test
  void whatAScriptPrintsAndWritesIsHandedOut() throws Exception {
    var done =
        evaluator.evaluate(
            """
            import ours, pathlib
            numbers = pathlib.Path('/data/numbers.txt').read_text().split()
            pathlib.Path('out/deep').mkdir(parents=True)
            pathlib.Path('out/deep/sum').write_text(str(sum(map(int, numbers))))
            print(ours.double(21))
            """);
    assertThat(done.stderr()).isEmpty();
    assertThat(done.stdout()).isEqualTo("42\n");
    assertThat(done.status()).isZero();
    assertThat(done.files()).containsOnlyKeys("/work/out/deep/sum");
    assertThat(done.files().get("/work/out/deep/sum")).asString().isEqualTo("6");
    assertThat(done.omitted()).isEmpty();
  }

  @Test
  void noScriptSeesWhatAnotherHasDone() throws Exception {
    evaluator.evaluate("open('/data/numbers.txt', 'w').write('9'); open('left', 'w')");
    var next =
        evaluator.evaluate("import os; print(open('/data/numbers.txt').read(), os.listdir())");
    assertThat(next.stdout()).isEqualTo("1 2 3\n ['main.py']\n");
  }

  @Test
  void anExitStatusAndAnExceptionAreTheScripts() throws Exception {
    assertThat(evaluator.evaluate("raise SystemExit(3)").status()).isEqualTo(3);
    var failed = evaluator.evaluate("\n1 / 0");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.reason()).isEqualTo(Reason.EXITED);
    assertThat(failed.stderr()).contains("line 2").contains("ZeroDivisionError");
  }

  @Test
  void aLoopThatCatchesEverythingEndsAtTheDeadline() throws Exception {
    var ended =
        impatient.evaluate(
            """
            while True:
                try:
                    while True: pass
                except BaseException: pass
            """);
    assertThat(ended.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(ended.status()).isEqualTo(124);
  }

  @Test
  void aMemoryBombGetsNoMoreThanItMay() throws Exception {
    var bomb = evaluator.evaluate("x = []\nwhile True: x.append(bytearray(1 << 20))");
    assertThat(bomb.status()).as(bomb.toString()).isNotZero();
    assertThat(bomb.reason() == Reason.MEMORY_LIMIT || bomb.stderr().contains("MemoryError"))
        .as(bomb.toString())
        .isTrue();
  }

  @Test
  void aFullDiskIsAnErrorToTheScriptThatFillsIt() throws Exception {
    var full =
        evaluator.evaluate(
            """
            import errno
            try:
                with open('large', 'wb', buffering=0) as f:
                    while f.write(bytes(1 << 20)): pass
            except OSError as e:
                print(errno.errorcode[e.errno])
            """);
    assertThat(full.stdout()).isEqualTo("ENOSPC\n");
    assertThat(full.omitted()).containsExactly("/work/large");
  }

  @Test
  void manyFilesAreAnErrorToo() throws Exception {
    var full = evaluator.evaluate("for i in range(100_000): open(f'f{i}', 'w').close()");
    assertThat(full.stderr()).contains("No space left on device");
    assertThat(full.files()).hasSizeBetween(900, 1_000);
  }

  @Test
  void aFileOfATerabyteIsNotRead() throws Exception {
    var sparse =
        evaluator.evaluate("open('huge', 'wb').truncate(1 << 40); open('small', 'w').write('x')");
    assertThat(sparse.omitted()).containsExactly("/work/huge");
    assertThat(sparse.files()).containsOnlyKeys("/work/small");
  }

  @Test
  void ofALotOfOutputOnlyTheFirstPartIsKeptAndThatIsTold() throws Exception {
    var printed = evaluator.evaluate("for i in range(1_000): print('x' * 1_000)");
    assertThat(printed.status()).isZero();
    assertThat(printed.stdout()).hasSize(256 << 10);
    assertThat(printed.stdoutIsCut()).isTrue();
    assertThat(printed.stderrIsCut()).isFalse();
    var reported = evaluator.evaluate("import sys; sys.stderr.write('x' * 1_000_000)");
    assertThat(reported.stdoutIsCut()).isFalse();
    assertThat(reported.stderrIsCut()).isTrue();
  }

  @Test
  void linksNamesAndDepthsLeadNowhere() throws Exception {
    var strange =
        evaluator.evaluate(
            """
            import os
            os.symlink('/etc/passwd', 'link')
            os.symlink('loop', 'loop')
            os.mkfifo('fifo') if hasattr(os, 'mkfifo') else None
            open(b'\\xff', 'w').close()
            name = 'd' * 200
            os.mkdir(name)
            for i in range(50):
                os.mkdir('x')
                os.rename(name, 'x/' + name)
                os.rename('x', name)
            """);
    assertThat(strange.status()).as(strange.stderr()).isZero();
    assertThat(strange.files().get("/work/link")).asString().startsWith("root:x:0:0:");
    assertThat(strange.omitted()).contains("/work/loop");
  }

  @Test
  void nothingOfTheHostIsThere() throws Exception {
    var curious = evaluator.evaluate("import os; print(sorted(os.listdir('/')), dict(os.environ))");
    assertThat(curious.stdout())
        .startsWith("['data', 'dev', 'etc', 'home', 'opt', 'proc', 'root', 'tmp', 'work']")
        .doesNotContain(System.getProperty("user.dir"));
  }
}
