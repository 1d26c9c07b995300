package dev.vivarium;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Something that a guest sees at a path beside its own files. */
sealed interface GuestMount {
  /**
   * So that what is in another is not hidden by it, in whichever order they were asked for. But a
   * volume is of the guest's own tree, and nothing is made for it in what is mounted over that.
   */
  static List<GuestMount> outerFirst(List<GuestMount> mounts) {
    return mounts.stream()
        .sorted(
            Comparator.<GuestMount, Boolean>comparing(mount -> !(mount instanceof Volume))
                .thenComparing(GuestMount::depth))
        .toList();
  }

  /** An absolute path of the guest. */
  String guest();

  /** Mounts it; what is not there of the path is made. */
  void mountIn(Vfs vfs) throws ErrnoException, IOException;

  /** How many names lead there; links that the guest's files may have are not looked at. */
  private static int depth(GuestMount mount) {
    int depth = 0;
    for (var name : mount.guest().split("/")) {
      if (name.equals("..")) {
        depth = Math.max(0, depth - 1);
      } else if (!name.isEmpty() && !name.equals(".")) {
        depth++;
      }
    }
    return depth;
  }

  /** A directory of the guest's own, which does not become read-only with the rest. */
  record Volume(String guest) implements GuestMount {
    @Override
    public void mountIn(Vfs vfs) throws ErrnoException {
      vfs.makeDirectories(guest);
      vfs.mounts().bind(guest, MountOptions.DEFAULT);
    }
  }

  /** An empty directory in memory. */
  record Temporary(String guest, MountOptions options, int mode) implements GuestMount {
    @Override
    public void mountIn(Vfs vfs) throws ErrnoException {
      vfs.makeDirectories(guest);
      // Its mode cannot be changed any more when it is read-only.
      vfs.mounts().memory(guest, options.withReadOnly(false));
      vfs.changeMode(vfs.superuser(), vfs.root(), guest.getBytes(UTF_8), mode, true);
      if (options.readOnly()) {
        vfs.mounts().remount(guest, options);
      }
    }
  }

  /** A directory or a regular file of the host. */
  record OfHost(String guest, Path host, boolean readOnly) implements GuestMount {
    @Override
    public void mountIn(Vfs vfs) throws ErrnoException, IOException {
      var options = MountOptions.DEFAULT.withReadOnly(readOnly);
      if (Files.isRegularFile(host)) {
        vfs.makeFile(guest);
        vfs.mounts().hostFile(guest, host, options);
      } else {
        vfs.makeDirectories(guest);
        vfs.mounts().hostDirectory(guest, host, options);
      }
    }
  }
}
