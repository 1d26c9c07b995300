package dev.vivarium;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Something that a guest sees at a path beside its own files. */
sealed interface GuestMount {
  /** So that what is in another is not hidden by it, in whichever order they were asked for. */
  Comparator<GuestMount> OUTER_FIRST = Comparator.comparingLong(GuestMount::depth);

  /** An absolute path of the guest. */
  String guest();

  /** Mounts it; what is not there of the path is made. */
  void mountIn(Vfs vfs) throws ErrnoException, IOException;

  private static long depth(GuestMount mount) {
    return mount.guest().chars().filter(c -> c == '/').count();
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
