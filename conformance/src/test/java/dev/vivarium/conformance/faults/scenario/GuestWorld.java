package dev.vivarium.conformance.faults.scenario;

import static dev.vivarium.conformance.faults.scenario.World.bytes;
import static dev.vivarium.conformance.faults.scenario.World.content;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.conformance.hostile.Forwarder;
import dev.vivarium.conformance.hostile.Import;
import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.proc.ProcFileSystem;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.stream.StreamOutput;
import dev.vivarium.sys.stream.Terminal;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.table.HostModules;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link World} with a guest in it, which can call every import; the same each time. Its
 * descriptors:
 *
 * <p>0 and 1 are a terminal, 2 is the last of a file without a name, 3 the root, 4 and 5 are files,
 * 5 one of the base, 6 a directory, 7 and 8 a pipe with something in it, 9 a socket, 10 an input
 * without anything in it, 11 and 12 a pipe without, 13 {@code /dev/urandom}, 14 {@code
 * /proc/self/fd}, 15 {@code /dev/tty}. One more does not fit into the table as it is.
 */
final class GuestWorld {
  static final int RESULT = 0x100;
  static final int RESULTS = 0x80;
  private static final int PID = 1;

  /** A module that can call what it imports; one guest of it lives in one world after another. */
  static final class Kind {
    private final List<Import> imports;
    private final GuestInstance instance;
    private HostImport.Handler present;

    Kind(List<Import> imports) throws IOException {
      this.imports = imports;
      var source = WasmSource.of("forwarder", Forwarder.of(imports));
      var module = ChicoryEngine.withoutCache().load(source, Progress.NONE);
      var linked = new ArrayList<HostImport>();
      for (var row : module.importedFunctions()) {
        HostImport.Handler handler = (caller, args) -> present.call(caller, args);
        linked.add(new HostImport(row.module(), row.name(), row.signature(), handler));
      }
      instance = module.instantiate(linked, module.minimumMemory());
    }

    /** What serves the calls of an import in a process, as in a guest that imports all of these. */
    private HostImport.Handler handler(Import target, Process process) {
      var rows = new ArrayList<>(List.of(row(target)));
      imports.stream()
          .filter(row -> row.module().startsWith("wasix_"))
          .map(Kind::row)
          .limit(1)
          .forEach(rows::add);
      return HostModules.link(rows, process, List.of(), SyscallTrace.NONE).get(0).handler();
    }

    private static ImportedFunction row(Import target) {
      return new ImportedFunction(
          target.module(), target.shape().name(), target.shape().signature());
    }
  }

  final World world = new World();
  private final Ports.Input in = new Ports.Input(FileType.CHARACTER_DEVICE, 3_000);
  private final Ports.Input idle = new Ports.Input(FileType.FIFO, 0);
  private final Ports.Output out = new Ports.Output();
  private final Process process;
  private final Kind kind;
  private final ImportCall call;
  private final HostImport.Handler handler;
  private long points;

  /**
   * @param call the call that is to be made in it
   */
  GuestWorld(Kind kind, ImportCall call) throws ErrnoException, InterruptedException {
    this.kind = kind;
    this.call = call;
    var kernel =
        new Kernel(
            world.vfs,
            Ports.clock(world::instant),
            Ports.entropy(),
            Limits.DEFAULT,
            new NoThreads(),
            new DefaultActions(),
            Ports.network(),
            new NoProcesses());
    var processes = new ProcessTable();
    process =
        new Process(
            kernel, PID, 0, Credentials.ROOT, List.of(bytes("guest")), List.of(bytes("HOME=/")));
    processes.add(process);
    var output = new StreamOutput(out, true);
    mount(kernel, processes, new Terminal(in, output));
    add(new DeviceDescription(in, OpenFlags.O_RDONLY));
    add(new DeviceDescription(output, OpenFlags.O_WRONLY));
    world.opened.remove(world.nameless);
    add(world.nameless);
    open("/", OpenFlags.O_DIRECTORY);
    world.own.seek(100, Whence.SET);
    world.own.retain();
    add(world.own);
    world.shared.retain();
    add(world.shared);
    open("/o", OpenFlags.O_DIRECTORY);
    pipe(content('p', 5_000));
    add(new DeviceDescription(new Ports.Input(FileType.SOCKET, 3_000), OpenFlags.O_RDWR));
    add(new DeviceDescription(idle, OpenFlags.O_RDONLY));
    pipe(new byte[0]);
    open("/dev/urandom", OpenFlags.O_RDWR);
    open("/proc/self/fd", OpenFlags.O_DIRECTORY);
    open("/dev/tty", OpenFlags.O_RDWR);
    handler = kind.handler(call.target(), process);
  }

  private void mount(Kernel kernel, ProcessTable processes, Device terminal) throws ErrnoException {
    world.mkdir("/dev");
    world.mkdir("/proc");
    var devices = Devices.standard(kernel.entropy());
    devices.put("tty", terminal);
    world.vfs.mounts().devices("/dev", devices);
    world
        .vfs
        .mounts()
        .driver(
            "/proc", device -> new ProcFileSystem(device, kernel, processes), MountOptions.DEFAULT);
  }

  private void add(FileDescription description) throws ErrnoException {
    process.descriptors().add(description, 0, false);
  }

  /** Opens with the lowest free descriptor. */
  void open(String path, int flags) throws ErrnoException {
    process.open(Process.AT_FDCWD, bytes(path), flags, 0);
  }

  private void pipe(byte[] content) throws ErrnoException, InterruptedException {
    var pipe = world.vfs.pipe(process.context(), 0);
    add(pipe.reader());
    add(pipe.writer());
    pipe.writer().write(content, 0, content.length);
  }

  /** Lets the guest make the call, in which the n-th point fails; says what came of it. */
  String call(long n) {
    call.prepare(kind.instance.memory());
    kind.present = handler;
    Faults.arm(n);
    try {
      return outcome(kind.instance.call(call.target().id(), call.arguments()));
    } catch (ProcessExit e) {
      return "exit " + e.code();
    } catch (GuestTrap e) {
      return Faults.isOfPort(e.getCause()) ? "trap" : e.kind() + " " + e.getMessage();
    } catch (OutOfMemoryError e) {
      return "end";
    } finally {
      points = Faults.disarm();
    }
  }

  /** How many points the last call has passed. */
  long points() {
    return points;
  }

  private String outcome(long[] results) {
    if (results.length == 0) {
      return "returned";
    }
    boolean value = call.target().shape().returns().core() == Returns.Core.VALUE;
    var name = WasiErrno.name((int) (value ? Math.max(0, -results[0]) : results[0]));
    if (!name.equals("SUCCESS")) {
      return name;
    }
    var text = new StringBuilder(name);
    for (int i = 0; i < call.target().shape().returns().outs().size(); i++) {
      text.append(' ').append(kind.instance.memory().readLong(RESULT + RESULTS * i));
    }
    return text.toString();
  }

  /** All that can be seen of it, by the guest or by others. */
  String describe() throws ErrnoException {
    var text = new StringBuilder(world.describe()).append('\n');
    var descriptors = process.descriptors();
    for (int fd = descriptors.next(0); fd >= 0; fd = descriptors.next(fd + 1)) {
      var file = descriptors.get(fd);
      boolean regular = file.type() == FileType.REGULAR;
      text.append(
          "%d: %s %o %s %x at %d, %d to read%n"
              .formatted(
                  fd,
                  file.type(),
                  file.flags(),
                  descriptors.closeOnExec(fd),
                  descriptors.rights(fd),
                  regular ? file.seek(0, Whence.CUR) : 0,
                  file.readiness().available()));
    }
    return text.append(new String(process.workingDirectory(), ISO_8859_1))
        .append("\nwritten ")
        .append(out.written)
        .append(", watched by ")
        .append(in.watchers() + idle.watchers())
        .toString();
  }

  /** Ends the guest. */
  void end() throws ErrnoException {
    process.descriptors().closeAll();
    process.context().close();
    world.vfs.mounts().unmount("/dev");
    world.vfs.mounts().unmount("/proc");
  }

  /** Ends the guest, and removes everything; what is in use afterwards is lost. */
  String remains() throws ErrnoException {
    end();
    return world.remains() + in.watchers() + idle.watchers();
  }
}
