package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoFile;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /proc/PID}: a process; and, with all of it but its threads, {@code /proc/PID/task/PID},
 * the one thread that it has.
 */
final class ProcessDirectory extends PseudoDirectory {
  /** What is added to a descriptor for the number of its link. */
  static final long FIRST_DESCRIPTOR = 1 << 8;

  /** What is added to a descriptor for the number of what is said of it. */
  static final long FIRST_DESCRIPTION = 1 << 29;

  /** What is added to the numbers of the process for those of its thread. */
  private static final long THREAD = 1 << 30;

  private static final Entry[] ENTRIES = Entry.values();

  private final Process process;
  private final boolean thread;

  /** The names in it, in their order, with their permissions. */
  enum Entry {
    CMDLINE(0444),
    COMM(0444),
    CWD(0777),
    ENVIRON(0400),
    EXE(0777),
    FD(0500),
    FDINFO(0500),
    LIMITS(0444),
    MOUNTINFO(0444),
    MOUNTS(0444),
    ROOT(0777),
    STAT(0444),
    STATUS(0444),
    TASK(0555);

    private final int permissions;

    Entry(int permissions) {
      this.permissions = permissions;
    }

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private ProcessDirectory(Process process, Header header, boolean thread) {
    super(header);
    this.process = process;
    this.thread = thread;
  }

  static ProcessDirectory of(Process process) {
    return new ProcessDirectory(
        process,
        ProcFileSystem.header(
            process,
            ProcFileSystem.numbersOf(process.pid()),
            ProcFileSystem.ROOT,
            Integer.toString(process.pid()),
            FileType.DIRECTORY,
            0555),
        false);
  }

  private ProcessDirectory thread() {
    long task = header(Entry.TASK, FileType.DIRECTORY).ino();
    return new ProcessDirectory(
        process,
        ProcFileSystem.header(
            process,
            ino() + THREAD,
            task,
            Integer.toString(process.pid()),
            FileType.DIRECTORY,
            0555),
        true);
  }

  /** This directory, or what is below it; null if there is no such number. */
  PseudoNode node(long ino) {
    long index = ino - ino();
    if (index == 0) {
      return this;
    }
    if (index >= THREAD) {
      return thread().node(ino);
    }
    if (index >= FIRST_DESCRIPTION) {
      return descriptors(Entry.FDINFO).entry((int) (index - FIRST_DESCRIPTION));
    }
    if (index >= FIRST_DESCRIPTOR) {
      return descriptors(Entry.FD).entry((int) (index - FIRST_DESCRIPTOR));
    }
    return index <= ENTRIES.length ? entry(ENTRIES[(int) index - 1]) : null;
  }

  @Override
  public PseudoNode find(String name) {
    for (var entry : ENTRIES) {
      if (entry.text().equals(name) && has(entry)) {
        return entry(entry);
      }
    }
    return null;
  }

  @Override
  public List<PseudoNode> entries() {
    var all = new ArrayList<PseudoNode>();
    for (var entry : ENTRIES) {
      if (has(entry)) {
        all.add(entry(entry));
      }
    }
    return all;
  }

  private boolean has(Entry entry) {
    return !(thread && entry == Entry.TASK);
  }

  private PseudoNode entry(Entry entry) {
    return switch (entry) {
      case CMDLINE -> file(entry, () -> ProcessText.joined(process.arguments()));
      case COMM -> file(entry, () -> ProcessText.comm(process));
      case ENVIRON -> file(entry, () -> ProcessText.joined(process.environment()));
      case LIMITS -> file(entry, () -> ProcessText.limits(process));
      case MOUNTINFO -> file(entry, () -> MountText.mountinfo(process));
      case MOUNTS -> file(entry, () -> MountText.mounts(process));
      case STAT -> file(entry, () -> ProcessText.stat(process));
      case STATUS -> file(entry, () -> ProcessText.status(process));
      case CWD ->
          new ProcessLink(
              header(entry, FileType.SYMLINK), process, p -> p.context().workingDirectory());
      case ROOT ->
          new ProcessLink(header(entry, FileType.SYMLINK), process, p -> p.context().root());
      case EXE ->
          // What runs is a module that was handed in, and in no tree.
          new ProcessLink(
              header(entry, FileType.SYMLINK),
              process,
              p -> {
                throw Errno.ENOENT.exception();
              });
      case FD, FDINFO -> descriptors(entry);
      case TASK -> new TaskDirectory(header(entry, FileType.DIRECTORY), thread());
    };
  }

  private DescriptorDirectory descriptors(Entry entry) {
    var header = header(entry, FileType.DIRECTORY);
    return entry == Entry.FD
        ? new DescriptorLinks(header, process, ino() + FIRST_DESCRIPTOR)
        : new DescriptorInfos(header, process, ino() + FIRST_DESCRIPTION);
  }

  /** {@code /proc/PID/task}. */
  private static final class TaskDirectory extends PseudoDirectory {
    private final ProcessDirectory thread;

    TaskDirectory(Header header, ProcessDirectory thread) {
      super(header);
      this.thread = thread;
    }

    @Override
    public PseudoNode find(String name) {
      return name.equals(thread.name()) ? thread : null;
    }

    @Override
    public List<PseudoNode> entries() {
      return List.of(thread);
    }
  }

  private PseudoFile file(Entry entry, PseudoFile.Content content) {
    return new PseudoFile(header(entry, FileType.REGULAR), Errno.EINVAL, content);
  }

  private Header header(Entry entry, FileType type) {
    return ProcFileSystem.header(
        process, ino() + 1 + entry.ordinal(), ino(), entry.text(), type, entry.permissions);
  }
}
