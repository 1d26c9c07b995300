package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.PseudoDirectory;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.List;

/** {@code /proc/PID/fd}: the descriptors of a process, as links to what they refer to. */
final class DescriptorDirectory extends PseudoDirectory {
  private static final int READABLE = 0500;
  private static final int WRITABLE = 0300;

  private final Process process;

  DescriptorDirectory(Header header, Process process) {
    super(header);
    this.process = process;
  }

  @Override
  public PseudoNode find(String name) {
    int fd = Numbers.parse(name);
    return fd < 0 ? null : link(fd);
  }

  @Override
  public List<PseudoNode> entries() {
    var all = new ArrayList<PseudoNode>();
    var descriptors = process.descriptors();
    for (int fd = descriptors.next(0); fd >= 0; fd = descriptors.next(fd + 1)) {
      var link = link(fd);
      if (link != null) {
        all.add(link);
      }
    }
    return all;
  }

  /** The link of a descriptor; null if it is not open. */
  PseudoNode link(int fd) {
    FileDescription description;
    try {
      description = process.descriptors().get(fd);
    } catch (ErrnoException e) {
      return null;
    }
    int permissions =
        (description.readable() ? READABLE : 0) | (description.writable() ? WRITABLE : 0);
    long ino = ProcFileSystem.numbersOf(process.pid()) + ProcessDirectory.FIRST_DESCRIPTOR + fd;
    var header =
        ProcFileSystem.header(
            process, ino, ino(), Integer.toString(fd), FileType.SYMLINK, permissions);
    return new ProcessLink(
        header, process, p -> p.kernel().vfs().root().mount().table().placeOf(description));
  }
}
