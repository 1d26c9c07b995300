package dev.vivarium.image.oci;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/** The names in a directory of a tree, without moving its time of access. */
record Listing(Vfs vfs) {
  private static final byte[] SELF = {'.'};

  List<byte[]> names(Location at) throws ErrnoException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME;
    var directory = vfs.open(vfs.superuser(), at, SELF, flags, 0);
    try {
      var names = new ArrayList<byte[]>();
      directory.readDirectory(
          0,
          (cookie, ino, type, name) -> {
            if (!MemberPath.isDots(name)) {
              names.add(name.clone());
            }
            return true;
          });
      return names;
    } finally {
      directory.release();
    }
  }
}
