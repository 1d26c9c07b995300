package dev.vivarium.conformance.docs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.Parser;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.CapturedOutput;
import dev.vivarium.Sandbox;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.nio.VfsFileSystem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/MIGRATING.md shows, before and after. {@link SnippetsTest} compares the lines. */
class MigrationGuideTest {
  @TempDir Path directory;

  private final InputStream stdin = new ByteArrayInputStream(new byte[0]);

  @Test
  void aProgramThatChangesFilesOnChicoryAndJimfs() throws Exception {
    var wasm = Wat.guest("sandbox_write");
    var stdout = new ByteArrayOutputStream();
    var module = Parser.parse(wasm);
    try (var files = Jimfs.newFileSystem(Configuration.unix())) {
      Files.createDirectories(files.getPath("/tmp"));
      Files.createDirectories(files.getPath("/etc"));
      Files.writeString(files.getPath("/etc/hosts"), "127.0.0.1 localhost\n");
      Files.writeString(files.getPath("/etc/group"), "root:x:0:\n");
      var options =
          WasiOptions.builder()
              .withStdin(stdin)
              .withStdout(stdout)
              .withArguments(List.of("guest", "--flag"))
              .withEnvironment("LANG", "C.UTF-8")
              .withDirectory("/", files.getPath("/"))
              .withClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
              .withRandom(new Random(1));
      int status = 0;
      try (var wasi = WasiPreview1.builder().withOptions(options.build()).build()) {
        var imports = ImportValues.builder().addFunction(wasi.toHostFunctions()).build();
        Instance.builder(module)
            .withMachineFactory(MachineFactoryCompiler::compile)
            .withImportValues(imports)
            .build();
      } catch (WasiExitException e) {
        status = e.exitCode();
      }
      assertThat(status).isZero();
      assertThat(files.getPath("/tmp/new")).hasContent("hello");
      assertThat(files.getPath("/etc/group")).doesNotExist();
    }
  }

  @Test
  void theSameProgramHere() throws Exception {
    var wasm = Wat.guest("sandbox_write");
    var cache = directory.resolve("modules");
    var stdout = new CapturedOutput(64 << 10);
    var module = ChicoryEngine.withCache(cache).load(WasmSource.of("guest", wasm), Progress.NONE);
    var files = Vfs.builder().build();
    files.write("/etc/hosts", "127.0.0.1 localhost\n".getBytes(US_ASCII));
    var builder =
        Sandbox.builder(module)
            .stdin(stdin)
            .stdout(stdout)
            .arguments("guest", "--flag")
            .environment("LANG", "C.UTF-8")
            .filesystem(files.snapshot())
            .clock(new VirtualClock(Instant.EPOCH, 0))
            .entropy(new Random(1));
    try (var sandbox = builder.build()) {
      var outcome = sandbox.run();
      int status = outcome.status();
      assertThat(status).isZero();
      try (var view = VfsFileSystem.of(outcome.filesystem())) {
        assertThat(view.getPath("/tmp/new")).hasContent("hello");
        assertThat(view.getPath("/etc/group")).doesNotExist();
      }
      assertThat(outcome.changes().toString()).contains("ADDED /tmp/new", "REMOVED /etc/group");
    }
  }
}
