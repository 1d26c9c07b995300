package dev.vivarium.conformance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified CRuby of npm, on the command lines that people give to {@code ruby}. */
@Timeout(600)
class RubyBootTest {

  @Test
  void aWorkingDirectoryBelowUsrIsSeenBesideTheInterpretersOwnTree() throws Exception {
    var run =
        Guest.ruby("main.rb")
            .file("/usr/src/app/main.rb", "require 'json'; puts Dir.pwd, Dir.children('/usr/src')")
            .in("/usr/src/app")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("/usr/src/app\napp\n");
  }

  @Test
  void itPrintsTheSquareRootOfTwoAndNothingElse() throws Exception {
    var run = Guest.ruby("-e", "puts Math.sqrt(2)").run();

    assertThat(run.stdout()).isEqualTo("1.4142135623730951\n");
    assertThat(run.stderr()).isEmpty();
    assertThat(run.outcome().reason()).isEqualTo(Reason.EXITED);
    assertThat(run.status()).isZero();
    assertThat(run.outcome().changes()).isEmpty();
  }

  @Test
  void aScriptFindsTheWorldThatRubyGivesToIt() throws Exception {
    var run =
        Guest.ruby("sub/main.rb", "a b", "ü", "-x")
            .file("/work/sub/main.rb", Scripts.read("main.rb"))
            .file("/work/sub/helper.rb", "HELPED = __dir__")
            .file("/opt/ruby/packaged.rb", "PACKAGED = true")
            .in("/work")
            .environment("GREETING", "hello")
            .stdin("input")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout().lines())
        .containsExactly(
            "main true sub/main.rb sub/main.rb /work/sub /work",
            "[\"a b\", \"ü\", \"-x\"] hello input",
            "/work/sub true",
            "DATA of ü",
            "__END__",
            "trap, before any at_exit",
            "at_exit: temporary file is there: true");
    assertThat(run.status()).isEqualTo(7);
    assertThat(run.file("/work/out")).isEqualTo("never closed");
    assertThat(run.outcome().changes())
        .filteredOn(change -> change.kind() == Change.Kind.ADDED)
        .extracting(Change::pathText)
        .containsExactly("/work/out");
  }

  @Test
  void anUncaughtExceptionIsToldAsRubyTellsItAndIsStatusOne() throws Exception {
    var run =
        Guest.ruby("raise.rb")
            .file(
                "/raise.rb",
                "def outer",
                "  yield",
                "rescue ZeroDivisionError",
                "  nil.upcase",
                "end",
                "outer { 1 / 0 }")
            .run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr())
        .isEqualTo(
            """
            raise.rb:4:in 'Object#outer': undefined method 'upcase' for nil (NoMethodError)

              nil.upcase
                 ^^^^^^^
            \tfrom raise.rb:6:in '<main>'
            raise.rb:6:in 'Integer#/': divided by 0 (ZeroDivisionError)
            \tfrom raise.rb:6:in 'block in <main>'
            \tfrom raise.rb:2:in 'Object#outer'
            \tfrom raise.rb:6:in '<main>'
            """);
  }

  @Test
  void inlineProgramsAreLinesAndExitHandlersRunLastFirst() throws Exception {
    var run =
        Guest.ruby(
                "-e",
                "at_exit { puts 'first registered' }",
                "-e",
                "at_exit { at_exit { puts 'nested' }; puts $!.message; exit 3 }",
                "-e",
                "END { puts 'END' }; raise 'told'")
            .run();

    assertThat(run.stdout()).isEqualTo("END\ntold\nnested\nfirst registered\n");
    assertThat(run.stderr()).isEqualTo("-e:3:in '<main>': told (RuntimeError)\n");
    assertThat(run.status()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "exit 7 | 7 | ``",
        "exit! 9 | 9 | ``",
        "exit 256 + 5 | 5 | ``",
        "exit false | 1 | ``",
        "return; exit 8 | 0 | ``",
        "abort 'why' | 1 | why",
        "raise SignalException, 'TERM' | 143 | ``",
        "raise Interrupt, '' | 130 | -e:1:in '<main>': Interrupt",
        "throw :ball | 1 | -e:1:in 'Kernel#throw': uncaught throw :ball (UncaughtThrowError)",
        "def f = f; f | 1 | -e:1:in 'Object#f': stack level too deep (SystemStackError)",
        "fork | 1 | -e:1:in '<main>': fork() function is unimplemented on this machine"
      })
  void theWayItEndsIsItsStatus(String program, int status, String message) throws Exception {
    var run = Guest.ruby("-e", program).run();

    assertThat(run.status()).isEqualTo(status);
    assertThat(run.stderr()).startsWith(message);
    assertThat(run.stderr().isEmpty()).isEqualTo(message.isEmpty());
  }

  @Test
  void aSyntaxErrorIsShownAndNothingRuns() throws Exception {
    var run =
        Guest.ruby("wrong.rb").file("/wrong.rb", "puts 'never'", "def f", "  (1 +", "end").run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr())
        .startsWith("wrong.rb: wrong.rb:4: syntax errors found (SyntaxError)\n")
        .contains("> 3 |   (1 +\n")
        .doesNotContain("vivarium");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "absent.rb | ruby: No such file or directory -- absent.rb (LoadError)",
        "/tmp | ruby: Is a directory -- /tmp (LoadError)",
        "-C/absent | ruby: Can't chdir to /absent (fatal)"
      })
  void whatCannotBeStartedIsNamedAndIsStatusOne(String argument, String message) throws Exception {
    var run = Guest.ruby(argument).run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr()).isEqualTo(message + "\n");
  }

  @Test
  void librariesAndDirectoriesAreFoundAsTheSwitchesSay() throws Exception {
    var run =
        Guest.ruby(
                "-C", "dir", "-Ilib", "-rmine", "-rjson", "-W0", "-e", "warn 'no'; puts JSON[[1]]")
            .file("/work/dir/lib/mine.rb", "puts Dir.pwd, $LOADED_FEATURES.last, __FILE__")
            .in("/work")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout().lines())
        .startsWith("/work/dir")
        .endsWith("/work/dir/lib/mine.rb", "[1]");
  }

  @Test
  void aLibraryThatIsNotThereIsALoadError() throws Exception {
    var run = Guest.ruby("-rabsent", "-e", "puts 1").run();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr())
        .contains("in 'Kernel#require': cannot load such file -- absent (LoadError)")
        .doesNotContain("vivarium");
  }

  @Test
  void aProgramFromStandardInputLeavesTheRestToData() throws Exception {
    var run =
        Guest.ruby("-", "argument")
            .stdin("p [__FILE__, $0, ARGV]\nputs DATA.read\n__END__\nthe rest\n")
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("[\"-\", \"-\", [\"argument\"]]\nthe rest\n");
  }

  @Test
  void theVersionIsToldWithoutAProgramOrBeforeIt() throws Exception {
    var only = Guest.ruby("--version").run();
    var alone = Guest.ruby("-v").run();
    var verbose = Guest.ruby("-v", "-e", "p $VERBOSE").run();

    assertThat(only.stdout()).startsWith("ruby 3.4.").hasLineCount(1);
    assertThat(alone.stdout()).isEqualTo(only.stdout());
    assertThat(verbose.stdout()).isEqualTo(only.stdout() + "true\n");
    assertThat(alone.status()).isZero();
  }

  @Test
  void anotherSwitchIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Guest.ruby("-n", "-e", "1").run())
        .withMessageContaining("-n");
  }

  @Test
  void itDoesWithFilesWhatPosixLetsItDo() throws Exception {
    var run = Guest.ruby("/files.rb").file("/files.rb", Scripts.read("files.rb")).run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("done\n");
    assertThat(run.file("/kept/renamed")).isEqualTo("0123");
    assertThat(run.outcome().changes())
        .filteredOn(change -> change.kind() == Change.Kind.ADDED)
        .extracting(Change::pathText)
        .containsExactly("/kept", "/kept/link", "/kept/renamed");
  }

  @Test
  void aFullFilesystemIsAnErrorThatItSurvives() throws Exception {
    var run =
        Guest.ruby(
                "-e",
                """
                begin
                  File.open('/big', 'wb') { |f| loop { f.syswrite 'x' * 65536 } }
                rescue Errno::ENOSPC
                  puts 'ENOSPC'
                end
                File.delete '/big'
                File.write '/after', 'room again'
                """)
            .quota(Quota.DEFAULT.withBytes(8 << 20))
            .run();

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout()).isEqualTo("ENOSPC\n");
    assertThat(run.file("/after")).isEqualTo("room again");
  }

  @Test
  void memoryBeyondTheLimitIsANoMemoryErrorOrTheEnd() throws Exception {
    var run =
        Guest.ruby("-e", "hoard = []; loop { hoard << 'x' * (1 << 20) }").memory(128 << 20).run();

    if (run.outcome().reason() == Reason.EXITED) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.stderr()).contains("failed to allocate memory (NoMemoryError)");
    } else {
      assertThat(run.outcome().reason()).isEqualTo(Reason.MEMORY_LIMIT);
      assertThat(run.status()).isEqualTo(137);
    }
  }

  /** Each says that it is about to do what would never end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "loop {}",
        "gets",
        "sleep 99",
        "/^(a|a|aa)+\\1$/ =~ 'a' * 64 + 'b'",
        "$stdin.read"
      })
  void whateverItDoesItsSandboxCanEndIt(String endless) throws Exception {
    try (var writer = new PipedOutputStream();
        var idle = new PipedInputStream(writer)) {
      var run =
          Guest.ruby("-e", "puts 'ready'; $stdout.flush; " + endless).stdin(idle).runUntil("ready");

      assertThat(run.outcome().reason()).isEqualTo(Reason.CLOSED);
      assertThat(run.stderr()).isEmpty();
    }
  }

  @Test
  void aDeadlineEndsIt() throws Exception {
    var run = Guest.ruby("-e", "loop {}").timeout(Duration.ofSeconds(2)).run();

    assertThat(run.outcome().reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(run.status()).isEqualTo(124);
  }

  @Test
  void javaScriptIsNamedAsWhatIsMissing() throws Exception {
    var run = Guest.ruby("-rjs", "-e", "JS.eval('1')").run();

    assertThat(run.outcome().reason()).isEqualTo(Reason.TRAPPED);
    assertThat(run.outcome().message()).contains("eval-js").contains("no JavaScript");
  }
}
