package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.HostImport;
import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Network;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.wasi.ByteMemory;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A guest that calls imports by name, on a real filesystem with a virtual clock. Its descriptors
 * are {@code in}, {@code out}, {@code err} and the root. Texts are put into its memory for the
 * duration of a call, as an address and a length.
 */
public final class TestGuest {
  public static final String PREVIEW1 = "wasi_snapshot_preview1";
  public static final String SNAPSHOT0 = "wasi_unstable";
  public static final String WASIX = "wasix_32v1";

  public static final int CREAT = 1;
  public static final int DIRECTORY = 2;
  public static final int EXCL = 4;
  public static final int TRUNC = 8;

  /** Where results go. */
  public static final int OUT = 0x100;

  public static final int OUT2 = 0x200;

  /** Room for data. */
  public static final int DATA = 0x2_0000;

  public static final Instant EPOCH = Instant.ofEpochSecond(1_700_000_000L);

  private static final int LISTS = 0x1000;
  private static final int TEXTS = 0x4000;

  public final TestDevice in = new TestDevice();
  public final TestDevice out = new TestDevice();
  public final TestDevice err = new TestDevice();
  public final ByteMemory memory = new ByteMemory(1 << 20);
  public final VirtualClock clock = new VirtualClock(EPOCH, 0);
  public final Vfs vfs = Vfs.builder().clock(clock).quota(Quota.DEFAULT.withBytes(8 << 20)).build();
  public final Process process;

  private final Map<String, HostImport> imports = new HashMap<>();
  private int textEnd;

  public TestGuest() {
    this(SyscallTrace.NONE, false);
  }

  public TestGuest(SyscallTrace trace, boolean wasix) {
    this(trace, wasix, new NoNetwork(), Credentials.ROOT);
  }

  public TestGuest(SyscallTrace trace, boolean wasix, Network network, Credentials who) {
    try {
      vfs.makeDirectories("/dev");
      vfs.mounts().devices("/dev", Devices.standard(RandomGenerator.of("SplittableRandom")));
      var kernel =
          new Kernel(
              vfs,
              clock,
              new java.util.SplittableRandom(1),
              Limits.DEFAULT,
              new NoThreads(),
              new DefaultActions(),
              network,
              new NoProcesses());
      process =
          new Process(
              kernel, 7, 1, who, texts("prog", "-x", ""), texts("HOME=/root", "LANG=C.UTF-8"));
      var descriptors = process.descriptors();
      descriptors.add(new DeviceDescription(in, OpenFlags.O_RDONLY), 0, false);
      descriptors.add(new DeviceDescription(out, OpenFlags.O_WRONLY), 0, false);
      descriptors.add(new DeviceDescription(err, OpenFlags.O_WRONLY), 0, false);
      process.open(Process.AT_FDCWD, new byte[] {'/'}, OpenFlags.O_DIRECTORY, 0);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
    link(trace, wasix);
  }

  /** A guest whose libc is that of WASIX. */
  public static TestGuest wasix() {
    return new TestGuest(SyscallTrace.NONE, true);
  }

  private void link(SyscallTrace trace, boolean wasix) {
    var wanted = new ArrayList<ImportedFunction>();
    for (var table : HostModules.all()) {
      if (wasix || !table.name().equals(WASIX)) {
        table
            .rows()
            .forEach(
                row ->
                    wanted.add(
                        new ImportedFunction(table.name(), row.name(), row.shape().signature())));
      }
    }
    for (var linked : HostModules.link(wanted, process, List.of(), trace)) {
      imports.put(linked.module() + "." + linked.name(), linked);
    }
  }

  // ---- calls --------------------------------------------------------------------------------

  /** Calls a function of preview1, or of WASIX if preview1 has none of that name. */
  public Errno call(String name, Object... arguments) {
    String module = imports.containsKey(PREVIEW1 + "." + name) ? PREVIEW1 : WASIX;
    return callIn(module, name, arguments);
  }

  /** Calls a function; null is success. */
  public Errno callIn(String module, String name, Object... arguments) {
    return errno((int) raw(module, name, arguments));
  }

  /** Calls a function and gives its core result back. */
  public long raw(String module, String name, Object... arguments) {
    textEnd = TEXTS;
    var core = new ArrayList<Long>();
    for (var argument : arguments) {
      if (argument instanceof Number number) {
        core.add(number.longValue());
      } else {
        byte[] bytes =
            argument instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : (byte[]) argument;
        core.add((long) textEnd);
        core.add((long) bytes.length);
        memory.write(textEnd, bytes, 0, bytes.length);
        textEnd += bytes.length;
      }
    }
    var linked = imports.get(module + "." + name);
    assertThat(core).as("core values of " + name).hasSize(linked.signature().params().size());
    return linked.handler().call(caller(), core.stream().mapToLong(Long::longValue).toArray());
  }

  /** Calls a function that must succeed. */
  public TestGuest ok(String name, Object... arguments) {
    assertThat(call(name, arguments)).as(name).isNull();
    return this;
  }

  private static Errno errno(int number) {
    return number == 0 ? null : Errno.valueOf(WasiErrno.name(number));
  }

  // ---- conveniences -------------------------------------------------------------------------

  /** Opens a path below the root with all rights. */
  public int open(String path, int oflags) {
    ok("path_open", 3, 1, path, oflags, Rights.ALL, Rights.ALL, 0, OUT);
    return u32(OUT);
  }

  /** Writes a list of buffers, given as addresses and lengths; returns its address. */
  public int iovecs(int... addressesAndLengths) {
    for (int i = 0; i < addressesAndLengths.length; i++) {
      memory.writeInt(LISTS + 4 * i, addressesAndLengths[i]);
    }
    return LISTS;
  }

  /** Writes a text to a descriptor. */
  public void write(int fd, String text) {
    int length = memory.writeText(DATA, text);
    ok("fd_write", fd, iovecs(DATA, length), 1, OUT);
    assertThat(u32(OUT)).isEqualTo(length);
  }

  /** Reads at most 64 KiB from a descriptor. */
  public String read(int fd) {
    ok("fd_read", fd, iovecs(DATA, 0x1_0000), 1, OUT);
    return memory.text(DATA, u32(OUT));
  }

  public int u32(int address) {
    return memory.readInt(address);
  }

  public long u64(int address) {
    return memory.readLong(address);
  }

  private static List<byte[]> texts(String... texts) {
    var list = new ArrayList<byte[]>();
    for (var text : texts) {
      list.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return list;
  }

  GuestCaller caller() {
    return new Caller();
  }

  /** The instance, as host functions see it: a memory, and no export. */
  private final class Caller implements GuestCaller {
    @Override
    public GuestMemory memory() {
      return memory;
    }

    @Override
    public boolean exportsFunction(String name) {
      return false;
    }

    @Override
    public long[] call(String name, long... args) {
      throw new IllegalArgumentException(name);
    }
  }
}
