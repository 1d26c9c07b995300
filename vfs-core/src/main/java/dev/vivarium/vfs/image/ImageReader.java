package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a snapshot from an image that anybody may have written.
 *
 * <p>Everything that the file says is checked before it is used, and memory is taken as its content
 * arrives, within the limits; a length that the file names costs nothing by itself.
 */
public final class ImageReader {
  private static final byte[] SELF = {'.'};

  private final BlockInput in;
  private final RestoredTimes times = new RestoredTimes();
  private final Vfs vfs;
  private final FsContext root;
  private final Quota limits;
  private final byte[] buffer = new byte[1 << 16];
  private final List<Shared> shared = new ArrayList<>();
  private final ArrayDeque<Level> levels = new ArrayDeque<>();

  /** Where an inode is found that a LINK may name. */
  private record Shared(Location directory, byte[] name) {}

  /** A directory whose entries are being read. */
  private static final class Level {
    final Location directory;
    final InodeRecord inode;
    byte[] name = {};

    Level(Location directory, InodeRecord inode) {
      this.directory = directory;
      this.inode = inode;
    }
  }

  private ImageReader(BlockInput in, Quota limits) {
    this.in = in;
    this.limits = limits;
    this.vfs =
        Vfs.builder().quota(limits.withUser(Long.MAX_VALUE, Long.MAX_VALUE)).clock(times).build();
    this.root = vfs.superuser();
  }

  /** As {@link #read(InputStream, Quota)}, from a file. */
  public static Snapshot read(Path file, Quota limits) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(in, limits);
    }
  }

  /**
   * Reads an image to the end of the stream, which it does not close. Either all of it is right, or
   * there is no snapshot.
   *
   * @param limits the most that the tree may take: bytes, inodes, entries, depth; those on users
   *     are not looked at
   * @throws ImageFormatException if it is no image, is truncated or damaged in any way, or exceeds
   *     the limits
   * @throws IOException if the stream fails
   */
  public static Snapshot read(InputStream stream, Quota limits) throws IOException {
    try (var in = new BlockInput(stream)) {
      in.readHeader();
      var reader = new ImageReader(in, limits);
      reader.readTree();
      in.finish();
      return reader.vfs.snapshot();
    }
  }

  private void readTree() throws IOException {
    var top = InodeRecord.read(in, limits);
    try {
      top.applyXattrs(vfs, root, vfs.root(), SELF);
    } catch (ErrnoException e) {
      throw refused(new Level(vfs.root(), top), e);
    }
    levels.push(new Level(vfs.root(), top.withoutXattrs()));
    while (!levels.isEmpty()) {
      var level = levels.peek();
      try {
        readEntry(level);
      } catch (ErrnoException e) {
        throw refused(level, e);
      }
    }
  }

  private void readEntry(Level level) throws IOException, ErrnoException {
    int tag = in.readByte();
    if (tag == ImageFormat.END) {
      level.inode.applyTo(vfs, root, times, level.directory, SELF);
      levels.pop();
      return;
    }
    byte[] name = in.readBytes("name", ImageFormat.NAME_MAX);
    if (!EntryName.isValid(name)) {
      throw BlockInput.damaged("a name that no entry can have");
    }
    if (Arrays.compareUnsigned(name, level.name) <= 0) {
      throw BlockInput.damaged("names that are not in order");
    }
    level.name = name;
    var directory = level.directory;
    switch (tag) {
      case ImageFormat.DIRECTORY -> {
        var inode = InodeRecord.read(in, limits);
        vfs.makeDirectory(root, directory, name, 0700);
        inode.applyXattrs(vfs, root, directory, name);
        levels.push(new Level(vfs.directory(root, directory, name), inode.withoutXattrs()));
      }
      case ImageFormat.REGULAR, ImageFormat.REGULAR | ImageFormat.SHARED -> {
        var inode = InodeRecord.read(in, limits);
        readContent(directory, name);
        inode.applyTo(vfs, root, times, directory, name);
        share(tag, directory, name);
      }
      case ImageFormat.SYMLINK, ImageFormat.SYMLINK | ImageFormat.SHARED -> {
        readSymlink(directory, name);
        share(tag, directory, name);
      }
      case ImageFormat.NODE, ImageFormat.NODE | ImageFormat.SHARED -> {
        readNode(directory, name);
        share(tag, directory, name);
      }
      case ImageFormat.LINK -> readLink(directory, name);
      default -> throw BlockInput.damaged("an entry of unknown kind " + tag);
    }
  }

  private void share(int tag, Location directory, byte[] name) {
    if ((tag & ImageFormat.SHARED) != 0) {
      shared.add(new Shared(directory, name));
    }
  }

  private void readContent(Location directory, byte[] name) throws IOException, ErrnoException {
    long size = in.readNumber("file size", 0, Long.MAX_VALUE);
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    var file = vfs.open(root, directory, name, flags, 0600);
    try {
      readExtents(file, size);
      file.truncate(size);
    } finally {
      file.release();
    }
  }

  private void readExtents(FileDescription file, long size) throws IOException, ErrnoException {
    long end = 0;
    while (true) {
      long length = in.readNumber("extent length", 0, size - end);
      if (length == 0) {
        return;
      }
      long position = end + in.readNumber("hole length", end == 0 ? 0 : 1, size - end - length);
      end = position + length;
      while (position < end) {
        int count = (int) Math.min(buffer.length, end - position);
        in.read(buffer, 0, count);
        for (int written = 0; written < count; ) {
          written += file.pwrite(buffer, written, count - written, position + written);
        }
        position += count;
      }
    }
  }

  private void readSymlink(Location directory, byte[] name) throws IOException, ErrnoException {
    var inode = InodeRecord.read(in, limits);
    byte[] target = in.readBytes("symbolic link", ImageFormat.TARGET_MAX);
    for (byte b : target) {
      if (b == 0) {
        throw BlockInput.damaged("a symbolic link that no path resolution can follow");
      }
    }
    vfs.symlink(root, target, directory, name);
    inode.applyToSymlink(vfs, root, times, directory, name);
  }

  private void readNode(Location directory, byte[] name) throws IOException, ErrnoException {
    var inode = InodeRecord.read(in, limits);
    int type = (int) in.readNumber("kind", 0, 15) << 12;
    long device = in.readNumber("device", 0, 0xFFFF_FFFFL);
    boolean isDevice =
        type == FileType.CHARACTER_DEVICE.bits() || type == FileType.BLOCK_DEVICE.bits();
    boolean other = type == FileType.FIFO.bits() || type == FileType.SOCKET.bits();
    if (!isDevice && !(other && device == 0)) {
      throw BlockInput.damaged("a node of unknown kind");
    }
    vfs.makeNode(root, directory, name, type | 0600, device);
    inode.applyTo(vfs, root, times, directory, name);
  }

  private void readLink(Location directory, byte[] name) throws IOException, ErrnoException {
    if (shared.isEmpty()) {
      throw BlockInput.damaged("a link to nothing");
    }
    var first = shared.get((int) in.readNumber("link", 0, shared.size() - 1));
    var before = vfs.stat(root, first.directory, first.name, false);
    vfs.link(root, first.directory, first.name, false, directory, name);
    // The new name has changed the inode: its times are those of the image again.
    times.restore(vfs, root, directory, name, before.atime(), before.mtime(), before.ctime());
  }

  private ImageFormatException refused(Level level, ErrnoException cause) {
    String where =
        level.name.length == 0 ? "its root" : EntryName.describe(vfs, level.directory, level.name);
    String what =
        cause.errno() == Errno.ENOSPC
            ? "the image is larger than its limits allow, at "
            : "the image cannot be restored (" + cause.getMessage() + ") at ";
    return new ImageFormatException(what + where, cause);
  }
}
