package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoFile;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.List;

/** {@code /proc/PID}: a process. */
final class ProcessDirectory extends PseudoDirectory {
  /** What is added to a descriptor for the number of its link. */
  static final long FIRST_DESCRIPTOR = 1 << 8;

  private static final Entry[] ENTRIES = Entry.values();

  private final Process process;

  /** The names in it, in their order, with their permissions. */
  enum Entry {
    CMDLINE(0444),
    COMM(0444),
    CWD(0777),
    ENVIRON(0400),
    EXE(0777),
    FD(0500),
    LIMITS(0444),
    MOUNTINFO(0444),
    MOUNTS(0444),
    ROOT(0777),
    STAT(0444),
    STATUS(0444);

    private final int permissions;

    Entry(int permissions) {
      this.permissions = permissions;
    }

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private ProcessDirectory(Process process, Header header) {
    super(header);
    this.process = process;
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
            0555));
  }

  /** This directory, or what is below it; null if there is no such number. */
  PseudoNode node(long ino) {
    long index = ino - ino();
    if (index == 0) {
      return this;
    }
    if (index >= FIRST_DESCRIPTOR) {
      return descriptors().link((int) (index - FIRST_DESCRIPTOR));
    }
    return index <= ENTRIES.length ? entry(ENTRIES[(int) index - 1]) : null;
  }

  @Override
  public PseudoNode find(String name) {
    for (var entry : ENTRIES) {
      if (entry.text().equals(name)) {
        return entry(entry);
      }
    }
    return null;
  }

  @Override
  public List<PseudoNode> entries() {
    var all = new ArrayList<PseudoNode>();
    for (var entry : ENTRIES) {
      all.add(entry(entry));
    }
    return all;
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
      case FD -> descriptors();
    };
  }

  private DescriptorDirectory descriptors() {
    return new DescriptorDirectory(header(Entry.FD, FileType.DIRECTORY), process);
  }

  private PseudoFile file(Entry entry, PseudoFile.Content content) {
    return new PseudoFile(header(entry, FileType.REGULAR), Errno.EINVAL, content);
  }

  private Header header(Entry entry, FileType type) {
    return ProcFileSystem.header(
        process, ino() + 1 + entry.ordinal(), ino(), entry.text(), type, entry.permissions);
  }
}
