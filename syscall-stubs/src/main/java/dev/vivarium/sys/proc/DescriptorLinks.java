package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.FileType;

/** {@code /proc/PID/fd}: the descriptors of a process, as links to what they refer to. */
final class DescriptorLinks extends DescriptorDirectory {
  private static final int READABLE = 0500;
  private static final int WRITABLE = 0300;

  DescriptorLinks(Header header, Process process, long firstNumber) {
    super(header, process, firstNumber);
  }

  @Override
  PseudoNode entry(int fd, FileDescription description) {
    int permissions =
        (description.readable() ? READABLE : 0) | (description.writable() ? WRITABLE : 0);
    return new ProcessLink(
        header(fd, FileType.SYMLINK, permissions),
        process(),
        p -> p.kernel().vfs().root().mount().table().placeOf(description));
  }
}
