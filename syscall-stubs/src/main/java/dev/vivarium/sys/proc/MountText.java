package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What {@code /proc/PID/mountinfo} and {@code mounts} say: of the mounts below a process's root.
 */
final class MountText {
  private MountText() {}

  private interface Line {
    void append(ByteArrayOutputStream text, Mount mount, byte[] path) throws ErrnoException;
  }

  static byte[] mountinfo(Process process) throws ErrnoException {
    return each(
        process,
        (text, mount, path) -> {
          var covered = mount.covered();
          int parent = covered == null ? mount.id() : covered.mount().id();
          var fileSystem = mount.fileSystem();
          append(text, "%d %d 0:%d ".formatted(mount.id(), parent, fileSystem.device()));
          text.writeBytes(escaped(shown(mount)));
          append(text, " ");
          text.writeBytes(path);
          append(text, " %s - ".formatted(mount.options()));
          append(text, "%s %s ".formatted(fileSystem.type(), fileSystem.type()));
          append(text, (mount.readOnly() ? "ro" : "rw") + limits(mount) + "\n");
        });
  }

  static byte[] mounts(Process process) throws ErrnoException {
    return each(
        process,
        (text, mount, path) -> {
          append(text, mount.fileSystem().type() + " ");
          text.writeBytes(path);
          append(text, " " + mount.fileSystem().type() + " ");
          append(text, mount.options() + limits(mount) + " 0 0\n");
        });
  }

  private static byte[] each(Process process, Line line) throws ErrnoException {
    var text = new ByteArrayOutputStream();
    for (var mount : process.kernel().vfs().mounts().list()) {
      try {
        byte[] path = mount.root().pathBelow(process.context().root());
        line.append(text, mount, escaped(path));
      } catch (ErrnoException e) {
        // What lies outside the process's root is none of its business.
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }
    return text.toByteArray();
  }

  /** What of its filesystem is mounted: all, or a directory that is mounted over itself. */
  private static byte[] shown(Mount mount) throws ErrnoException {
    var whole = mount;
    while (whole.isBind()) {
      whole = whole.covered().mount();
    }
    return new Location(whole, mount.rootIno()).pathBelow(whole.root());
  }

  private static String limits(Mount mount) {
    var options = mount.options();
    return (options.bytes() == MountOptions.AS_QUOTA
            ? ""
            : ",size=" + (options.bytes() + 1023) / 1024 + "k")
        + (options.inodes() == MountOptions.AS_QUOTA ? "" : ",nr_inodes=" + options.inodes());
  }

  private static void append(ByteArrayOutputStream text, String more) {
    text.writeBytes(more.getBytes(StandardCharsets.US_ASCII));
  }

  /** What would end a word or a line, or the escaping itself, in octal. */
  private static byte[] escaped(byte[] path) {
    var escaped = new ByteArrayOutputStream();
    for (byte b : path) {
      if (b == ' ' || b == '\t' || b == '\n' || b == '\\') {
        append(escaped, "\\%03o".formatted((int) b));
      } else {
        escaped.write(b);
      }
    }
    return escaped.toByteArray();
  }
}
