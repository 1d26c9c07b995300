package dev.vivarium.sys.proc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.MountedNode;
import dev.vivarium.vfs.mount.PseudoFile;
import dev.vivarium.vfs.mount.PseudoNode;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;

/** {@code /proc/PID/fdinfo}: what is to be said of each descriptor of a process. */
final class DescriptorInfos extends DescriptorDirectory {
  DescriptorInfos(Header header, Process process, long firstNumber) {
    super(header, process, firstNumber);
  }

  @Override
  PseudoNode entry(int fd, FileDescription description) {
    return new PseudoFile(
        header(fd, FileType.REGULAR, 0400), Errno.EINVAL, () -> text(fd, description));
  }

  private byte[] text(int fd, FileDescription description) throws ErrnoException {
    int flags = description.flags();
    if (process().descriptors().closeOnExec(fd)) {
      flags |= OpenFlags.O_CLOEXEC;
    }
    int mount = description.place() instanceof MountedNode node ? node.mount().id() : 0;
    return "pos:\t%d\nflags:\t0%o\nmnt_id:\t%d\nino:\t%d\n"
        .formatted(position(description), flags, mount, description.stat().ino())
        .getBytes(US_ASCII);
  }

  private static long position(FileDescription description) throws ErrnoException {
    boolean seekable =
        description.type() == FileType.REGULAR || description.type() == FileType.DIRECTORY;
    return seekable && (description.flags() & OpenFlags.O_PATH) == 0
        ? description.seek(0, Whence.CUR)
        : 0;
  }
}
