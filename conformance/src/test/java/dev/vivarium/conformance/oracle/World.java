package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.proc.ProcFileSystem;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/** Our side: a filesystem with processes in it, as a {@link Scenario} wants them. */
final class World {
  /** {@code RLIMIT_NOFILE}, also in the helper. */
  static final int DESCRIPTORS = 32;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Scenario scenario;
  private final Vfs vfs;
  private final List<Process> processes = new ArrayList<>();
  private final Queue<FileDescription> mail = new ArrayDeque<>();
  private final Map<FileDescription, Credentials> openers = new IdentityHashMap<>();
  private final Location proc;
  private final Duration step;
  private Instant now = START;

  /**
   * @param step how far time goes on whenever somebody looks at it
   */
  World(Scenario scenario, Duration step) throws ErrnoException {
    this.scenario = scenario;
    this.step = step;
    // Room for the text of links, which tmpfs does not count while it is short.
    var quota =
        Quota.DEFAULT.withBytes(4096L * scenario.pages() + 4095).withInodes(scenario.inodes());
    vfs = Vfs.builder().quota(quota).clock(this::now).build();
    vfs.changeMode(vfs.superuser(), vfs.root(), new byte[] {'/'}, scenario.rootMode(), true);
    var kernel =
        new Kernel(
            vfs,
            new VirtualClock(START, 0),
            new Random(0),
            Limits.DEFAULT.withDescriptors(DESCRIPTORS),
            new NoThreads(),
            new DefaultActions(),
            new NoNetwork(),
            new NoProcesses());
    var table = new ProcessTable();
    for (var each : scenario.processes()) {
      int pid = processes.size() + 1;
      var process = new Process(kernel, pid, 1, each.credentials(), List.of(), List.of());
      processes.add(process);
      table.add(process);
    }
    proc = mountProc(kernel, table);
  }

  /**
   * Mounts {@code /proc} where no path leads. The directory that it hides counts as an inode, in
   * the place of the root directory, which tmpfs counts and ours does not.
   */
  private Location mountProc(Kernel kernel, ProcessTable table) throws ErrnoException {
    byte[] name = {'p'};
    vfs.makeDirectory(vfs.superuser(), vfs.root(), name, 0);
    vfs.mounts()
        .driver("/p", device -> new ProcFileSystem(device, kernel, table), MountOptions.DEFAULT);
    var mount = vfs.directory(vfs.superuser(), vfs.root(), name);
    var tree = vfs.root().mount().fileSystem();
    tree.removeDirectory(tree.root(), name);
    return mount;
  }

  /** What our side says to a script, without the calls that have to be left out. */
  static Answers run(Script script, Duration step) throws ErrnoException {
    var world = new World(script.scenario(), step);
    var made = new ArrayList<Operation>();
    var answers = new Answers(made, nanos(START));
    for (var operation : script.operations()) {
      if (!AcceptedDifference.leavesOut(world, operation)) {
        made.add(operation);
        answers.addResult(operation, world.run(operation));
      }
    }
    FinalTree.of(world.vfs).forEach(answers::addToTree);
    return answers;
  }

  /** Makes a call; answers with its result, or the name of its error. */
  String run(Operation operation) {
    var process = process(operation);
    try {
      return operation.call().run(this, process, new Arguments(operation.arguments()));
    } catch (ErrnoException e) {
      return e.errno().name();
    } catch (InterruptedException | RuntimeException | LinkageError e) {
      // No guest can cause these: what Linux answers will differ.
      return e.toString();
    }
  }

  Scenario scenario() {
    return scenario;
  }

  Vfs vfs() {
    return vfs;
  }

  /** The root of {@code /proc}. */
  Location proc() {
    return proc;
  }

  Process process(Operation operation) {
    return processes.get(operation.process());
  }

  /** The descriptions that are on their way from one process to another. */
  Queue<FileDescription> mail() {
    return mail;
  }

  /** Who opened what is open. */
  Map<FileDescription, Credentials> openers() {
    return openers;
  }

  private Instant now() {
    now = now.plus(step);
    return now;
  }

  /** Lets time go on; answers with a border between what was and what will be. */
  long tick() {
    now = now.plusSeconds(1);
    return nanos(now);
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
