package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.conformance.language.Language.Run;
import dev.vivarium.sys.Limits;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An unmodified CPython 3.12 boots from memory and behaves as its users expect. */
class PythonBootTest {
  private static final Language PYTHON = Language.named("python");

  @Test
  void printsASquareRoot() throws Exception {
    Run run = PYTHON.run("-c", "import math; print(math.sqrt(2))");
    assertThat(run.out()).isEqualTo("1.4142135623730951\n");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void itsExitStatusIsTheSandboxes() throws Exception {
    Run run = PYTHON.run("-c", "import sys; sys.exit(7)");
    assertThat(run.outcome().reason()).isEqualTo(Reason.EXITED);
    assertThat(run.status()).isEqualTo(7);
  }

  @Test
  void anUncaughtExceptionIsATracebackAndStatus1() throws Exception {
    Run run = PYTHON.run("-c", "raise ValueError('seen')");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("Traceback").endsWith("ValueError: seen\n");
  }

  @Test
  void argumentsAndStandardInputReachTheProgram() throws Exception {
    InputStream input = new ByteArrayInputStream("zwölf\n".getBytes(UTF_8));
    Run run =
        PYTHON.run(
            sandbox -> sandbox.stdin(input),
            "-c",
            "import sys; print(sys.argv[1:], input(), sys.stdin.read() == '')",
            "a b",
            "");
    assertThat(run.out()).isEqualTo("['a b', ''] zwölf True\n");
  }

  @Test
  void filesAreMadeListedRenamedLinkedStatedTruncatedAndRemoved() throws Exception {
    Run run =
        PYTHON.run(
            "-c",
            """
            import os, stat
            os.makedirs('/data/deep/er')
            with open('/data/one', 'w') as f: f.write('0123456789')
            os.rename('/data/one', '/data/two')
            os.link('/data/two', '/data/three')
            os.symlink('two', '/data/link')
            print(sorted(os.listdir('/data')), os.readlink('/data/link'))
            s = os.stat('/data/link')
            print(s.st_size, s.st_nlink, stat.S_ISREG(s.st_mode), s.st_ino == os.stat('/data/three').st_ino)
            os.truncate('/data/two', 4)
            with open('/data/three', 'r+b') as f:
                f.seek(100); f.write(b'x'); print(f.tell())
            print(os.stat('/data/two').st_size, open('/data/two', 'rb').read(6))
            os.remove('/data/two'); os.remove('/data/link'); os.removedirs('/data/deep/er')
            print(os.listdir('/data'))
            try: os.rmdir('/data')
            except OSError as e: print(e.strerror)
            """);
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            "['deep', 'link', 'three', 'two'] two",
            "10 2 True True",
            "101",
            "101 b'0123\\x00\\x00'",
            "['three']",
            "Directory not empty");
    assertThat(run.outcome().changes())
        .extracting(Change::pathText)
        .containsExactlyInAnyOrder("/", "/data", "/data/three");
  }

  @Test
  void theStandardLibraryWorksOnFiles() throws Exception {
    Run run =
        PYTHON.run(
            "-c",
            """
            import os, shutil, sqlite3, tempfile, zipfile
            with tempfile.TemporaryDirectory() as d:
                with tempfile.NamedTemporaryFile(dir=d, delete=False) as f: f.write(b'temporary')
                os.makedirs(d + '/tree/sub')
                shutil.copy(f.name, d + '/tree/sub/copy')
                shutil.copytree(d + '/tree', d + '/other')
                with zipfile.ZipFile(d + '/a.zip', 'w') as z: z.write(d + '/other/sub/copy', 'copy')
                with zipfile.ZipFile(d + '/a.zip') as z: print(z.namelist(), z.read('copy'))
                db = sqlite3.connect(d + '/db')
                db.execute('create table t (a, b)')
                db.executemany('insert into t values (?, ?)', [(i, i * i) for i in range(100)])
                db.commit()
                db.close()
                db = sqlite3.connect(d + '/db')
                print(db.execute('select sum(b) from t').fetchone())
                db.close()
                gone = d
            print(os.path.exists(gone))
            """);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("['copy'] b'temporary'\n(328350,)\nFalse\n");
  }

  @Test
  void itSeesOnlyTheFilesOfItsOwnWorld() throws Exception {
    Run run =
        PYTHON.run(
            "-c",
            "import os; print(sorted(os.listdir('/'))); print(open('/etc/passwd').readline(), end='')");
    assertThat(run.out())
        .isEqualTo("['dev', 'etc', 'home', 'root', 'tmp']\nroot:x:0:0:root:/root:/bin/sh\n");
  }

  @Test
  void aFullFilesystemIsAnErrorThatTheProgramSurvives() throws Exception {
    Run run =
        PYTHON.run(
            sandbox -> sandbox.quota(Quota.DEFAULT.withBytes(8 << 20)),
            "-c",
            """
            import errno, os
            try:
                with open('/big', 'wb') as f:
                    while True: f.write(bytes(65536))
            except OSError as e:
                print(e.errno == errno.ENOSPC)
            os.remove('/big')
            open('/small', 'w').write('fits')
            print(open('/small').read())
            """);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("True\nfits\n");
  }

  @Test
  void memoryBeyondTheLimitIsAMemoryErrorInTheProgramOrStatus137() throws Exception {
    Run run =
        PYTHON.run(
            sandbox -> sandbox.limits(Limits.DEFAULT.withMemoryBytes(64 << 20)),
            "-c",
            """
            kept = []
            try:
                while True: kept.append(bytearray(1 << 20))
            except MemoryError:
                kept = None
                print('refused')
            """);
    if (run.status() == 0) {
      assertThat(run.out()).isEqualTo("refused\n");
    } else {
      assertThat(run.outcome().reason()).isEqualTo(Reason.MEMORY_LIMIT);
      assertThat(run.status()).isEqualTo(137);
    }
  }

  @Test
  void aDeadlineEndsALoop() throws Exception {
    assertThat(timedOut("while True: pass").status()).isEqualTo(124);
  }

  @Test
  void aDeadlineEndsASleepAndAWaitForInput() throws Exception {
    assertThat(timedOut("import time; time.sleep(99)").status()).isEqualTo(124);
    assertThat(timedOut("input()").status()).isEqualTo(124);
  }

  @Test
  void unboundedRecursionEndsInTheGuest() throws Exception {
    Run run =
        PYTHON.run(
            "-c",
            """
            def f(n): return f(n + 1)
            try: f(0)
            except RecursionError: print('caught')
            """);
    assertThat(run.out()).isEqualTo("caught\n");
  }

  @Test
  void itsModulesImport() throws Exception {
    List<String> modules =
        List.of("json", "re", "decimal", "datetime", "hashlib", "random", "csv", "unittest");
    Run run = PYTHON.run("-c", "import " + String.join(", ", modules) + "; print('imported')");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("imported\n");
  }

  /** With nothing on standard input, and nobody who closes it. */
  private static Run timedOut(String program) throws Exception {
    try (PipedOutputStream idle = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(idle)) {
      Run run =
          PYTHON.run(sandbox -> sandbox.stdin(input).timeout(Duration.ofSeconds(5)), "-c", program);
      assertThat(run.outcome().reason()).isEqualTo(Reason.TIMED_OUT);
      return run;
    }
  }
}
