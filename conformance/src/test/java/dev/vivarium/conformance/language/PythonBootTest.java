package dev.vivarium.conformance.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified CPython of npm, in a world that lives in memory. */
@Timeout(600)
class PythonBootTest {

  @Test
  void itPrintsTheSquareRootOfTwoAndNothingElse() throws Exception {
    var run = Guest.python("-c", "import math; print(math.sqrt(2))").run();

    assertThat(run.stdout()).isEqualTo("1.4142135623730951\n");
    assertThat(run.stderr()).isEmpty();
    assertThat(run.outcome().reason()).isEqualTo(Reason.EXITED);
    assertThat(run.status()).isZero();
    assertThat(run.outcome().changes()).isEmpty();
  }

  @Test
  void aScriptHasItsArgumentsItsStatusItsInputAndItsDirectory() throws Exception {
    var run =
        Guest.python("sub/main.py", "a b", "ü")
            .file(
                "/work/sub/main.py",
                "import os, sys",
                "import helper",
                "print(sys.argv, os.getcwd(), sys.stdin.read(), os.environ['GREETING'])",
                "open('out', 'w').write(helper.text)",
                "sys.exit(7)")
            .file("/work/sub/helper.py", "text = 'helped'")
            .in("/work")
            .environment("GREETING", "hello")
            .stdin("input")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("['sub/main.py', 'a b', 'ü'] /work input hello\n");
    assertThat(run.status()).isEqualTo(7);
    assertThat(run.file("/work/out")).isEqualTo("helped");
  }

  @Test
  void aWorkingDirectoryBelowUsrIsSeenBesideTheInterpretersOwnTree() throws Exception {
    var run =
        Guest.python("main.py")
            .file(
                "/usr/src/app/main.py",
                "import os, json, helper",
                "print(os.getcwd(), sorted(os.listdir('.')), sorted(os.listdir('/usr/src')))",
                "open('/usr/src/app/out', 'w').write(helper.text)")
            .file("/usr/src/app/helper.py", "text = 'helped'")
            .in("/usr/src/app")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).startsWith("/usr/src/app ['__pycache__', 'helper.py', 'main.py']");
    assertThat(run.file("/usr/src/app/out")).isEqualTo("helped");
  }

  @Test
  void anUncaughtExceptionIsATracebackAndStatusOne() throws Exception {
    var run = Guest.python("-c", "def f():\n    1 / 0\nprint('before')\nf()").run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stdout()).isEqualTo("before\n");
    assertThat(run.stderr())
        .startsWith("Traceback (most recent call last):\n")
        .contains("File \"<string>\", line 2, in f")
        .endsWith("ZeroDivisionError: division by zero\n");
  }

  @Test
  void packagesAreImportedFromTheirDirectory() throws Exception {
    var run =
        Guest.python("-c", "import pack; print(pack.__file__)")
            .file("/opt/python/pack/__init__.py", "")
            .run();

    assertThat(run.stdout()).isEqualTo("/opt/python/pack/__init__.py\n");
  }

  /** One boot for all of it; each line is an assertion of its own inside the guest. */
  @Test
  void itDoesWithFilesWhatPosixLetsItDo() throws Exception {
    var run = Guest.python("/files.py").file("/files.py", Scripts.read("files.py")).run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("done\n");
    assertThat(run.file("/kept/renamed")).isEqualTo("0123");
    assertThat(run.outcome().changes())
        .filteredOn(change -> change.kind() == Change.Kind.ADDED)
        .extracting(Change::pathText)
        .containsExactly("/kept", "/kept/link", "/kept/renamed");
  }

  @Test
  void itsLibrariesForFilesWork() throws Exception {
    var run =
        Guest.python("/libraries.py").file("/libraries.py", Scripts.read("libraries.py")).run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("done\n");
  }

  @Test
  void aFullFilesystemIsAnErrorThatItSurvives() throws Exception {
    var run =
        Guest.python("/full.py")
            .file("/full.py", Scripts.read("full.py"))
            .quota(Quota.DEFAULT.withBytes(8 << 20))
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("ENOSPC\ngone on\n");
    assertThat(run.file("/after")).isEqualTo("room again");
  }

  @Test
  void itsModulesImport() throws Exception {
    var modules = "asyncio, csv, datetime, decimal, hashlib, json, random, re, unittest";
    var run = Guest.python("-c", "import " + modules + "; print('imported')").run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("imported\n");
  }

  @Test
  void itFindsNoFileOfTheHost() throws Exception {
    var run =
        Guest.python(
                "-c",
                "import os\n"
                    + "print(open('/etc/passwd').read(), sorted(os.listdir('/')),"
                    + " sorted(os.listdir('/etc')),"
                    + " [name for name in os.listdir('/proc') if name.isdigit()])")
            .file("/etc/passwd", "only:x:1:1::/:")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout())
        .isEqualTo(
            "only:x:1:1::/:\n ['dev', 'etc', 'home', 'proc', 'root', 'tmp']"
                + " ['group', 'hosts', 'passwd'] ['1']\n");
  }

  @Test
  void itFindsItselfInProcAndItsStreamsInDev() throws Exception {
    var run =
        Guest.python(
                "-c",
                "import os\n"
                    + "with open('/dev/stdout', 'w') as out: out.write('by its link\\n')\n"
                    + "f = open('/tmp/f', 'w+')\n"
                    + "f.write('content'); f.flush(); os.unlink('/tmp/f')\n"
                    + "links = {}\n"
                    + "for fd in os.listdir('/proc/self/fd'):\n"
                    + "    try: links[os.readlink('/proc/self/fd/' + fd)] = fd\n"
                    + "    except FileNotFoundError: pass\n"
                    + "print(open('/proc/self/fd/' + links['/tmp/f (deleted)']).read())\n"
                    + "print(open('/proc/self/cmdline').read().split('\\0')[1])\n"
                    + "print(open('/proc/mounts').readline().split()[1:3])\n"
                    + "print(sorted(os.listdir('/dev')))\n")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout())
        .isEqualTo(
            """
            by its link
            content
            -c
            ['/', 'tmpfs']
            ['fd', 'full', 'null', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero']
            """);
    assertThat(run.outcome().changes()).allMatch(change -> change.pathText().equals("/tmp"));
  }

  @Test
  void memoryBeyondTheLimitIsAMemoryErrorOrTheEnd() throws Exception {
    var run =
        Guest.python(
                "-c",
                "hoard = []\n"
                    + "try:\n"
                    + "    while True: hoard.append(bytearray(1 << 20))\n"
                    + "except MemoryError:\n"
                    + "    count = len(hoard); hoard = None\n"
                    + "    print('MemoryError', 16 < count < 128)")
            .memory(128 << 20)
            .run();

    if (run.outcome().reason() == Reason.EXITED) {
      assertThat(run.stdout()).isEqualTo("MemoryError True\n");
    } else {
      assertThat(run.outcome().reason()).isEqualTo(Reason.MEMORY_LIMIT);
      assertThat(run.status()).isEqualTo(137);
    }
  }

  /** Each says that it is about to do what would never end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "while True: pass",
        "input()",
        "import time; time.sleep(99)",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        "import sys; sys.stdin.buffer.read()"
      })
  void whateverItDoesItsSandboxCanEndIt(String endless) throws Exception {
    try (var writer = new PipedOutputStream();
        var idle = new PipedInputStream(writer)) {
      var run =
          Guest.python("-c", "print('ready', flush=True)\n" + endless)
              .stdin(idle)
              .runUntil("ready");

      assertThat(run.outcome().reason()).isEqualTo(Reason.CLOSED);
      assertThat(run.stderr()).isEmpty();
    }
  }

  @Test
  void aDeadlineEndsIt() throws Exception {
    var run = Guest.python("-c", "while True: pass").timeout(Duration.ofSeconds(2)).run();

    assertThat(run.outcome().reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(run.status()).isEqualTo(124);
  }

  @Test
  void deepRecursionIsARecursionError() throws Exception {
    var run = Guest.python("-c", "def f(): f()\nf()").run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stderr()).contains("RecursionError: maximum recursion depth exceeded");
  }
}
