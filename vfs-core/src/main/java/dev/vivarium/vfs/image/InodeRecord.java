package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import java.io.IOException;

/** What an image says of an inode, its kind and content aside. */
record InodeRecord(int mode, int uid, int gid, long atime, long mtime, long ctime) {

  /** The greatest id; the one above it means "leave alone" to chown(2). */
  private static final long ID_MAX = 0xFFFFFFFEL;

  static InodeRecord read(BlockInput in) throws IOException {
    return new InodeRecord(
        (int) in.readNumber("mode", 0, FileMode.ALL),
        (int) in.readNumber("user", 0, ID_MAX),
        (int) in.readNumber("group", 0, ID_MAX),
        in.readSigned(),
        in.readSigned(),
        in.readSigned());
  }

  /** Gives all of it to a file or a directory. */
  void applyTo(Vfs vfs, FsContext root, RestoredTimes times, Location at, byte[] path)
      throws ErrnoException {
    vfs.changeOwner(root, at, path, uid, gid, false);
    // After the owner, whose change takes the set-id bits away.
    vfs.changeMode(root, at, path, mode, true);
    times.restore(vfs, root, at, path, atime, mtime, ctime);
  }

  /** Gives all but the mode, which symbolic links do not have, to a symbolic link. */
  void applyToSymlink(Vfs vfs, FsContext root, RestoredTimes times, Location at, byte[] path)
      throws ErrnoException, IOException {
    if (mode != ImageFormat.SYMLINK_MODE) {
      throw BlockInput.damaged("a symbolic link with a mode of its own");
    }
    vfs.changeOwner(root, at, path, uid, gid, false);
    times.restore(vfs, root, at, path, atime, mtime, ctime);
  }
}
