package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Notes the paths that a guest has opened or asked about, where there was something. */
final class TouchedPaths implements SyscallTrace {
  private static final int ROOT = 3;
  private static final int LONGEST = 4096;

  private final Set<String> paths = ConcurrentHashMap.newKeySet();

  /** Absolute paths, as the guest has put them. */
  Set<String> paths() {
    return paths;
  }

  @Override
  public Pending called(String module, FunctionShape function, GuestMemory memory, long[] args) {
    int parameter = pathOf(function);
    if (parameter < 0 || (int) args[0] != ROOT) {
      return Pending.NONE;
    }
    int at = function.paramAt(parameter);
    int length = (int) args[at + 1];
    if (length < 0 || length > LONGEST) {
      return Pending.NONE;
    }
    var bytes = new byte[length];
    try {
      memory.read((int) args[at], bytes, 0, length);
    } catch (MemoryFaultException e) {
      return Pending.NONE;
    }
    var path = new String(bytes, UTF_8);
    return new Pending() {
      @Override
      public void returned(long result) {
        if ((int) result == WasiErrno.SUCCESS) {
          paths.add(path.startsWith("/") ? path : "/" + path);
        }
      }

      @Override
      public void ended(Throwable reason) {}
    };
  }

  /** The parameter that is a path below the directory that comes first; -1 if there is none. */
  private static int pathOf(FunctionShape function) {
    if (function.name().startsWith("path_")) {
      for (int i = 0; i < function.params().size(); i++) {
        if (function.params().get(i).kind() == Kind.PATH) {
          return i;
        }
      }
    }
    return -1;
  }
}
