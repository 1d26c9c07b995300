package dev.vivarium;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.guest.Command;
import dev.vivarium.guest.GuestStart;
import dev.vivarium.guest.Instantiator;
import dev.vivarium.guest.ProcessTexts;
import dev.vivarium.sys.Clock;
import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.stream.BytesInput;
import dev.vivarium.sys.stream.StreamInput;
import dev.vivarium.sys.stream.StreamOutput;
import dev.vivarium.sys.stream.Terminal;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.SystemClock;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.wasi.table.HostModules;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import jdk.jfr.FlightRecorder;

/**
 * One guest in a world of its own: a filesystem in memory, arguments, environment, streams and
 * limits in; exit status, reason and changed files out.
 *
 * <p>A sandbox runs once. {@link #run} may be called from any thread, and {@link #close} from any
 * other thread ends it. The guest reaches nothing of the host but the streams and the directories
 * that were given to it.
 */
public final class Sandbox implements AutoCloseable {
  /** The {@code PATH} of a guest that is given no other, as containers have it. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final int PID = 1;

  private final Builder settings;
  private final GuestStart start;
  private final Vfs vfs;
  private final Kernel kernel;
  private final Process process;
  private final Device stdin;
  private final Snapshot before;
  private final List<HostImport> imports;
  private final GuestThread thread;

  private final Object stage = new Object();
  // All guarded by stage.
  private boolean begun;
  private boolean running;
  private boolean closed;

  private volatile boolean resumed;

  private Sandbox(Builder settings, Vfs vfs) throws ErrnoException, IOException {
    this.settings = settings;
    this.start = settings.start.with(settings.arguments, settings.absoluteDirectory());
    this.vfs = vfs;
    this.kernel =
        new Kernel(
            vfs,
            settings.clock,
            settings.entropy,
            settings.limits,
            new NoThreads(),
            new DefaultActions(),
            new NoNetwork(),
            new NoProcesses());
    this.stdin =
        settings.content == null
            ? new StreamInput(settings.stdin, settings.stdinTerminal)
            : new BytesInput(settings.content);
    var stdout = new StreamOutput(settings.stdout, settings.stdoutTerminal);
    var stderr = new StreamOutput(settings.stderr, settings.stderrTerminal);
    var processes = new ProcessTable();
    World.furnish(vfs);
    World.mountDevices(vfs, kernel, terminal(settings, stdin, stdout, stderr));
    World.mountProcesses(vfs, kernel, processes);
    for (var mount : GuestMount.outerFirst(settings.mounts)) {
      try {
        mount.mountIn(vfs);
      } catch (ErrnoException e) {
        throw new IOException(mount.guest() + " cannot be mounted: " + e.errno().description(), e);
      }
    }
    if (settings.readOnly) {
      vfs.mounts().remount("/", MountOptions.DEFAULT.withReadOnly(true));
    }
    this.process = newProcess(stdin, stdout, stderr);
    processes.add(process);
    this.before = vfs.snapshot();
    this.imports = link(settings.trace);
    this.thread =
        new GuestThread(
            settings.limits.stackBytes(),
            settings.timeout,
            () -> stdout.writing() || stderr.writing());
  }

  private static Sandbox build(Builder settings) throws ErrnoException, IOException {
    var files =
        Vfs.builder().quota(settings.quota).clock(settings.clock).accessTimes(settings.accessTimes);
    if (settings.filesystem != null) {
      files.base(settings.filesystem);
    }
    var vfs = files.build();
    boolean built = false;
    try {
      var sandbox = new Sandbox(settings, vfs);
      built = true;
      return sandbox;
    } finally {
      if (!built) {
        vfs.mounts().releaseHost();
      }
    }
  }

  /** A builder for a guest. */
  public static Builder builder(EngineBinding.Module module) {
    return new Builder(module);
  }

  /** The start's own imports, and WASI's and WASIX's for the rest. */
  private List<HostImport> link(SyscallTrace trace) {
    settings.module.checkImports();
    var own = start.imports();
    var rest =
        settings.module.importedFunctions().stream()
            .filter(
                wanted ->
                    own.stream()
                        .noneMatch(
                            given ->
                                given.module().equals(wanted.module())
                                    && given.name().equals(wanted.name())))
            .toList();
    var imports = new ArrayList<>(own);
    imports.addAll(HostModules.link(rest, process, start.preopens(), trace));
    return List.copyOf(imports);
  }

  /**
   * Adds what every guest finds: {@code /tmp}, {@code /dev}, {@code /etc/passwd} and the like,
   * where they are absent. A sandbox does so itself; this is for who wants to read or change them
   * before.
   *
   * @throws ErrnoException if the tree has no room for them, or another kind of file in their way
   */
  public static void furnish(Vfs vfs) throws ErrnoException {
    World.furnish(vfs);
  }

  /**
   * As {@link #furnish(Vfs)}, of one directory alone: for who makes what is in it. Does nothing if
   * it is none that every guest finds.
   *
   * @param directory an absolute path
   */
  public static void furnish(Vfs vfs, String directory) throws ErrnoException {
    World.furnish(vfs, directory);
  }

  /** What {@code /dev/tty} is: the terminal that the guest reads from, if it also writes to it. */
  private static Device terminal(
      Builder settings, Device stdin, StreamOutput stdout, StreamOutput stderr) {
    if (!settings.stdinTerminal || !(settings.stdoutTerminal || settings.stderrTerminal)) {
      return null;
    }
    return new Terminal(stdin, settings.stdoutTerminal ? stdout : stderr);
  }

  private Process newProcess(Device stdin, Device stdout, Device stderr) throws ErrnoException {
    var made =
        new Process(
            kernel,
            PID,
            0,
            settings.user,
            settings.arguments.stream().map(s -> s.getBytes(UTF_8)).toList(),
            settings.environment.entrySet().stream()
                .map(e -> (e.getKey() + "=" + e.getValue()).getBytes(UTF_8))
                .toList());
    for (var stream : List.of(stdin, stdout, stderr)) {
      int flags = stream == stdin ? OpenFlags.O_RDONLY : OpenFlags.O_WRONLY;
      made.descriptors().add(new DeviceDescription(stream, flags, settings.user), 0, false);
    }
    int directory = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
    made.open(Process.AT_FDCWD, new byte[] {'/'}, directory, 0);
    for (var path : start.preopens()) {
      made.open(Process.AT_FDCWD, path.getBytes(UTF_8), directory, 0);
    }
    made.changeDirectory(settings.workingDirectory.getBytes(UTF_8));
    return made;
  }

  /**
   * The filesystem of this sandbox: may be read and written before, while and after the guest runs;
   * what is mounted of the host, until {@link #close}.
   */
  public Vfs filesystem() {
    return vfs;
  }

  /**
   * Runs the guest to its end. Whatever the guest does, this returns. One that has been closed
   * before is not started.
   *
   * @throws IllegalStateException if it has run already, or runs: which goes on as if nobody had
   *     asked
   * @throws InterruptedException if this thread is interrupted while it waits; the guest has been
   *     ended
   */
  public Outcome run() throws InterruptedException {
    // Before the try: what the run that is under way has open is not this one's to close.
    begin();
    // The event's class is not loaded where it is not needed: that would be part of each start.
    var event = FlightRecorder.isInitialized() ? new SandboxRunEvent() : null;
    if (event != null) {
      event.begin();
    }
    try {
      var outcome = thread.run(this::runGuest, this::outcome);
      if (event != null) {
        commit(event, outcome);
      }
      return outcome;
    } finally {
      end();
    }
  }

  private void begin() {
    synchronized (stage) {
      if (begun) {
        throw new IllegalStateException("a sandbox runs once; build another");
      }
      begun = true;
      running = true;
    }
  }

  private void end() {
    synchronized (stage) {
      running = false;
      leave();
    }
  }

  /** Of two threads that end and close it, the later one gives back what it holds of the host. */
  private void leave() {
    process.descriptors().closeAll();
    process.context().close();
    if (stdin instanceof StreamInput stream) {
      stream.close();
    }
    if (closed) {
      vfs.mounts().releaseHost();
    }
  }

  private void commit(SandboxRunEvent event, Outcome outcome) {
    event.end();
    if (!event.shouldCommit()) {
      return;
    }
    event.program = settings.arguments.isEmpty() ? "" : settings.arguments.get(0);
    event.reason = outcome.reason().name();
    event.status = outcome.status();
    event.message = outcome.message();
    event.resumed = resumed;
    event.memory = process.memoryBytes();
    event.memoryLimit = settings.limits.memoryBytes();
    event.files = vfs.usedBytes();
    event.filesLimit = settings.quota.bytes();
    event.commit();
  }

  private int runGuest(GuestThread.Watch watch) {
    return start.run(new Guest(watch), process);
  }

  /** The guest, as it is made by how it is started. */
  private final class Guest implements Instantiator {
    private final GuestThread.Watch watch;

    Guest(GuestThread.Watch watch) {
      this.watch = watch;
    }

    @Override
    public EngineBinding.Module module() {
      return settings.module;
    }

    @Override
    public GuestInstance begin() {
      return watched(settings.module.instantiate(imports, settings.limits.memoryBytes()));
    }

    @Override
    public GuestInstance begin(SyscallTrace witness) {
      var observed = link(SyscallTrace.both(settings.trace, witness));
      return watched(settings.module.instantiate(observed, settings.limits.memoryBytes()));
    }

    @Override
    public boolean allows(InstanceState state) {
      return state.memoryBytes() <= settings.limits.memoryBytes();
    }

    @Override
    public GuestInstance resume(InstanceState state) {
      resumed = true;
      return watched(settings.module.instantiate(imports, settings.limits.memoryBytes(), state));
    }

    private GuestInstance watched(GuestInstance guest) {
      process.setMemory(guest.memory()::size);
      watch.growthRefused(guest.memory()::growthRefused);
      return guest;
    }
  }

  private Outcome outcome(GuestThread.End end) {
    return new Outcome(end.reason(), end.status(), end.message(), vfs, before);
  }

  /**
   * Ends the guest if it still runs, and sees to it that it never does if it has not begun. What
   * the sandbox holds of the host is given back, as soon as the guest has ended: in a directory or
   * file of the host that was mounted, {@link #filesystem} answers EIO from then on. All else of it
   * can be read and written as before. May be called any number of times.
   */
  @Override
  public void close() {
    thread.close();
    synchronized (stage) {
      closed = true;
      if (!running) {
        leave();
      }
    }
  }

  /** Settings of a sandbox; each but the module has a safe default. */
  public static final class Builder {
    private final EngineBinding.Module module;
    private GuestStart start = new Command();
    private Snapshot filesystem;
    private Quota quota = Quota.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private Duration timeout;
    private Clock clock = new SystemClock();
    private RandomGenerator entropy = new SecureRandom();
    private Credentials user = Credentials.ROOT;
    private String workingDirectory = "/";
    private List<String> arguments = List.of("guest");
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<GuestMount> mounts = new ArrayList<>();
    private boolean readOnly;
    private AccessTimes accessTimes = AccessTimes.RELATIVE;
    private InputStream stdin = InputStream.nullInputStream();
    private byte[] content;
    private OutputStream stdout = OutputStream.nullOutputStream();
    private OutputStream stderr = OutputStream.nullOutputStream();
    private boolean stdinTerminal;
    private boolean stdoutTerminal;
    private boolean stderrTerminal;
    private SyscallTrace trace = SyscallTrace.NONE;

    private Builder(EngineBinding.Module module) {
      this.module = module;
      environment.put("HOME", "/root");
      environment.put("PATH", PATH);
      environment.put("PWD", "/");
    }

    /** How the guest is started; as a command if not set. */
    public Builder start(GuestStart newStart) {
      start = newStart;
      return this;
    }

    /**
     * The files that the guest starts from; an empty root if not set. The snapshot stays as it is.
     */
    public Builder filesystem(Snapshot snapshot) {
      filesystem = snapshot;
      return this;
    }

    /**
     * The filesystem's limits. The files it starts from are free; what the guest touches counts.
     */
    public Builder quota(Quota newQuota) {
      quota = newQuota;
      return this;
    }

    /** Limits of memory, descriptors and stack. */
    public Builder limits(Limits newLimits) {
      limits = newLimits;
      return this;
    }

    /**
     * The longest that the guest may run, from its start on; without limit if not set.
     *
     * @param duration above 0; null for no limit
     * @throws IllegalArgumentException if it is not above 0
     */
    public Builder timeout(Duration duration) {
      if (duration != null && (duration.isZero() || duration.isNegative())) {
        throw new IllegalArgumentException("a guest may run for a time above 0, not " + duration);
      }
      timeout = duration;
      return this;
    }

    /** The clock of the guest and of its files; the host's if not set. */
    public Builder clock(Clock newClock) {
      clock = newClock;
      return this;
    }

    /** The source of every random byte that the guest sees; a {@link SecureRandom} if not set. */
    public Builder entropy(RandomGenerator generator) {
      entropy = generator;
      return this;
    }

    /** Who the guest is; root if not set. */
    public Builder user(Credentials credentials) {
      user = credentials;
      return this;
    }

    /**
     * The working directory, which must exist when the guest starts; {@code /} if not set, and from
     * there if it is relative. Preview1 has no such notion: only a WASIX guest, or one whose
     * language is told by other means, sees it, as the interpreters' are; but not a Python with
     * {@code -I}, {@code -E} or {@code -S}, which finds a relative script there and starts in
     * {@code /}.
     *
     * @throws IllegalArgumentException if it has a NUL in it
     */
    public Builder workingDirectory(String path) {
      ProcessTexts.requireDirectory(path);
      workingDirectory = path;
      environment.put("PWD", absoluteDirectory());
      return this;
    }

    /**
     * The arguments, the program's own name first. They take the place of all that there were, also
     * of those that a builder of an interpreter or a box came with: an interpreter's command line
     * is what they are then, and its script is looked for in the {@link #workingDirectory}. Which
     * program runs does not depend on them.
     *
     * @throws IllegalArgumentException if one has a NUL in it, with which it would end for the
     *     guest
     */
    public Builder arguments(List<String> values) {
      var copy = List.copyOf(values);
      ProcessTexts.requireArguments(copy);
      arguments = copy;
      return this;
    }

    /** As {@link #arguments(List)}. */
    public Builder arguments(String... values) {
      return arguments(List.of(values));
    }

    /**
     * Sets one variable. HOME, PATH and PWD are set already; nothing of the host's is.
     *
     * @throws IllegalArgumentException if the name is empty, or has an equals sign or a NUL in it;
     *     if the value has a NUL in it: the guest would have another variable than this
     */
    public Builder environment(String name, String value) {
      ProcessTexts.requireVariable(name, value);
      environment.put(name, value);
      return this;
    }

    /**
     * Shows a directory or a regular file of the host at a path of the guest, whose directories are
     * made if they are not there. What is mounted at a path within another's is seen, in whichever
     * order they are given; of two at one path it is the later.
     *
     * @param guestPath an absolute path
     */
    public Builder mount(Path host, String guestPath, boolean readOnly) {
      mounts.add(new GuestMount.OfHost(guestPath, host, readOnly));
      return this;
    }

    /** Puts an empty filesystem at a path of the guest, in memory and with limits of its own. */
    public Builder temporary(String guestPath) {
      return temporary(guestPath, MountOptions.DEFAULT, 01777);
    }

    /**
     * As {@link #temporary(String)}, with options of its own.
     *
     * @param mode the permissions of its root
     */
    public Builder temporary(String guestPath, MountOptions options, int mode) {
      mounts.add(new GuestMount.Temporary(guestPath, options, mode));
      return this;
    }

    /**
     * Names a directory of the guest's that can be changed also where its root is {@link #readOnly
     * read-only}. It is made if it is not there; what is written to it counts as all else does.
     */
    public Builder volume(String guestPath) {
      mounts.add(new GuestMount.Volume(guestPath));
      return this;
    }

    /** Whether the guest's own root cannot be changed; volumes, and what is mounted in it, can. */
    public Builder readOnly(boolean choice) {
      readOnly = choice;
      return this;
    }

    /** When reading a file of the guest's own notes it; {@link AccessTimes#RELATIVE} if not set. */
    public Builder accessTimes(AccessTimes choice) {
      accessTimes = Objects.requireNonNull(choice);
      return this;
    }

    /** Standard input; empty if not set. Read on a thread of its own, one buffer ahead. */
    public Builder stdin(InputStream stream) {
      stdin = stream;
      content = null;
      return this;
    }

    /** Standard input that is there as a whole, a pipe to the guest; it waits for none of it. */
    public Builder stdin(byte[] bytes) {
      content = bytes.clone();
      return this;
    }

    /** Standard output; discarded if not set. */
    public Builder stdout(OutputStream stream) {
      stdout = stream;
      return this;
    }

    /** Standard error; discarded if not set. */
    public Builder stderr(OutputStream stream) {
      stderr = stream;
      return this;
    }

    /** Which of the three streams the guest is to take for terminals; none if not set. */
    public Builder terminals(boolean input, boolean output, boolean error) {
      stdinTerminal = input;
      stdoutTerminal = output;
      stderrTerminal = error;
      return this;
    }

    /** Hears of every call that the guest makes. */
    public Builder trace(SyscallTrace newTrace) {
      trace = newTrace;
      return this;
    }

    private String absoluteDirectory() {
      return workingDirectory.startsWith("/") ? workingDirectory : "/" + workingDirectory;
    }

    /**
     * Makes the sandbox.
     *
     * @throws IllegalArgumentException if an interpreter cannot do what its arguments ask; the
     *     message is for people
     * @throws ErrnoException if the filesystem or the working directory is not to be had: ENOENT,
     *     ENOTDIR, EACCES; ENOSPC if not even the default world fits the quota
     * @throws IOException if something cannot be mounted where it is to be, or a host directory not
     *     be confined
     * @throws dev.vivarium.engine.LinkException if the module imports what no host function can be
     */
    public Sandbox build() throws ErrnoException, IOException {
      return Sandbox.build(this);
    }
  }
}
