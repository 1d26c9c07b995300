package dev.vivarium.conformance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.CapturedOutput;
import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.image.ChangedFiles;
import dev.vivarium.image.DirectoryPacker;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.image.ImageWriter;
import dev.vivarium.vfs.nio.VfsFileSystem;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.wasi.trace.FlightRecorderTrace;
import dev.vivarium.wasi.trace.StraceText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/EMBEDDING.md shows, in its order. {@link SnippetsTest} compares the lines. */
@Timeout(300)
class EmbeddingGuideTest {
  private static Interpreter python;

  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    python = Interpreter.load("python");
  }

  private static Outcome run(Sandbox.Builder builder) throws Exception {
    try (var sandbox = builder.build()) {
      return sandbox.run();
    }
  }

  @Test
  void theFirstLines() throws Exception {
    var python = Interpreter.load("python");
    var output = new CapturedOutput(64 << 10);
    try (var sandbox = python.sandbox("-c", "print(6 * 7)").stdout(output).build()) {
      var outcome = sandbox.run();
      assertThat(outcome.status()).isZero();
      assertThat(output.text()).isEqualTo("42\n");
    }
  }

  @Test
  void limits() throws Exception {
    var builder =
        python
            .sandbox("-c", "bytearray(1 << 30)")
            .timeout(Duration.ofSeconds(60))
            .limits(Limits.DEFAULT.withMemoryBytes(256 << 20).withDescriptors(64))
            .quota(Quota.DEFAULT.withBytes(16 << 20).withInodes(1_000))
            .stdout(new CapturedOutput(64 << 10))
            .stderr(new CapturedOutput(64 << 10));
    assertThat(run(builder).status()).isEqualTo(1);
  }

  @Test
  void filesIn() throws Exception {
    var output = new CapturedOutput(64 << 10);
    var files = Vfs.fork(python.files());
    files.write("/data/input.csv", "a,1\nb,2\n".getBytes(UTF_8));
    files.write("/opt/python/table.py", "def rows(f): return len(list(f))".getBytes(UTF_8));
    var world = files.snapshot();

    var program = "import table; print(table.rows(open('/data/input.csv')))";
    var builder = python.sandbox(world, "/work", "-c", program);
    assertThat(run(builder.stdout(output)).status()).isZero();
    assertThat(output.text()).isEqualTo("2\n");
  }

  @Test
  void aDirectoryIn() throws Exception {
    Files.writeString(directory.resolve("input.txt"), "from the host");
    var warnings = new ArrayList<String>();
    var output = new CapturedOutput(64 << 10);
    var packed = DirectoryPacker.pack(directory, null, Instant.EPOCH, warnings::add);
    var program = "print(open('/copy/input.txt').read(), open('/live/input.txt').read())";
    var builder = python.sandbox("-c", program).mount(directory, "/live", true);
    try (var sandbox = builder.stdout(output).build()) {
      var readOnly = MountOptions.DEFAULT.withReadOnly(true);
      sandbox.filesystem().makeDirectories("/copy");
      sandbox.filesystem().mounts().snapshot("/copy", packed, readOnly);
      assertThat(sandbox.run().status()).isZero();
    }
    assertThat(output.text()).isEqualTo("from the host from the host\n");
    assertThat(warnings).isEmpty();
  }

  @Test
  void filesOut() throws Exception {
    var program =
        """
        import os
        os.makedirs('/tmp/a/directory')
        os.symlink('itself', '/tmp/itself')
        open('/tmp/a/directory/result', 'w').write('42')
        open('/elsewhere', 'w')
        """;
    var outcome = run(python.sandbox("-c", program));
    var written = new TreeMap<String, byte[]>();
    var omitted = new ArrayList<String>();
    int room = 4 << 20;
    for (var change : outcome.changes()) {
      if (change.kind() == Change.Kind.REMOVED || change.pathLength() >= 4096) {
        continue;
      }
      var path = change.pathText();
      if (!path.startsWith("/tmp/")) {
        continue;
      }
      try {
        byte[] content = outcome.filesystem().read(path, room);
        written.put(path, content);
        room -= content.length;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EISDIR) {
          omitted.add(path);
        }
      }
    }
    assertThat(written).containsOnlyKeys("/tmp/a/directory/result");
    assertThat(written.get("/tmp/a/directory/result")).asString().isEqualTo("42");
    assertThat(omitted).containsExactly("/tmp/itself");

    var unsaved = new ArrayList<String>();
    var empty = ChangedFiles.prepare(directory);
    ChangedFiles.save(outcome.filesystem(), outcome.changes(), empty, unsaved::add);
    assertThat(directory.resolve("tmp/a/directory/result")).hasContent("42");
    assertThat(unsaved).isEmpty();
  }

  @Test
  void snapshotsAndForks() throws Exception {
    var first = run(python.sandbox(python.files(), "/work", "-c", "open('step', 'w').write('1')"));
    var base = first.filesystem().snapshot();
    var left = run(python.sandbox(base, "/work", "-c", "open('step', 'a').write('2')"));
    var right = run(python.sandbox(base, "/work", "-c", "import os; os.rename('step', 'moved')"));

    assertThat(left.filesystem().read("/work/step")).asString().isEqualTo("12");
    assertThat(right.filesystem().read("/work/moved")).asString().isEqualTo("1");
    assertThat(left.filesystem().snapshot().diff(base)).hasToString("[CHANGED /work/step]");
    assertThat(right.changes().toString()).contains("RENAMED /work/step -> /work/moved");

    left.filesystem().rollback(base);
    assertThat(left.filesystem().read("/work/step")).asString().isEqualTo("1");

    var file = directory.resolve("world.image");
    try (var out = Files.newOutputStream(file)) {
      ImageWriter.write(base, out);
    }
    var again = Vfs.fork(ImageReader.open(file));
    assertThat(again.read("/work/step")).asString().isEqualTo("1");
  }

  @Test
  void theViewOfTheHost() throws Exception {
    var program = "open('/tmp/out', 'w').write(open('/tmp/in').read().upper())";
    try (var sandbox = python.sandbox("-c", program).build();
        var view = VfsFileSystem.of(sandbox.filesystem())) {
      Files.writeString(view.getPath("/tmp/in"), "text");
      sandbox.run();
      assertThat(view.getPath("/tmp/out")).hasContent("TEXT");
      try (var names = Files.list(view.getPath("/tmp"))) {
        assertThat(names.map(Path::toString)).containsExactly("/tmp/in", "/tmp/out");
      }
    }
  }

  @Test
  void traces() throws Exception {
    var calls = new ArrayBlockingQueue<String>(10_000);
    var builder = python.sandbox("-c", "open('/tmp/x', 'w')").trace(new StraceText(calls::offer));
    run(builder);
    assertThat(calls).anyMatch(call -> call.matches("path_open\\(3, .*\"tmp/x\".*\\) = 0 .*"));
  }

  @Test
  void recordings() throws Exception {
    var ended = new CompletableFuture<String>();
    try (var recording = new RecordingStream()) {
      recording.onEvent(
          "vivarium.SandboxRun",
          run -> ended.complete(run.getString("reason") + " in " + run.getDuration().toSeconds()));
      recording.startAsync();
      run(python.sandbox("-c", "pass").trace(new FlightRecorderTrace()));
      assertThat(ended.get(60, TimeUnit.SECONDS)).startsWith("EXITED in ");
    }
  }

  /** The fields are named in the table of events. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.vivarium.SandboxRunEvent",
        "dev.vivarium.engine.chicory.ModulePreparationEvent",
        "dev.vivarium.wasi.trace.FlightRecorderTrace$SyscallEvent"
      })
  void fieldsOfEvents(String event) throws Exception {
    var type = Class.forName(event);
    var name = "| `" + type.getAnnotation(Name.class).value() + "` |";
    var row =
        Page.lines(Page.TOP.resolve("docs/EMBEDDING.md")).stream()
            .filter(line -> line.startsWith(name))
            .collect(Collectors.joining());
    assertThat(Stream.of(type.getDeclaredFields()).filter(field -> !field.isSynthetic()))
        .filteredOn(field -> field.isAnnotationPresent(Label.class))
        .isNotEmpty()
        .allSatisfy(field -> assertThat(row).contains("`" + field.getName() + "`"));
  }

  @Test
  void closing() throws Exception {
    var threads = Executors.newFixedThreadPool(1);
    try (var sandbox = python.sandbox("-c", "while True: pass").build()) {
      var running = threads.submit(sandbox::run);
      sandbox.close();
      assertThat(running.get().reason()).isEqualTo(Outcome.Reason.CLOSED);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void errors() throws Exception {
    var errors = new CapturedOutput(64 << 10);
    var failed = run(python.sandbox("-c", "1 / 0").stderr(errors));
    assertThat(failed.reason()).isEqualTo(Outcome.Reason.EXITED);
    assertThat(failed.status()).isEqualTo(1);
    assertThat(errors.text()).endsWith("ZeroDivisionError: division by zero\n");

    assertThatThrownBy(() -> Interpreter.load("cobol"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no runtime is named cobol");
  }

  @Test
  void anyModule() throws Exception {
    var cache = directory.resolve("modules");
    var file = Files.write(directory.resolve("guest.wasm"), Wat.guest("sandbox_exit"));
    var engine = ChicoryEngine.withCache(cache);
    var module = engine.load(WasmSource.of(file), Progress.NONE);
    var builder =
        Sandbox.builder(module)
            .arguments("guest", "--flag")
            .environment("LANG", "C.UTF-8")
            .user(new Credentials(1000, 1000))
            .clock(new VirtualClock(Instant.EPOCH, 1_000))
            .entropy(new Random(1));
    assertThat(run(builder).status()).isEqualTo(7);
  }
}
