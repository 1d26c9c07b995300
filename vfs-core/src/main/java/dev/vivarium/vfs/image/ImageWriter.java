package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes a snapshot's tree as one file.
 *
 * <p>The same tree gives the same bytes (on one release of the platform, whose compressor it is):
 * names are sorted, inode numbers are left out, and no time is written but those of the inodes.
 * What a snapshot's history was does not matter, but for the holes of its files.
 *
 * <p>Takes memory for one directory's names on each level of the way down, one number for each
 * inode with several names, and a fixed amount for contents.
 */
public final class ImageWriter {
  private final Vfs vfs;
  private final FsContext root;
  private final BlockOutput out;
  private final byte[] buffer = new byte[1 << 16];
  private final Map<Long, Long> shared = new HashMap<>();
  private final ArrayDeque<Level> levels = new ArrayDeque<>();

  /** A directory on the way down, and the names in it that are still to be written. */
  private record Level(Location directory, Iterator<byte[]> names) {}

  private ImageWriter(Vfs vfs, BlockOutput out) {
    this.vfs = vfs;
    this.root = vfs.superuser();
    this.out = out;
  }

  /**
   * Writes an image and flushes, but does not close, the stream.
   *
   * @throws IOException if the stream fails
   */
  public static void write(Snapshot snapshot, OutputStream stream) throws IOException {
    // A fork of its own: reading moves times of access, which must not reach the caller's.
    var vfs = Vfs.builder().base(snapshot).quota(Quota.UNLIMITED).build();
    try (var out = new BlockOutput(stream)) {
      new ImageWriter(vfs, out).writeTree();
      out.finish();
    } catch (ErrnoException e) {
      throw new IOException("the snapshot cannot be read: " + e.getMessage(), e);
    }
  }

  private void writeTree() throws IOException, ErrnoException {
    var top = vfs.root();
    writeInode(top, new byte[] {'.'}, vfs.stat(root, top, new byte[] {'.'}, false));
    levels.push(new Level(top, names(top, new byte[] {'.'}).iterator()));
    while (!levels.isEmpty()) {
      var level = levels.peek();
      if (level.names.hasNext()) {
        writeEntry(level.directory, level.names.next());
      } else {
        out.writeByte(ImageFormat.END);
        levels.pop();
      }
    }
  }

  private void writeEntry(Location directory, byte[] name) throws IOException, ErrnoException {
    var stat = vfs.stat(root, directory, name, false);
    switch (stat.type()) {
      case DIRECTORY -> {
        // Listed before it is entered: opening it is what moves its time of access.
        var entries = names(directory, name);
        writeHead(ImageFormat.DIRECTORY, name);
        writeInode(directory, name, stat);
        levels.push(new Level(vfs.directory(root, directory, name), entries.iterator()));
      }
      case REGULAR -> {
        if (writeNode(ImageFormat.REGULAR, directory, name, stat)) {
          writeContent(directory, name, stat.size());
        }
      }
      case SYMLINK -> {
        if (writeNode(ImageFormat.SYMLINK, directory, name, stat)) {
          out.writeBytes(vfs.readLink(root, directory, name));
        }
      }
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
        if (writeNode(ImageFormat.NODE, directory, name, stat)) {
          out.writeNumber(stat.type().bits() >> 12);
          out.writeNumber(stat.rdev());
        }
      }
    }
  }

  /** Writes the head of a node, or a link to it if it has been written; whether content follows. */
  private boolean writeNode(int tag, Location directory, byte[] name, Stat stat)
      throws IOException, ErrnoException {
    if (stat.nlink() == 1) {
      writeHead(tag, name);
      writeInode(directory, name, stat);
      return true;
    }
    Long number = shared.putIfAbsent(stat.ino(), (long) shared.size());
    if (number == null) {
      writeHead(tag | ImageFormat.SHARED, name);
      writeInode(directory, name, stat);
      return true;
    }
    writeHead(ImageFormat.LINK, name);
    out.writeNumber(number);
    return false;
  }

  private void writeHead(int tag, byte[] name) throws IOException {
    out.writeByte(tag);
    out.writeBytes(name);
  }

  private void writeInode(Location directory, byte[] name, Stat stat)
      throws IOException, ErrnoException {
    var xattrs = vfs.listXattr(root, directory, name, false);
    out.writeNumber((stat.mode() & FileMode.ALL) | (xattrs.isEmpty() ? 0 : ImageFormat.HAS_XATTRS));
    out.writeNumber(Integer.toUnsignedLong(stat.uid()));
    out.writeNumber(Integer.toUnsignedLong(stat.gid()));
    out.writeSigned(stat.atime());
    out.writeSigned(stat.mtime());
    out.writeSigned(stat.ctime());
    if (!xattrs.isEmpty()) {
      out.writeNumber(xattrs.size());
      for (byte[] xattr : xattrs) {
        out.writeBytes(xattr);
        out.writeBytes(vfs.getXattr(root, directory, name, xattr, false));
      }
    }
  }

  private void writeContent(Location directory, byte[] name, long size)
      throws IOException, ErrnoException {
    out.writeNumber(size);
    if (size > 0) {
      var file = vfs.open(root, directory, name, OpenFlags.O_RDONLY | OpenFlags.O_NOATIME, 0);
      try {
        writeExtents(file);
      } finally {
        file.release();
      }
    }
    out.writeNumber(0);
  }

  private void writeExtents(FileDescription file) throws IOException, ErrnoException {
    long end = 0;
    while (true) {
      long data;
      try {
        data = file.seek(end, Whence.DATA);
      } catch (ErrnoException e) {
        if (e.errno() == Errno.ENXIO) {
          return;
        }
        throw e;
      }
      long hole = file.seek(data, Whence.HOLE);
      out.writeNumber(hole - data);
      out.writeNumber(data - end);
      for (long position = data; position < hole; ) {
        int count = file.pread(buffer, 0, (int) Math.min(buffer.length, hole - position), position);
        if (count <= 0) {
          throw Errno.EIO.exception();
        }
        out.write(buffer, 0, count);
        position += count;
      }
      end = hole;
    }
  }

  private List<byte[]> names(Location at, byte[] path) throws ErrnoException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME;
    var directory = vfs.open(root, at, path, flags, 0);
    try {
      var names = new ArrayList<byte[]>();
      directory.readDirectory(
          0,
          (cookie, ino, type, name) -> {
            if (!EntryName.isDots(name)) {
              names.add(name.clone());
            }
            return true;
          });
      names.sort(Arrays::compareUnsigned);
      return names;
    } finally {
      directory.release();
    }
  }
}
