package dev.vivarium.conformance.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.trace.StraceText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Runs a guest in a world in which nothing varies, and gives back all that can be seen of the run:
 * the trace, how it ended, what it printed, what it changed.
 *
 * <p>The guest is user 1000, and so is the owner of everything below but {@code private}:
 *
 * <pre>
 * file      "hello, world\\n"            hard      a second name of file
 * dir/      one, two, three, up -> ../file
 * empty/                                link      -> file
 * dirlink   -> dir                      loop      -> loop
 * dangling  -> nowhere                  readonly  mode 0444
 * private/  root's, mode 0700, with x
 * </pre>
 */
final class GoldenRun {
  private static final int USER = 1000;
  private static final EngineBinding ENGINE = ChicoryEngine.withoutCache();
  private static final Snapshot WORLD = world();

  private GoldenRun() {}

  static String of(String name, byte[] guest) throws Exception {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    try (Sandbox sandbox =
        Sandbox.builder(ENGINE.load(WasmSource.of(name, guest), Progress.NONE))
            .filesystem(WORLD)
            .user(new Credentials(USER, USER))
            .arguments("guest", "an argument", "")
            .environment("VARIABLE", "value")
            .clock(clock())
            .entropy(new Random(1))
            .stdin(new ByteArrayInputStream("some input\n".getBytes(UTF_8)))
            .stdout(stdout)
            .stderr(stderr)
            .trace(new StraceText(lines::add))
            .timeout(Duration.ofSeconds(60))
            .build()) {
      Outcome outcome = sandbox.run();
      lines.add("");
      lines.add("ended: " + outcome);
      show(lines, "stdout", stdout);
      show(lines, "stderr", stderr);
      for (Change change : outcome.changes()) {
        lines.add(change.kind().name().toLowerCase(Locale.ROOT) + ": " + change.pathText());
      }
      lines.addAll(sandbox.filesystem().check());
    }
    return String.join("\n", lines) + "\n";
  }

  private static void show(List<String> lines, String stream, ByteArrayOutputStream bytes) {
    if (bytes.size() > 0) {
      lines.add(stream + ": " + escaped(bytes.toByteArray()));
    }
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      boolean plain = b >= ' ' && b < 127 && b != '\\';
      text.append(plain ? String.valueOf((char) b) : b == '\n' ? "\\n" : "\\x%02x".formatted(b));
    }
    return text.toString();
  }

  private static VirtualClock clock() {
    return new VirtualClock(Instant.parse("2026-01-01T00:00:00Z"), 1000);
  }

  private static Snapshot world() {
    try {
      Vfs vfs = Vfs.builder().clock(clock()).build();
      vfs.write("/file", "hello, world\n".getBytes(UTF_8));
      vfs.write("/dir/one", "1\n".getBytes(UTF_8));
      vfs.write("/dir/two", "22\n".getBytes(UTF_8));
      vfs.write("/dir/three", "333\n".getBytes(UTF_8));
      vfs.write("/readonly", "fixed\n".getBytes(UTF_8));
      vfs.write("/private/x", "secret\n".getBytes(UTF_8));
      vfs.makeDirectories("/empty");
      FsContext root = vfs.superuser();
      vfs.link(root, vfs.root(), bytes("file"), false, vfs.root(), bytes("hard"));
      for (String link :
          List.of("link file", "loop loop", "dangling nowhere", "dirlink dir", "dir/up ../file")) {
        String[] words = link.split(" ", 2);
        vfs.symlink(root, bytes(words[1]), vfs.root(), bytes(words[0]));
        own(vfs, words[0]);
      }
      for (String path :
          List.of("/", "file", "dir", "dir/one", "dir/two", "dir/three", "readonly")) {
        own(vfs, path);
      }
      own(vfs, "empty");
      vfs.changeMode(root, vfs.root(), bytes("readonly"), 0444, true);
      vfs.changeMode(root, vfs.root(), bytes("private"), 0700, true);
      return vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void own(Vfs vfs, String path) throws ErrnoException {
    vfs.changeOwner(vfs.superuser(), vfs.root(), bytes(path), USER, USER, false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
