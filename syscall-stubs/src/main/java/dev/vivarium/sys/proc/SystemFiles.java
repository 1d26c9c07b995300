package dev.vivarium.sys.proc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.vfs.mount.Caller;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoFile;
import dev.vivarium.vfs.mount.PseudoLink;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/** What of {@code /proc} belongs to no process: the sandbox, as the kernel tells of itself. */
final class SystemFiles {
  static final long NANOS_PER_TICK = 10_000_000;

  private static final String OS_TYPE = "Linux";
  private static final String OS_RELEASE = "6.1.0-vivarium";
  private static final int PID_MAX = 1 << 22;

  private final Kernel kernel;
  private final ProcessTable processes;
  private final long bootNanos;
  private final List<PseudoNode> nodes = new ArrayList<>();
  private UUID bootId;

  /** A directory whose entries stay. */
  private static class Fixed extends PseudoDirectory {
    final List<PseudoNode> children = new ArrayList<>();

    Fixed(Header header) {
      super(header);
    }

    @Override
    public PseudoNode find(String name) {
      for (var child : children) {
        if (child.name().equals(name)) {
          return child;
        }
      }
      return null;
    }

    @Override
    public List<PseudoNode> entries() {
      return children;
    }
  }

  /** The top: behind what stays, the processes. */
  private final class Top extends Fixed {
    Top(Header header) {
      super(header);
    }

    @Override
    public PseudoNode find(String name) {
      var fixed = super.find(name);
      if (fixed != null) {
        return fixed;
      }
      int pid = Numbers.parse(name);
      var process = pid <= 0 ? null : processes.get(pid);
      return process == null ? null : ProcessDirectory.of(process);
    }

    @Override
    public List<PseudoNode> entries() {
      var all = new ArrayList<>(children);
      for (var process : processes.all()) {
        all.add(ProcessDirectory.of(process));
      }
      return all;
    }
  }

  /**
   * @param bootNanos when the sandbox began, in nanoseconds since the epoch
   */
  SystemFiles(Kernel kernel, ProcessTable processes, long bootNanos) {
    this.kernel = kernel;
    this.processes = processes;
    this.bootNanos = bootNanos;
    var top = new Top(header(null, "", FileType.DIRECTORY, 0555));
    nodes.add(top);
    file(top, "cpuinfo", this::cpuinfo);
    file(top, "filesystems", this::filesystems);
    file(top, "loadavg", this::loadavg);
    file(top, "meminfo", this::meminfo);
    link(top, "mounts", caller -> "self/mounts");
    link(top, "self", this::self);
    file(top, "stat", this::stat);
    var sysctl = directory(directory(top, "sys"), "kernel");
    sysctl(sysctl, "hostname", () -> "localhost");
    sysctl(sysctl, "osrelease", () -> OS_RELEASE);
    sysctl(sysctl, "ostype", () -> OS_TYPE);
    sysctl(sysctl, "pid_max", () -> Integer.toString(PID_MAX));
    var random = directory(sysctl, "random");
    sysctl(random, "boot_id", () -> bootId().toString());
    sysctl(random, "uuid", () -> newId().toString());
    link(top, "thread-self", caller -> self(caller) + "/task/" + self(caller));
    file(top, "uptime", this::uptime);
    file(top, "version", () -> "%s version %s\n".formatted(OS_TYPE, OS_RELEASE));
  }

  PseudoDirectory root() {
    return (PseudoDirectory) nodes.get(0);
  }

  PseudoNode node(long ino) {
    return ino >= ProcFileSystem.ROOT && ino <= nodes.size() ? nodes.get((int) ino - 1) : null;
  }

  private PseudoNode.Header header(Fixed parent, String name, FileType type, int permissions) {
    long ino = ProcFileSystem.ROOT + nodes.size();
    long above = parent == null ? ino : parent.ino();
    return new PseudoNode.Header(ino, above, name, type.bits() | permissions, 0, 0);
  }

  private void add(Fixed parent, PseudoNode node) {
    nodes.add(node);
    parent.children.add(node);
  }

  private Fixed directory(Fixed parent, String name) {
    var directory = new Fixed(header(parent, name, FileType.DIRECTORY, 0555));
    add(parent, directory);
    return directory;
  }

  private void file(Fixed parent, String name, Supplier<String> text) {
    var header = header(parent, name, FileType.REGULAR, 0444);
    add(parent, new PseudoFile(header, Errno.EIO, () -> text.get().getBytes(US_ASCII)));
  }

  private void sysctl(Fixed parent, String name, Supplier<String> value) {
    var header = header(parent, name, FileType.REGULAR, 0444);
    add(
        parent,
        new PseudoFile(header, Errno.EACCES, () -> (value.get() + "\n").getBytes(US_ASCII)));
  }

  private interface Text {
    String of(Caller caller) throws ErrnoException;
  }

  private void link(Fixed parent, String name, Text text) {
    add(
        parent,
        new PseudoLink(header(parent, name, FileType.SYMLINK, 0777)) {
          @Override
          protected byte[] text(Caller caller) throws ErrnoException {
            return text.of(caller).getBytes(US_ASCII);
          }
        });
  }

  private String self(Caller caller) throws ErrnoException {
    if (processes.get(caller.pid()) == null) {
      throw Errno.ENOENT.exception();
    }
    return Integer.toString(caller.pid());
  }

  // ---- texts --------------------------------------------------------------------------------

  private String cpuinfo() {
    var text = new StringBuilder();
    for (int i = 0; i < kernel.threads().parallelism(); i++) {
      text.append("processor\t: ").append(i).append("\nmodel name\t: WebAssembly\n\n");
    }
    return text.toString();
  }

  private String filesystems() {
    var types = new TreeSet<>(List.of("proc", "tmpfs"));
    for (var mount : kernel.vfs().mounts().list()) {
      types.add(mount.fileSystem().type());
    }
    var text = new StringBuilder();
    types.forEach(type -> text.append("nodev\t").append(type).append('\n'));
    return text.toString();
  }

  /** Nobody measures the load; what is known is how many processes there are. */
  private String loadavg() {
    var all = processes.all();
    int last = all.isEmpty() ? 0 : all.get(all.size() - 1).pid();
    return "0.00 0.00 0.00 %d/%d %d\n".formatted(all.size(), all.size(), last);
  }

  private String meminfo() {
    long total = kernel.limits().memoryBytes() / 1024;
    long used = processes.all().stream().mapToLong(Process::memoryBytes).sum() / 1024;
    long free = Math.max(0, total - used);
    return """
        MemTotal:       %8d kB
        MemFree:        %8d kB
        MemAvailable:   %8d kB
        Buffers:        %8d kB
        Cached:         %8d kB
        SwapTotal:      %8d kB
        SwapFree:       %8d kB
        """
        .formatted(total, free, free, 0, 0, 0, 0);
  }

  private String stat() {
    long ticks = kernel.clock().cpuNanos() / NANOS_PER_TICK;
    var text = new StringBuilder("cpu  " + ticks + " 0 0 0 0 0 0 0 0 0\n");
    for (int i = 0; i < kernel.threads().parallelism(); i++) {
      // How the time is spread is not known.
      text.append("cpu%d %d 0 0 0 0 0 0 0 0 0\n".formatted(i, i == 0 ? ticks : 0));
    }
    int count = processes.all().size();
    return text.append(
            "btime %d\nprocesses %d\nprocs_running %d\nprocs_blocked 0\n"
                .formatted(Math.floorDiv(bootNanos, 1_000_000_000L), count, count))
        .toString();
  }

  private String uptime() {
    long hundredths = Math.max(0, kernel.clock().realtimeNanos() - bootNanos) / 10_000_000;
    return "%d.%02d 0.00\n".formatted(hundredths / 100, hundredths % 100);
  }

  private synchronized UUID bootId() {
    if (bootId == null) {
      bootId = newId();
    }
    return bootId;
  }

  /** A random UUID: version 4. */
  private UUID newId() {
    var bytes = new byte[16];
    kernel.fillRandom(bytes, 0, bytes.length);
    var words = ByteBuffer.wrap(bytes);
    long high = (words.getLong() & ~0xF000L) | 0x4000L;
    long low = (words.getLong() & ~(3L << 62)) | 1L << 63;
    return new UUID(high, low);
  }
}
