package dev.vivarium.sys.proc;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessTable;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoFileSystem;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.posix.FileType;

/**
 * {@code proc(5)}: the kernel and its processes as files. All of it is of the sandbox, its limits,
 * its clock, its processes, and nothing of the host.
 *
 * <p>Numbers of inodes: the upper half is the process, 0 for what belongs to none; the lower half
 * says what it is, for a descriptor with {@link ProcessDirectory#FIRST_DESCRIPTOR} added.
 */
public final class ProcFileSystem extends PseudoFileSystem {
  static final long ROOT = 1;

  private final ProcessTable processes;
  private final SystemFiles system;

  /**
   * @param device {@code st_dev}
   * @param processes what it lists
   */
  public ProcFileSystem(long device, Kernel kernel, ProcessTable processes) {
    this(device, kernel, processes, kernel.clock().realtimeNanos());
  }

  private ProcFileSystem(long device, Kernel kernel, ProcessTable processes, long now) {
    super(kernel.vfs().root().mount().table().lock(), device, now);
    this.processes = processes;
    this.system = new SystemFiles(kernel, processes, now);
  }

  @Override
  public String type() {
    return "proc";
  }

  @Override
  public PseudoDirectory root() {
    return system.root();
  }

  @Override
  public PseudoNode node(long ino) {
    int pid = (int) (ino >> Integer.SIZE);
    if (pid == 0) {
      return system.node(ino);
    }
    var process = processes.get(pid);
    return process == null ? null : ProcessDirectory.of(process).node(ino);
  }

  /** The first number of those that belong to a process. */
  static long numbersOf(int pid) {
    return (long) pid << Integer.SIZE;
  }

  /** What an inode of a process has: its owner is the process's. */
  static PseudoNode.Header header(
      Process process, long ino, long parent, String name, FileType type, int permissions) {
    var who = process.context().credentials();
    return new PseudoNode.Header(
        ino, parent, name, type.bits() | permissions, who.uid(), who.gid());
  }
}
