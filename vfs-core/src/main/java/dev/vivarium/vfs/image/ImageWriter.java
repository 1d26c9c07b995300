package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.vfs.tree.StoredContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot's tree as one file.
 *
 * <p>The same tree gives the same bytes: names are sorted, inodes are numbered anew, and no time is
 * written but those of the inodes. What a snapshot's history was does not matter, but for the holes
 * of its files.
 *
 * <p>Takes memory for everything but contents, about 100 bytes and the name for each inode.
 */
public final class ImageWriter {
  private static final byte[] SELF = {'.'};
  private static final int ROOT = 1;
  private static final int FIRST_COOKIE = 3;

  private final Vfs vfs;
  private final FsContext root;
  private final Section inodes = new Section();
  private final Section entries = new Section();
  private final Section extents = new Section();
  private final Section text = new Section();
  private final StoredContent present;
  private final BlockOutput content;
  private final Section sums;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private final Map<Long, Integer> shared = new HashMap<>();
  private final ArrayDeque<Numbered> directories = new ArrayDeque<>();
  private int count;

  /** A directory whose entries are still to be written. */
  private record Numbered(Location directory, int number) {}

  private ImageWriter(
      Vfs vfs, StoredContent present, BlockOutput content, Section sums, OutputStream out) {
    this.vfs = vfs;
    this.root = vfs.superuser();
    this.present = present;
    this.content = content;
    this.sums = sums;
    this.out = out;
  }

  static void writeHeader(BlockOutput content) throws IOException {
    var header = ByteBuffer.allocate(ImageFormat.HEADER).putLong(ImageFormat.MAGIC);
    content.write(header.put((byte) ImageFormat.VERSION).array(), 0, ImageFormat.HEADER);
  }

  /**
   * Writes an image and flushes, but does not close, the stream.
   *
   * @throws IOException if the stream fails, or the snapshot is of a damaged image
   */
  public static void write(Snapshot snapshot, OutputStream stream) throws IOException {
    var sums = new Section();
    var content = new BlockOutput(stream, sums);
    writeHeader(content);
    finish(snapshot, null, content, sums, stream);
  }

  /**
   * Writes an image that has been begun, and flushes the stream.
   *
   * @param present where it has some of the tree's content already, at its positions; null if none
   * @param content what has been written; what is missing follows it
   * @param sums those of the content
   */
  static void finish(
      Snapshot snapshot,
      StoredContent present,
      BlockOutput content,
      Section sums,
      OutputStream stream)
      throws IOException {
    // A fork of its own: reading moves times of access, which must not reach the caller's.
    var vfs = Vfs.builder().base(snapshot).quota(Quota.UNLIMITED).build();
    try {
      var writer = new ImageWriter(vfs, present, content, sums, stream);
      writer.writeTree();
      writer.finish();
    } catch (ErrnoException e) {
      throw new IOException("the snapshot cannot be read: " + e.getMessage(), e);
    }
  }

  private void writeTree() throws IOException, ErrnoException {
    writeInode(vfs.root(), SELF, vfs.stat(root, vfs.root(), SELF, false), ROOT, 0);
    while (!directories.isEmpty()) {
      var next = directories.remove();
      writeEntries(next.directory, next.number);
    }
  }

  private void writeEntries(Location directory, int number) throws IOException, ErrnoException {
    var names = names(directory);
    int record = (number - 1) * ImageFormat.INODE;
    inodes.putInt(record + Metadata.FIRST, entries.position() / ImageFormat.ENTRY);
    inodes.putInt(record + Metadata.COUNT, names.size());
    int cookie = FIRST_COOKIE;
    for (byte[] name : names) {
      var stat = vfs.stat(root, directory, name, false);
      var known = shared.get(stat.ino());
      int kind = stat.mode() & FileMode.S_IFMT;
      entries.putInt(text.position()).putInt(kind << Short.SIZE | name.length);
      entries.putInt(known == null ? count + 1 : known);
      text.put(name);
      if (known == null) {
        writeInode(directory, name, stat, number, cookie);
      }
      cookie++;
    }
  }

  private void writeInode(Location directory, byte[] name, Stat stat, int home, int cookie)
      throws IOException, ErrnoException {
    count++;
    if (stat.nlink() > 1 && !stat.isDirectory()) {
      shared.put(stat.ino(), count);
    }
    inodes.putInt(stat.mode()).putInt((int) stat.nlink()).putInt(stat.uid()).putInt(stat.gid());
    inodes.putLong(stat.atime()).putLong(stat.mtime()).putLong(stat.ctime());
    inodes.putInt(home).putInt(cookie);
    int xattrs = text.position();
    writeXattrs(directory, name);
    int length = text.position() - xattrs;
    switch (stat.type()) {
      case DIRECTORY -> {
        directories.add(new Numbered(vfs.directory(root, directory, name), count));
        // Its entries come later.
        inodes.putLong(0).putInt(0).putInt(0);
      }
      case REGULAR -> {
        int first = extents.position() / ImageFormat.EXTENT;
        if (stat.size() > 0) {
          writeContent(directory, name);
        }
        int extentCount = extents.position() / ImageFormat.EXTENT - first;
        inodes.putLong(stat.size()).putInt(first).putInt(extentCount);
      }
      case SYMLINK -> {
        byte[] target = vfs.readLink(root, directory, name);
        inodes.putLong(0).putInt(text.position()).putInt(target.length);
        text.put(target);
      }
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          inodes.putLong(stat.rdev()).putInt(0).putInt(0);
    }
    inodes.putInt(length == 0 ? 0 : xattrs).putInt(length);
  }

  private void writeXattrs(Location directory, byte[] name) throws IOException, ErrnoException {
    var names = new ArrayList<>(vfs.listXattr(root, directory, name, false));
    names.sort(Arrays::compareUnsigned);
    for (byte[] xattr : names) {
      byte[] value = vfs.getXattr(root, directory, name, xattr, false);
      text.putShort(xattr.length).put(xattr).putInt(value.length).put(value);
    }
  }

  private void writeContent(Location directory, byte[] name) throws IOException, ErrnoException {
    var file = vfs.open(root, directory, name, OpenFlags.O_RDONLY | OpenFlags.O_NOATIME, 0);
    try {
      for (long data = nextData(file, 0); data >= 0; ) {
        long hole = file.seek(data, Whence.HOLE);
        writeRun(file, data, hole);
        data = nextData(file, hole);
      }
    } finally {
      file.release();
    }
  }

  /** Writes the extents of a range without holes, and what is not present of it. */
  private void writeRun(FileDescription file, long from, long to)
      throws IOException, ErrnoException {
    for (long start = from; start < to; ) {
      long position = position(file, start);
      long end = start;
      long next;
      do {
        end = Math.min(to, end + ImageFormat.PAGE);
        next = position < 0 ? position : position + end - start;
      } while (end < to && position(file, end) == next);
      extents.putLong(start / ImageFormat.PAGE);
      extents.putLong(position < 0 ? content.position() : position);
      extents.putInt((int) ((end - start + ImageFormat.PAGE - 1) / ImageFormat.PAGE));
      if (position < 0) {
        copy(file, start, end);
      }
      start = end;
    }
  }

  /** Where the page of a file at an offset is present; -1 if it is not. */
  private long position(FileDescription file, long offset) throws ErrnoException {
    return present != null && file instanceof RegularFileDescription regular
        ? regular.positionIn(present, offset)
        : -1;
  }

  private static long nextData(FileDescription file, long from) throws ErrnoException {
    try {
      return file.seek(from, Whence.DATA);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return -1;
      }
      throw e;
    }
  }

  private void copy(FileDescription file, long from, long to) throws IOException, ErrnoException {
    for (long position = from; position < to; ) {
      int read = file.pread(buffer, 0, (int) Math.min(buffer.length, to - position), position);
      if (read <= 0) {
        throw Errno.EIO.exception();
      }
      content.write(buffer, 0, read);
      position += read;
    }
  }

  private List<byte[]> names(Location at) throws ErrnoException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME;
    var directory = vfs.open(root, at, SELF, flags, 0);
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

  private void finish() throws IOException {
    content.finish();
    var metadata = new BlockOutput(out, sums);
    for (var section : List.of(inodes, entries, extents, text)) {
      section.writeTo(metadata);
    }
    metadata.finish();
    sums.writeTo(out);
    var sum = new CRC32C();
    sums.addTo(sum);
    var trailer = new Section();
    trailer.putInt(count).putInt(entries.position() / ImageFormat.ENTRY);
    trailer.putInt(extents.position() / ImageFormat.EXTENT).putInt(text.position());
    trailer.putLong(content.position()).putInt((int) sum.getValue());
    var trailerSum = new CRC32C();
    trailer.addTo(trailerSum);
    trailer.putInt((int) trailerSum.getValue()).putLong(ImageFormat.MAGIC);
    trailer.writeTo(out);
    out.flush();
  }
}
