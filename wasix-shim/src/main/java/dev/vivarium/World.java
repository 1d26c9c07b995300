package dev.vivarium;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.sys.proc.ProcFileSystem;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.Devices;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every guest finds, if its image does not have it: the least that programs expect of a root.
 */
final class World {
  private static final Map<String, Integer> DIRECTORIES = new LinkedHashMap<>();
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    DIRECTORIES.put("/dev", 0755);
    DIRECTORIES.put("/etc", 0755);
    DIRECTORIES.put("/home", 0755);
    DIRECTORIES.put("/proc", 0555);
    DIRECTORIES.put("/root", 0700);
    DIRECTORIES.put("/tmp", 01777);
    FILES.put(
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n");
    FILES.put("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
    FILES.put("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
  }

  private World() {}

  /** Adds the directories and files that are absent. */
  static void furnish(Vfs vfs) throws ErrnoException {
    var root = vfs.superuser();
    for (var directory : DIRECTORIES.entrySet()) {
      make(vfs, root, directory.getKey(), directory.getValue());
    }
    for (var file : FILES.entrySet()) {
      if (!exists(vfs, file.getKey())) {
        vfs.write(file.getKey(), file.getValue().getBytes(US_ASCII));
      }
    }
  }

  /** Adds one of the directories, if it is one and absent. */
  static void furnish(Vfs vfs, String directory) throws ErrnoException {
    var mode = DIRECTORIES.get(directory);
    if (mode != null) {
      make(vfs, vfs.superuser(), directory, mode);
    }
  }

  private static void make(Vfs vfs, FsContext root, String directory, int mode)
      throws ErrnoException {
    root.setUmask(0);
    try {
      vfs.makeDirectory(root, vfs.root(), directory.getBytes(UTF_8), mode);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  /**
   * Mounts {@code /dev}.
   *
   * @param terminal what {@code /dev/tty} is; null if there is none
   */
  static void mountDevices(Vfs vfs, Kernel kernel, Device terminal) throws ErrnoException {
    var devices = Devices.standard(kernel.entropy());
    if (terminal != null) {
      devices.put("tty", terminal);
    }
    vfs.mounts().devices("/dev", devices);
  }

  /** Mounts {@code /proc}. */
  static void mountProcesses(Vfs vfs, Kernel kernel, ProcessTable processes) throws ErrnoException {
    vfs.mounts()
        .driver(
            "/proc",
            device -> new ProcFileSystem(device, kernel, processes),
            MountOptions.DEFAULT.withNoSuid(true).withNoExec(true));
  }

  private static boolean exists(Vfs vfs, String path) throws ErrnoException {
    try {
      vfs.stat(vfs.superuser(), vfs.root(), path.getBytes(UTF_8), false);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }
}
