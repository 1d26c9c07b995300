package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.Sandbox;
import dev.vivarium.cli.Main;
import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.wat.Wat;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.wasi.abi.WasiErrno;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is mounted read-only, of whatever kind, stays as it is against every call, even of root. */
class ReadOnlyMountTest {

  /** What can fail, and changes nothing that is stored; a rollback does, and is the host's. */
  private static final Set<String> OTHERS =
      Set.of(
          """
          FileDescription.getRecordLock/1 FileDescription.getXattr/2 FileDescription.listXattr/0
          FileDescription.lock/2 FileDescription.pipeSize/0 FileDescription.pread/4 FileDescription.read/3
          FileDescription.readDirectory/2 FileDescription.reopen/1 FileDescription.seek/2
          FileDescription.setFlags/2 FileDescription.setPipeSize/1 FileDescription.setRecordLock/2
          FileDescription.setRecordLock/4 FileDescription.stat/0 FileDescription.statFileSystem/0
          FileDescription.statx/0 FileDescription.sync/1 FileDescription.syncFileSystem/0
          Process.changeDirectory/1 Process.changeRoot/1 Process.getXattr/3 Process.inFork/3
          Process.listXattr/2 Process.readLink/2 Process.setLock/3 Process.stat/3 Process.statFileSystem/1 Process.statx/3
          Process.workingDirectory/0
          Vfs.directory/3 Vfs.directoryOf/1 Vfs.getXattr/5 Vfs.listXattr/4 Vfs.pathOf/2 Vfs.pipe/2
          Vfs.read/1 Vfs.read/2 Vfs.readLink/2 Vfs.readLink/3 Vfs.rollback/1 Vfs.stat/4
          Vfs.statFileSystem/3 Vfs.statx/4 Vfs.tree/1 Vfs.tree/2
          """
              .split("\\s+"));

  /** Its status is what the call answers. */
  private static final String MAKES_A_DIRECTORY =
      """
      (module
        (import "wasi_snapshot_preview1" "path_create_directory"
          (func $make (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "new")
        (func (export "_start")
          (call $exit (call $make (i32.const 3) (i32.const 0) (i32.const 3)))))
      """;

  @TempDir Path host;

  private final VirtualClock clock = new VirtualClock(Instant.EPOCH, 1_000_000);
  private final Vfs vfs =
      Vfs.builder().clock(() -> Instant.ofEpochSecond(0, clock.realtimeNanos())).build();

  @Test
  void anImageStaysAsItIs() throws Exception {
    vfs.makeDirectories("/m");
    vfs.mounts().snapshot("/m", image(), MountOptions.READ_ONLY);
    String before = Digest.of(vfs, "/m");
    refusesEverything(vfs, "/m", "");
    assertThat(Digest.of(vfs, "/m")).isEqualTo(before);
    assertThat(vfs.listXattr(vfs.superuser(), vfs.root(), bytes("/m/f"), true)).hasSize(1);
  }

  @Test
  void whatIsMountedAnewStaysAsItIsThoughItIsRead() throws Exception {
    vfs.makeDirectories("/m");
    vfs.mounts().memory("/m", MountOptions.DEFAULT);
    vfs.write("/m/f", "content".getBytes(US_ASCII));
    vfs.makeDirectories("/m/d");
    vfs.mounts().remount("/m", MountOptions.READ_ONLY);
    var before = stats();
    String content = Digest.of(vfs, "/m");
    refusesEverything(vfs, "/m", "");
    assertThat(Digest.of(vfs, "/m")).isEqualTo(content);
    assertThat(stats()).isEqualTo(before);
  }

  private List<Stat> stats() throws ErrnoException {
    var stats = new ArrayList<Stat>();
    for (var path : List.of("/m", "/m/f", "/m/d")) {
      stats.add(vfs.stat(vfs.superuser(), vfs.root(), bytes(path), true));
    }
    return stats;
  }

  @Test
  void aDirectoryOfTheHostStaysAsItIs() throws Exception {
    lay(host);
    vfs.makeDirectories("/m");
    vfs.mounts().hostDirectory("/m", host, MountOptions.READ_ONLY);
    String before = Digest.of(host);
    refusesEverything(vfs, "/m", "");
    assertThat(Digest.of(host)).isEqualTo(before);
  }

  @Test
  void aZipFileStaysAsItIs() throws Exception {
    var file = URI.create("jar:" + host.resolve("files.zip").toUri());
    try (var zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
      lay(zip.getPath("/"));
      vfs.makeDirectories("/m");
      vfs.mounts().tree("/m", zip.getPath("/"), MountOptions.READ_ONLY);
      String before = Digest.of(zip.getPath("/"));
      refusesEverything(vfs, "/m", "");
      assertThat(Digest.of(zip.getPath("/"))).isEqualTo(before);
    }
  }

  @Test
  void theRootOfASandboxStaysAsItIs() throws Exception {
    assertThat(changes(builder -> builder.temporary("/w"))).isEmpty();
  }

  /** Though it is one filesystem. */
  @Test
  void theRootOfASandboxStaysAsItIsBesideAVolume() throws Exception {
    assertThat(changes(builder -> builder.volume("/w")))
        .isNotEmpty()
        .allMatch(change -> new String(change.path(), US_ASCII).startsWith("/w"));
  }

  /** What all calls change in a sandbox that may be changed only at {@code /w}. */
  private List<Change> changes(UnaryOperator<Sandbox.Builder> writable) throws Exception {
    byte[] empty = {0, 'a', 's', 'm', 1, 0, 0, 0};
    var module = ChicoryEngine.withoutCache().load(WasmSource.of("empty", empty), Progress.NONE);
    var builder = writable.apply(Sandbox.builder(module).filesystem(image()).readOnly(true));
    try (var sandbox = builder.build()) {
      var root = sandbox.filesystem();
      var before = root.snapshot();
      refusesEverything(root, "", "/w");
      return root.snapshot().diff(before);
    }
  }

  @Test
  void theCommandLineAsksForIt() throws Exception {
    var guest = Files.write(host.resolve("guest.wasm"), Wat.assemble(MAKES_A_DIRECTORY));
    assertThat(run("run", "--read-only", guest.toString())).isEqualTo(WasiErrno.of(Errno.EROFS));
    assertThat(run("run", guest.toString())).isZero();
  }

  private static int run(String... arguments) throws Exception {
    var command = Checkout.java(Checkout.classPath(), Main.class.getName());
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    return process.redirectOutput(Redirect.DISCARD).start().waitFor();
  }

  @Test
  void noCallThatChangesWhatIsStoredIsLeftOut() throws Exception {
    vfs.write("/f", new byte[0]);
    vfs.makeDirectories("/d");
    vfs.write("/mine", new byte[0]);
    var known = new TreeSet<>(OTHERS);
    Changes.of(process(vfs), "", "").forEach(change -> known.add(change.method()));
    var present = new TreeSet<String>();
    for (var type : List.of(FileDescription.class, Process.class, Transfer.class, Vfs.class)) {
      Stream.of(type.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()) && canFail(method))
          .forEach(method -> present.add(name(method)));
    }
    assertThat(present).containsExactlyInAnyOrderElementsOf(known);
  }

  private static boolean canFail(Method method) {
    return List.of(method.getExceptionTypes()).contains(ErrnoException.class);
  }

  private static String name(Method method) {
    String type = method.getDeclaringClass().getSimpleName();
    return type + "." + method.getName() + "/" + method.getParameterCount();
  }

  private static Snapshot image() throws ErrnoException {
    var image = Vfs.builder().build();
    image.write("/f", "content".getBytes(US_ASCII));
    image.makeDirectories("/d");
    image.setXattr(
        image.superuser(), image.root(), bytes("/f"), bytes("user.a"), new byte[1], 0, true);
    return image.snapshot();
  }

  private static void lay(Path top) throws Exception {
    Files.writeString(top.resolve("f"), "content");
    Files.createDirectory(top.resolve("d"));
  }

  private Process process(Vfs world) {
    var kernel =
        new Kernel(
            world,
            clock,
            new Random(1),
            Limits.DEFAULT,
            new NoThreads(),
            new DefaultActions(),
            new NoNetwork(),
            new NoProcesses());
    return new Process(kernel, 1, 0, Credentials.ROOT, List.of(), List.of());
  }

  private void refusesEverything(Vfs world, String place, String elsewhere) throws Exception {
    world.write(elsewhere + "/mine", "mine".getBytes(US_ASCII));
    world.makeDirectories(elsewhere + "/dir");
    int open = world.openFiles();
    var process = process(world);
    var wrong = new ArrayList<String>();
    for (var change : Changes.of(process, place, elsewhere)) {
      var outcome = change.outcome();
      if (outcome != change.refusal()) {
        wrong.add(change + ": " + outcome + " instead of " + change.refusal());
      }
    }
    assertThat(wrong).isEmpty();
    process.descriptors().closeAll();
    process.context().close();
    assertThat(world.check()).isEmpty();
    assertThat(world.openFiles()).isEqualTo(open);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
