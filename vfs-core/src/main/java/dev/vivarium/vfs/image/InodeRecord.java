package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.XattrFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image says of an inode, its kind and content aside.
 *
 * @param xattrs extended attributes: a name, its value, and so on
 */
record InodeRecord(
    int mode, int uid, int gid, long atime, long mtime, long ctime, List<byte[]> xattrs) {

  /** The greatest id; the one above it means "leave alone" to chown(2). */
  private static final long ID_MAX = 0xFFFFFFFEL;

  static InodeRecord read(BlockInput in, Quota limits) throws IOException {
    int mode = (int) in.readNumber("mode", 0, FileMode.ALL | ImageFormat.HAS_XATTRS);
    return new InodeRecord(
        mode & FileMode.ALL,
        (int) in.readNumber("user", 0, ID_MAX),
        (int) in.readNumber("group", 0, ID_MAX),
        in.readSigned(),
        in.readSigned(),
        in.readSigned(),
        (mode & ImageFormat.HAS_XATTRS) == 0 ? List.of() : readXattrs(in, limits));
  }

  private static List<byte[]> readXattrs(BlockInput in, Quota limits) throws IOException {
    var xattrs = new ArrayList<byte[]>();
    long bytes = 0;
    for (long left = in.readNumber("attributes", 1, Integer.MAX_VALUE); left > 0; left--) {
      byte[] name = in.readBytes("attribute name", XattrFlags.XATTR_NAME_MAX);
      byte[] value = in.readBytes("attribute", 0, XattrFlags.XATTR_SIZE_MAX);
      bytes += name.length + value.length;
      if (bytes > limits.xattrBytes()) {
        throw new ImageFormatException("the image has more attributes than its limits allow");
      }
      xattrs.add(name);
      xattrs.add(value);
    }
    return xattrs;
  }

  /** This without extended attributes, which need not be kept once they have been set. */
  InodeRecord withoutXattrs() {
    return new InodeRecord(mode, uid, gid, atime, mtime, ctime, List.of());
  }

  /** Gives the extended attributes to what has none yet. */
  void applyXattrs(Vfs vfs, FsContext root, Location at, byte[] path) throws ErrnoException {
    for (int i = 0; i < xattrs.size(); i += 2) {
      byte[] value = xattrs.get(i + 1);
      vfs.setXattr(root, at, path, xattrs.get(i), value, XattrFlags.XATTR_CREATE, false);
    }
  }

  /** Gives all of it to a file or a directory. */
  void applyTo(Vfs vfs, FsContext root, RestoredTimes times, Location at, byte[] path)
      throws ErrnoException {
    applyXattrs(vfs, root, at, path);
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
    applyXattrs(vfs, root, at, path);
    vfs.changeOwner(root, at, path, uid, gid, false);
    times.restore(vfs, root, at, path, atime, mtime, ctime);
  }
}
