package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.List;

/** A directory of {@code /proc/PID} with an entry for each open descriptor. */
abstract class DescriptorDirectory extends PseudoDirectory {
  // More have no number of their own.
  private static final int MOST = 1 << 28;

  private final Process process;
  private final long firstNumber;

  /**
   * @param firstNumber the inode number of the entry for descriptor 0
   */
  DescriptorDirectory(Header header, Process process, long firstNumber) {
    super(header);
    this.process = process;
    this.firstNumber = firstNumber;
  }

  /** Makes the entry of a descriptor. */
  abstract PseudoNode entry(int fd, FileDescription description);

  /** The entry of a descriptor; null if it is not open. */
  final PseudoNode entry(int fd) {
    FileDescription description;
    try {
      description = process.descriptors().get(fd);
    } catch (ErrnoException e) {
      return null;
    }
    return fd < MOST ? entry(fd, description) : null;
  }

  @Override
  public final PseudoNode find(String name) {
    int fd = Numbers.parse(name);
    return fd < 0 ? null : entry(fd);
  }

  @Override
  public final List<PseudoNode> entries() {
    var all = new ArrayList<PseudoNode>();
    var descriptors = process.descriptors();
    for (int fd = descriptors.next(0); fd >= 0; fd = descriptors.next(fd + 1)) {
      var entry = entry(fd);
      if (entry != null) {
        all.add(entry);
      }
    }
    return all;
  }

  final Process process() {
    return process;
  }

  final Header header(int fd, FileType type, int permissions) {
    return ProcFileSystem.header(
        process, firstNumber + fd, ino(), Integer.toString(fd), type, permissions);
  }
}
