package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import java.nio.ByteBuffer;

/**
 * The metadata of an image, by the numbers of inodes (from 1), entries and extents (from 0).
 *
 * <p>A block of it is verified when it is first required, and copied into the heap, so that what
 * has been verified stays as it was. Only what has been required may be asked for.
 */
final class Metadata {
  // Where an inode has its fields.
  private static final int MODE = 0;
  private static final int NLINK = 4;
  private static final int UID = 8;
  private static final int GID = 12;
  private static final int ATIME = 16;
  private static final int MTIME = 24;
  private static final int CTIME = 32;
  private static final int HOME = 40;
  private static final int COOKIE = 44;
  private static final int VALUE = 48;
  static final int FIRST = 56;
  static final int COUNT = 60;
  private static final int XATTRS = 64;
  private static final int XATTRS_LENGTH = 68;

  private final int inodes;
  private final int entries;
  private final int extents;
  private final int entryBase;
  private final int extentBase;
  private final int textBase;
  private final long contentEnd;
  private final Blocks blocks;
  // Null where it has not been required. The array is replaced and never written, so that whoever
  // looks needs no lock; an atomic one would bring method handles into each opening.
  private volatile ByteBuffer[] loaded;

  /**
   * Metadata of these counts.
   *
   * @param blocks as many bytes as {@link #length} says
   */
  Metadata(int inodes, int entries, int extents, long contentEnd, Blocks blocks) {
    this.inodes = inodes;
    this.entries = entries;
    this.extents = extents;
    this.contentEnd = contentEnd;
    this.blocks = blocks;
    entryBase = inodes * ImageFormat.INODE;
    extentBase = entryBase + entries * ImageFormat.ENTRY;
    textBase = extentBase + extents * ImageFormat.EXTENT;
    loaded = new ByteBuffer[(int) Blocks.count(blocks.length())];
  }

  /** How many bytes metadata of these counts, each below 2^31, has. */
  static long length(int inodes, int entries, int extents, int text) {
    return (long) inodes * ImageFormat.INODE
        + (long) entries * ImageFormat.ENTRY
        + (long) extents * ImageFormat.EXTENT
        + text;
  }

  /**
   * Requires all that there is.
   *
   * @throws ErrnoException EIO if any of it is not what the image was written with
   */
  void requireAll() throws ErrnoException {
    require(0, blocks.length());
  }

  /**
   * Requires an inode, and all that says what it contains: entries with their names, extents, the
   * target of a link, attributes.
   *
   * @throws ErrnoException EIO if any of it is not what the image was written with
   */
  void requireInode(int inode) throws ErrnoException {
    require(at(inode, 0), ImageFormat.INODE);
    int first = first(inode);
    int count = count(inode);
    int kind = mode(inode) & FileMode.S_IFMT;
    if (first < 0 || count < 0) {
      throw Errno.EIO.exception();
    }
    if (kind == FileType.DIRECTORY.bits() && count > 0) {
      require(entryBase + (long) first * ImageFormat.ENTRY, (long) count * ImageFormat.ENTRY);
      int last = first + count - 1;
      requireText(name(first), (long) name(last) + nameLength(last) - name(first));
    } else if (kind == FileType.REGULAR.bits()) {
      require(extentBase + (long) first * ImageFormat.EXTENT, (long) count * ImageFormat.EXTENT);
    } else if (kind == FileType.SYMLINK.bits()) {
      requireText(first, count);
    }
    if (xattrsLength(inode) != 0) {
      requireText(xattrs(inode), xattrsLength(inode));
    }
  }

  private void requireText(int position, long length) throws ErrnoException {
    require((long) textBase + position, length);
  }

  private void require(long from, long length) throws ErrnoException {
    if (from < 0 || length < 0 || length > blocks.length() - from) {
      throw Errno.EIO.exception();
    }
    var present = loaded;
    int end = (int) Blocks.count(from + length);
    for (int block = (int) (from / ImageFormat.BLOCK); block < end; block++) {
      if (present[block] == null) {
        load(block, end);
        return;
      }
    }
  }

  /** Loads what is missing of some blocks: all of it, or it fails. */
  private synchronized void load(int first, int end) throws ErrnoException {
    var present = loaded.clone();
    for (int block = first; block < end; block++) {
      if (present[block] == null) {
        present[block] = ByteBuffer.wrap(blocks.read(block));
      }
    }
    loaded = present;
  }

  private int getInt(int position) {
    // Never across the end of a block: all numbers are at multiples of four.
    return loaded[position / ImageFormat.BLOCK].getInt(position % ImageFormat.BLOCK);
  }

  private long getLong(int position) {
    return (long) getInt(position) << Integer.SIZE
        | Integer.toUnsignedLong(getInt(position + Integer.BYTES));
  }

  int inodes() {
    return inodes;
  }

  int entries() {
    return entries;
  }

  int extents() {
    return extents;
  }

  long contentEnd() {
    return contentEnd;
  }

  int textLength() {
    return (int) blocks.length() - textBase;
  }

  private int at(int inode, int field) {
    return (inode - 1) * ImageFormat.INODE + field;
  }

  int mode(int inode) {
    return getInt(at(inode, MODE));
  }

  int nlink(int inode) {
    return getInt(at(inode, NLINK));
  }

  int uid(int inode) {
    return getInt(at(inode, UID));
  }

  int gid(int inode) {
    return getInt(at(inode, GID));
  }

  long atime(int inode) {
    return getLong(at(inode, ATIME));
  }

  long mtime(int inode) {
    return getLong(at(inode, MTIME));
  }

  long ctime(int inode) {
    return getLong(at(inode, CTIME));
  }

  int home(int inode) {
    return getInt(at(inode, HOME));
  }

  int cookie(int inode) {
    return getInt(at(inode, COOKIE));
  }

  long value(int inode) {
    return getLong(at(inode, VALUE));
  }

  int first(int inode) {
    return getInt(at(inode, FIRST));
  }

  int count(int inode) {
    return getInt(at(inode, COUNT));
  }

  int xattrs(int inode) {
    return getInt(at(inode, XATTRS));
  }

  int xattrsLength(int inode) {
    return getInt(at(inode, XATTRS_LENGTH));
  }

  private int entryAt(int entry) {
    return entryBase + entry * ImageFormat.ENTRY;
  }

  int name(int entry) {
    return getInt(entryAt(entry));
  }

  /** The type bits of the mode that the inode of an entry has. */
  int kind(int entry) {
    return getInt(entryAt(entry) + 4) >>> Short.SIZE;
  }

  int nameLength(int entry) {
    return getInt(entryAt(entry) + 4) & 0xFFFF;
  }

  int inodeOf(int entry) {
    return getInt(entryAt(entry) + 8);
  }

  private int extentAt(int extent) {
    return extentBase + extent * ImageFormat.EXTENT;
  }

  long page(int extent) {
    return getLong(extentAt(extent));
  }

  long position(int extent) {
    return getLong(extentAt(extent) + 8);
  }

  int pages(int extent) {
    return getInt(extentAt(extent) + 16);
  }

  byte[] text(int position, int length) {
    var text = new byte[length];
    for (int done = 0; done < length; ) {
      int at = textBase + position + done;
      int within = at % ImageFormat.BLOCK;
      int part = Math.min(ImageFormat.BLOCK - within, length - done);
      loaded[at / ImageFormat.BLOCK].get(within, text, done, part);
      done += part;
    }
    return text;
  }

  /** The text of the extended attributes of an inode. */
  ByteBuffer xattrText(int inode) {
    return ByteBuffer.wrap(text(xattrs(inode), xattrsLength(inode)));
  }
}
