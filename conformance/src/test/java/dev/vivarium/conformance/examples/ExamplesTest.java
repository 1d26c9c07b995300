package dev.vivarium.conformance.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.vivarium.box.Box;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.image.build.Build;
import dev.vivarium.image.build.BuildListener;
import dev.vivarium.image.build.WatchedProgramException;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.RuntimeUnavailableException;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.wasi.trace.StraceText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples, built and run as {@code vivarium build} and {@code vivarium run} do: in one store,
 * so that what is the same in them is made once.
 */
@Timeout(600)
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");
  private static final long MOST_BYTES = 16_000_000;
  private static final long MOST_STRIPPED_BYTES = 6_500_000;
  private static final long MOST_SLIM_BYTES = 5_000_000;

  @TempDir static Path store;

  @TempDir Path temporary;

  private Box build(Path directory) throws IOException {
    return build(Build.of(directory), store);
  }

  private static Box build(Build build, Path store) throws IOException {
    return Box.build(build, store, "example");
  }

  private static String run(Box box, String... arguments) throws Exception {
    var output = new ByteArrayOutputStream();
    try (var sandbox = box.sandbox(arguments).stdout(output).stderr(output).build()) {
      assertThat(sandbox.run().status()).as(output.toString(UTF_8)).isZero();
    }
    return output.toString(UTF_8);
  }

  private static String squareRoots() {
    return IntStream.rangeClosed(1, 10)
        .mapToObj(number -> number + " " + Math.sqrt(number) + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void aPythonScriptPrintsSquareRoots() throws Exception {
    try (var box = build(EXAMPLES.resolve("python-sqrt"))) {
      assertThat(run(box)).isEqualTo(squareRoots());
      assertThat(box.image().size()).isLessThan(MOST_BYTES);
    }
  }

  @Test
  void aStrippedBoxIsSmallAndRunsAsTheOther() throws Exception {
    var build = Build.of(EXAMPLES.resolve("python-sqrt")).strip(true);
    try (var box = Box.build(build, store, "example")) {
      assertThat(run(box)).isEqualTo(squareRoots());
      assertThat(box.image().size()).isLessThan(MOST_STRIPPED_BYTES);
      assertThat(box.module().orElseThrow().checkpoint()).isPresent();
    }
  }

  @Test
  void aSlimBoxHasWhatItsProgramNeedsAndNoMore() throws Exception {
    var build = Build.of(EXAMPLES.resolve("python-sqrt")).slim(true);
    String digest;
    try (var box = Box.build(build, store, "example")) {
      assertThat(run(box)).isEqualTo(squareRoots());
      assertThat(run(box, "python", "-I", "-c", "print(1)")).isEqualTo("1\n");
      assertThat(box.image().size()).isLessThan(MOST_SLIM_BYTES);
      assertThat(box.module().orElseThrow().checkpoint()).isPresent();
      assertThat(Vfs.fork(box.files()).tree()).doesNotContain("argparse.pyc");
      digest = box.image().digest().toString();
    }
    // Watched and thinned again; that the module's rest is the known one, its checkpoint has told.
    var anew = Build.of(EXAMPLES.resolve("python-sqrt")).slim(true).cache(false);
    try (var box = Box.build(anew, store, "example")) {
      assertThat(box.image().digest()).hasToString(digest);
    }
  }

  @Test
  void aSlimBoxKeepsWhatIsNamed() throws Exception {
    var build = Build.of(EXAMPLES.resolve("python-sqrt")).slim(true).keep("opt/python/json/**");
    try (var box = Box.build(build, store, "example")) {
      assertThat(Vfs.fork(box.files()).tree())
          .contains("decoder.pyc", "scanner.pyc")
          .doesNotContain("argparse.pyc");
    }
  }

  @Test
  void aSlimBoxOfSeveralFilesRunsAsTheOther() throws Exception {
    var build = Build.of(EXAMPLES.resolve("python-app")).slim(true);
    try (var box = Box.build(build, store, "example")) {
      assertThat(run(box)).isEqualTo("4 the\n2 and\n2 house\n");
    }
  }

  /** CPython 3.11, which {@code conformance/guest cpython-3.11} builds. */
  @Test
  void aSlimBoxOfALibraryInFilesRunsAsTheOther() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("optimised"));
    Files.copy(EXAMPLES.resolve("python-sqrt/sqrt.py"), directory.resolve("sqrt.py"));
    Files.writeString(
        directory.resolve("Dockerfile"),
        "FROM python:3.11\nCOPY . /app/\nCMD [\"python\", \"/app/sqrt.py\"]\n");
    var build = Build.of(directory).slim(true);
    try (var box = Box.build(build, temporary.resolve("store"), "example")) {
      assertThat(run(box)).isEqualTo(squareRoots());
      assertThat(Vfs.fork(box.files()).tree()).contains("utf_8.py").doesNotContain("argparse.py");
      assertThat(box.image().size()).isLessThan(MOST_SLIM_BYTES);
    } catch (RuntimeUnavailableException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /** Whose library is in files, which an interpreter that has started before does not read. */
  @ParameterizedTest
  @ValueSource(strings = {"python:3.11", "python", "ruby"})
  void whatARunMakesDoesNotTellWhetherItsInterpreterHadStartedBefore(String runtime)
      throws Exception {
    var python = "import tempfile,asyncio as a; open('/x','w').write(repr(tempfile.mkstemp))";
    var ruby = "require 'tempfile'; File.write('/x', Object.new.inspect + 'x'.hash.to_s)";
    var command =
        runtime.equals("ruby") ? "[\"ruby\",\"-e\",\"" + ruby : "[\"python\",\"-c\",\"" + python;
    var lines = "FROM " + runtime + "\nRUN " + command + "\"]\n";
    var build =
        Build.of(Files.createDirectory(temporary.resolve("context")))
            .dockerfile(lines.getBytes(UTF_8))
            .environment(withoutStarts())
            .cache(false);
    try (var cold = Box.build(build, store, "cold");
        var warm = Box.build(build, store, "warm")) {
      assertThat(new String(Vfs.fork(warm.files()).read("/x"), UTF_8))
          .isEqualTo(new String(Vfs.fork(cold.files()).read("/x"), UTF_8));
      assertThat(warm.image().digest()).isEqualTo(cold.image().digest());
    } catch (RuntimeUnavailableException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /** The cache of this machine, but without interpreters that have started. */
  private Map<String, String> withoutStarts() throws IOException {
    var cache = Files.createDirectories(temporary.resolve("cache/vivarium"));
    try (var entries = Files.list(CacheDirectory.of(System.getenv()))) {
      for (var entry : entries.toList()) {
        if (!entry.endsWith("boots")) {
          Files.createSymbolicLink(cache.resolve(entry.getFileName()), entry);
        }
      }
    }
    var variables = new HashMap<>(System.getenv());
    variables.put("XDG_CACHE_HOME", cache.getParent().toString());
    return variables;
  }

  /** Its library is a tree that the module alone sees, and that is copied out of it. */
  @Test
  void aSlimRubyBoxHasWhatItsProgramNeedsAndTellsWhatItIsWithout() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("json"));
    Files.writeString(
        directory.resolve("Dockerfile"),
        """
        FROM ruby
        CMD ["ruby", "-rjson", "-e", "puts [1, nil].to_json"]
        """);
    var build = Build.of(directory).slim(true).keep("**/shellwords.rb");
    try (var box = Box.build(build, store, "example")) {
      assertThat(run(box)).isEqualTo("[1,null]\n");
      assertThat(run(box, "ruby", "-rshellwords", "-e", "puts 'a b'.shellescape"))
          .isEqualTo("a\\ b\n");
      assertThat(box.image().size()).isLessThan(MOST_SLIM_BYTES);
      var module = box.module().orElseThrow().sha256();
      assertThat(box.runtime().orElseThrow().hasLibraryInFiles(module)).isTrue();
      assertThat(Vfs.fork(box.files()).tree())
          .contains("rubygems.rb", "ext.rb")
          .doesNotContain("optparse.rb");
      var output = new ByteArrayOutputStream();
      var program =
          "begin; require 'optparse'; rescue LoadError => e; puts e.message; end; [1].frist";
      var builder = box.sandbox("ruby", "-e", program).stdout(output).stderr(output);
      try (var sandbox = builder.build()) {
        assertThat(sandbox.run().status()).isOne();
      }
      assertThat(output.toString(UTF_8))
          .contains("cannot load such file -- optparse\n")
          .contains("undefined method 'frist' for an instance of Array", "Did you mean?  first");
    }
  }

  @Test
  void aProgramThatFailsWhileItIsWatchedEndsTheBuild() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("failing"));
    Files.writeString(
        directory.resolve("Dockerfile"), "FROM python\nCMD [\"python\", \"absent.py\"]\n");
    var told = new ArrayList<String>();
    var build = Build.of(directory).slim(true).listener(listener(told));
    assertThatIOException()
        .isThrownBy(() -> Box.build(build, store, "example"))
        .isInstanceOf(WatchedProgramException.class)
        .withMessageContaining("status 2");
    assertThat(told)
        .as("what goes on, should it never end")
        .containsSubsequence(
            "python absent.py", "watches one run of this command until it has ended by itself");
  }

  private static BuildListener listener(List<String> told) {
    return new BuildListener() {
      @Override
      public void begun(String name, String instruction) {
        told.add(instruction);
      }

      @Override
      public void ended(boolean cached) {}

      @Override
      public void said(String line) {
        told.add(line);
      }

      @Override
      public void warned(String line) {}

      @Override
      public OutputStream output() {
        return OutputStream.nullOutputStream();
      }
    };
  }

  @Test
  void commandsThatNeedNoShellRunInTheDirectoryAndWithTheVariablesThatTheySet() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("shell"));
    Files.writeString(
        directory.resolve("Dockerfile"),
        String.join(
            "\n",
            "FROM python",
            "WORKDIR /app",
            "COPY <<EOF note.py",
            "import os, sys",
            "print(os.getcwd(), os.environ.get('X'), sys.argv[1:], file=open('/notes', 'a'))",
            "EOF",
            "RUN cd /tmp && X='a b' python /app/note.py 1 && cd .. && python -c 'import os;"
                + " os.mkdir(\"new\")'",
            "RUN <<EOF",
            "# What a shell would read.",
            "python note.py 2",
            "cd /new &&",
            "  X=c python \\",
            "    ../app/note.py \"3",
            "4\"",
            "EOF",
            ""));
    try (var box = build(directory)) {
      var files = Vfs.builder().base(box.files()).build();
      assertThat(new String(files.read("/notes"), UTF_8))
          .isEqualTo("/tmp a b ['1']\n/app None ['2']\n/new c ['3\\n4']\n");
    }
  }

  @Test
  void aRubyScriptPrintsSquareRoots() throws Exception {
    try (var box = build(EXAMPLES.resolve("ruby-sqrt"))) {
      assertThat(run(box)).isEqualTo(squareRoots());
      assertThat(box.image().size()).isLessThan(MOST_BYTES);
    }
  }

  @Test
  void aPythonProgramOfSeveralFilesFindsItsDataAndWhatWasMadeOfItAtTheBuild() throws Exception {
    try (var box = build(EXAMPLES.resolve("python-app"))) {
      assertThat(run(box)).isEqualTo("4 the\n2 and\n2 house\n");
      var files = Vfs.builder().base(box.files()).build();
      assertThat(new String(files.read("/usr/src/app/counts.json"), UTF_8))
          .contains("\"snake\": 1");
    }
  }

  @Test
  void aRubyProgramFindsTheGemThatItBrings() throws Exception {
    try (var box = build(EXAMPLES.resolve("ruby-gem"))) {
      assertThat(run(box)).isEqualTo("2 gem\n1 box\n");
      assertThat(run(box, "a", "b", "b", "c")).isEqualTo("2 b\n1 a\n1 c\n");
    }
  }

  @Test
  void aStaticProgramNeedsNothingElse() throws Exception {
    var directory = temporary.resolve("c-hello");
    Files.createDirectory(directory);
    for (var name : List.of("Dockerfile", "hello.c")) {
      Files.copy(EXAMPLES.resolve("c-hello").resolve(name), directory.resolve(name));
    }
    compile(directory);
    try (var box = build(directory)) {
      assertThat(run(box)).isEqualTo("hello world\n");
      assertThat(run(box, "a", "b")).isEqualTo("hello a\nhello b\n");
      assertThat(box.files().diff(Vfs.builder().build().snapshot()))
          .extracting(change -> change.pathText())
          .contains("/bin/hello")
          .hasSizeLessThanOrEqualTo(3);
    }
  }

  @Test
  void theRunsOfABoxShareItsCode() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("exit"));
    Files.write(directory.resolve("exit.wasm"), Wat.guest("sandbox_exit"));
    Files.writeString(
        directory.resolve("Dockerfile"),
        "FROM scratch\nCOPY --chmod=755 exit.wasm /\nENTRYPOINT [\"/exit.wasm\"]\n");
    try (var box = build(directory)) {
      assertThat(code(box)).isNotEmpty().isEqualTo(code(box));
    }
  }

  /** The classes that a run's calls of the host come from. */
  private static Set<Class<?>> code(Box box) throws Exception {
    var classes = new HashSet<Class<?>>();
    var stack = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    var trace =
        new StraceText(
            line ->
                stack.forEach(
                    frame -> {
                      if (frame.getClassName().startsWith("dev.vivarium.compiled.")) {
                        classes.add(frame.getDeclaringClass());
                      }
                    }));
    try (var sandbox = box.sandbox().trace(trace).build()) {
      sandbox.run();
    }
    return classes;
  }

  /** Skips where there is no compiler, but for continuous integration. */
  private static void compile(Path directory) throws Exception {
    try {
      var compiler =
          new ProcessBuilder(
                  "clang-14", "--target=wasm32-wasi", "-Os", "-o", "hello.wasm", "hello.c")
              .directory(directory.toFile())
              .inheritIO()
              .start();
      assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(compiler.exitValue()).isZero();
    } catch (IOException e) {
      Assumptions.assumeTrue(System.getenv("CI") != null, e.getMessage());
      throw e;
    }
  }

  @Test
  void aStepRunsInTheBoxAndTwoBuildsMakeTheSame() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("run"));
    Files.writeString(
        directory.resolve("Dockerfile"),
        """
        FROM python:3
        ARG WHO=world
        ENV GREETING="hello $WHO"
        WORKDIR /usr/src/app
        RUN python -c 'import os; open("a", "w").write(os.environ["GREETING"])' && python -c "print(1)"
        RUN <<'EOF'
        #!/usr/bin/env python3
        import os
        os.symlink("a", "b")
        os.symlink("../../../../x", "d")
        open("/tmp/c", "w").write(open("b").read() + str(os.getuid() if hasattr(os, "getuid") else 0))
        EOF
        VOLUME /data/here
        USER nobody
        CMD python -c "print(open('b').read())"
        """);
    String first;
    try (var box = build(directory)) {
      assertThat(run(box)).isEqualTo("hello world\n");
      assertThat(run(box, "python3", "-c", "import os; print(os.listdir('.'))"))
          .isEqualTo("['a', 'b']\n");
      assertThat(run(box, "python3", "-c", "import os; print(os.listdir('/data'))"))
          .isEqualTo("['here']\n");
      first = box.image().digest().toString();
    }
    try (var box = build(Build.of(directory).cache(false), temporary.resolve("other"))) {
      assertThat(box.image().digest()).hasToString(first);
    }
  }

  /** An interpreter may have started in the build, or in one before. */
  @Test
  void whatAProgramMakesOfTimeAndChanceIsTheSameInEveryBuild() throws Exception {
    var directory = Files.createDirectories(temporary.resolve("chance/app")).getParent();
    for (var name : List.of("zeta", "alpha", "Beta")) {
      Files.writeString(directory.resolve("app").resolve(name + ".py"), "x = {'a', 'b', 'c'}\n");
    }
    Files.writeString(
        directory.resolve("Dockerfile"),
        """
        FROM ruby AS ruby
        RUN ruby -rsecurerandom -e 'File.write("/r", [rand, SecureRandom.hex, "a".hash, Time.now.nsec])'
        FROM python
        COPY app /app
        WORKDIR /app
        RUN <<'EOF'
        #!/usr/bin/python
        import compileall, os, random, select, sys, tempfile, time, uuid, zipfile
        sys.path.insert(0, "/app")
        import alpha
        compileall.compile_dir("/app", quiet=1)
        began = time.time()
        time.sleep(3600)
        with open("/w", "w") as out:
            print(os.listdir("/app"), os.stat("/app/zeta.py"), os.stat("/"), file=out)
            print(os.stat("/w"), select.select([0], [], [], 0.5), sys.stdin.read(), file=out)
            print(time.time(), time.monotonic(), time.time() - began, file=out)
            print(uuid.uuid4(), random.random(), tempfile.mkdtemp(), file=out)
            print({str(i) for i in range(20)}, hash("a"), file=out)
        with zipfile.ZipFile("/z.zip", "w", strict_timestamps=False) as archive:
            archive.writestr("now", "x")
            archive.write("/w")
        EOF
        COPY <<'EOF' /draw.py
        import uuid
        open("/drawn", "a").write(str(uuid.uuid4()) + "\\n")
        EOF
        RUN cd /tmp && python /draw.py && python /draw.py <<'EOF'
        some input
        EOF
        RUN python -c "import zeta; open('made.py', 'w').write('x = 1'); import made; print(made.x)"
        RUN python /draw.py
        COPY --from=ruby /r /r
        """);
    var build = Build.of(directory).time(Instant.EPOCH.plusSeconds(1_000_000_000)).cache(false);
    String first;
    try (var box = build(build, store)) {
      first = box.image().digest().toString();
    }
    try (var box = build(build, temporary.resolve("other"))) {
      assertThat(box.image().digest()).hasToString(first);
      assertThat(run(box, "python", "-c", "print(open('/drawn').read().strip())").lines())
          .hasSize(3)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aCommandThatFailsEndsTheBuildWithItsLine() throws Exception {
    var directory = Files.createDirectory(temporary.resolve("failing"));
    Files.writeString(
        directory.resolve("Dockerfile"), "FROM python\nRUN python -c 'raise SystemExit(3)'\n");
    assertThatIOException()
        .isThrownBy(() -> build(directory))
        .withMessageStartingWith("Dockerfile:2: ")
        .withMessageContaining("3");
    Files.writeString(directory.resolve("Dockerfile"), "FROM python\nRUN make all\n");
    assertThatIOException()
        .isThrownBy(() -> build(directory))
        .withMessageStartingWith("Dockerfile:2: ");
  }

  @Test
  void aReadOnlyBoxStartsAndCannotBeChanged() throws Exception {
    try (var box = build(EXAMPLES.resolve("python-sqrt"))) {
      var output = new ByteArrayOutputStream();
      var program =
          """
          open('/scratch/x', 'w')
          try:
            open('x', 'w')
          except OSError as e:
            print(e.strerror)
          """;
      var builder = box.sandbox("python", "-X", "utf8", "-c", program).readOnly(true);
      try (var sandbox = builder.temporary("/scratch").stdout(output).build()) {
        sandbox.run();
      }
      assertThat(output.toString(UTF_8)).isEqualTo("Read-only file system\n");
    }
  }
}
