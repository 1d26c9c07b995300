package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.sys.Process;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches an interpreter start, and judges whether other runs may go on from there: if it has only
 * looked around. One that has written, waited or read its input, or has a file open, has not.
 */
final class BootWitness implements SyscallTrace {
  /** Calls that change nothing, and that tell nothing but what is asked for again. */
  private static final Set<String> HARMLESS =
      Set.of(
          "args_get",
          "args_sizes_get",
          "environ_get",
          "environ_sizes_get",
          "clock_res_get",
          "clock_time_get",
          "random_get",
          "sched_yield",
          "fd_prestat_get",
          "fd_prestat_dir_name",
          "fd_fdstat_get",
          "fd_filestat_get",
          "fd_seek",
          "fd_tell",
          "fd_close");

  /** Calls on files that {@link #OPENING} has opened. */
  private static final Set<String> READING = Set.of("fd_read", "fd_pread", "fd_readdir");

  private static final Set<String> LOOKING = Set.of("path_filestat_get", "path_readlink");
  private static final String OPENING = "path_open";

  private static final int ROOT = 3;

  /** An interpreter that takes more memory has done more than to start. */
  private static final long MOST_MEMORY = 128 << 20;

  /** O_CREAT and O_TRUNC of {@code oflags}. */
  private static final int CHANGES = 1 | 8;

  private final int lastPreopen;
  private final Map<String, Boolean> paths = new HashMap<>();
  private boolean harmless = true;

  /**
   * A witness of one start.
   *
   * @param preopens how many directories the interpreter is given besides the root
   */
  BootWitness(int preopens) {
    this.lastPreopen = ROOT + preopens;
  }

  @Override
  public Pending called(String module, FunctionShape function, GuestMemory memory, long[] args) {
    var name = function.name();
    if (LOOKING.contains(name) || name.equals(OPENING)) {
      return looked(function, memory, args);
    }
    harmless &= HARMLESS.contains(name) || (READING.contains(name) && args[0] > lastPreopen);
    return Pending.NONE;
  }

  private Pending looked(FunctionShape function, GuestMemory memory, long[] args) {
    var path = path(function, memory, args);
    if (path.isEmpty() || (int) args[0] != ROOT) {
      harmless = false;
      return Pending.NONE;
    }
    paths.putIfAbsent(path.get(), false);
    if (!function.name().equals(OPENING)) {
      return Pending.NONE;
    }
    harmless &= flags(function, args) == 0;
    return new Pending() {
      @Override
      public void returned(long result) {
        if ((int) result == WasiErrno.SUCCESS) {
          paths.put(path.get(), true);
        }
      }

      @Override
      public void ended(Throwable reason) {}
    };
  }

  private static int flags(FunctionShape function, long[] args) {
    for (int i = 0; i < function.params().size(); i++) {
      if (function.params().get(i).kind() == Kind.OFLAGS) {
        return (int) args[function.paramAt(i)] & CHANGES;
      }
    }
    return CHANGES;
  }

  /** The path, if it is one that can be kept: UTF-8, in memory. */
  private static Optional<String> path(FunctionShape function, GuestMemory memory, long[] args) {
    for (int i = 0; i < function.params().size(); i++) {
      if (function.params().get(i).kind() == Kind.PATH) {
        int at = function.paramAt(i);
        int length = (int) args[at + 1];
        if (length < 0 || length > Short.MAX_VALUE) {
          return Optional.empty();
        }
        var bytes = new byte[length];
        try {
          memory.read((int) args[at], bytes, 0, length);
        } catch (MemoryFaultException e) {
          return Optional.empty();
        }
        var text = new String(bytes, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), bytes) && text.indexOf('\0') < 0
            ? Optional.of(text)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * The image of an interpreter that has started, if others may go on from there.
   *
   * @param addresses for the image
   */
  Optional<BootImage> image(GuestInstance guest, Process process, long... addresses) {
    return guest.memory().size() > MOST_MEMORY
        ? Optional.empty()
        : surroundings(process)
            .flatMap(
                surroundings ->
                    guest.state().map(state -> new BootImage(state, surroundings, addresses)));
  }

  /** What it was told, if all that it did was to look around and no file of its is open. */
  Optional<Surroundings> surroundings(Process process) {
    return harmless && process.descriptors().size() == lastPreopen + 1
        ? Surroundings.of(paths, process)
        : Optional.empty();
  }
}
