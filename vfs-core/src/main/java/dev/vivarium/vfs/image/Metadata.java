package dev.vivarium.vfs.image;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The metadata of an image, by the numbers of inodes (from 1), entries and extents (from 0). Copied
 * into the heap, so that what has been checked stays as it was.
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

  private final ByteBuffer bytes;
  private final int inodes;
  private final int entries;
  private final int extents;
  private final long contentEnd;
  private final int entryBase;
  private final int extentBase;
  private final int sumBase;
  private final int textBase;

  /**
   * Metadata of these counts.
   *
   * @param bytes as long as {@link #length} says
   */
  Metadata(byte[] bytes, int inodes, int entries, int extents, long contentEnd) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.inodes = inodes;
    this.entries = entries;
    this.extents = extents;
    this.contentEnd = contentEnd;
    entryBase = inodes * ImageFormat.INODE;
    extentBase = entryBase + entries * ImageFormat.ENTRY;
    sumBase = extentBase + extents * ImageFormat.EXTENT;
    textBase = sumBase + (int) blocks(contentEnd) * ImageFormat.SUM;
  }

  /** How many bytes metadata of these counts, each below 2^31, has. */
  static long length(int inodes, int entries, int extents, long contentEnd, int text) {
    return (long) inodes * ImageFormat.INODE
        + (long) entries * ImageFormat.ENTRY
        + (long) extents * ImageFormat.EXTENT
        + blocks(contentEnd) * ImageFormat.SUM
        + text;
  }

  private static long blocks(long contentEnd) {
    return (contentEnd + ImageFormat.BLOCK - 1) / ImageFormat.BLOCK;
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

  int blocks() {
    return (int) blocks(contentEnd);
  }

  int sum(int block) {
    return bytes.getInt(sumBase + block * ImageFormat.SUM);
  }

  private int at(int inode, int field) {
    return (inode - 1) * ImageFormat.INODE + field;
  }

  int mode(int inode) {
    return bytes.getInt(at(inode, MODE));
  }

  int nlink(int inode) {
    return bytes.getInt(at(inode, NLINK));
  }

  int uid(int inode) {
    return bytes.getInt(at(inode, UID));
  }

  int gid(int inode) {
    return bytes.getInt(at(inode, GID));
  }

  long atime(int inode) {
    return bytes.getLong(at(inode, ATIME));
  }

  long mtime(int inode) {
    return bytes.getLong(at(inode, MTIME));
  }

  long ctime(int inode) {
    return bytes.getLong(at(inode, CTIME));
  }

  int home(int inode) {
    return bytes.getInt(at(inode, HOME));
  }

  int cookie(int inode) {
    return bytes.getInt(at(inode, COOKIE));
  }

  long value(int inode) {
    return bytes.getLong(at(inode, VALUE));
  }

  int first(int inode) {
    return bytes.getInt(at(inode, FIRST));
  }

  int count(int inode) {
    return bytes.getInt(at(inode, COUNT));
  }

  int xattrs(int inode) {
    return bytes.getInt(at(inode, XATTRS));
  }

  int xattrsLength(int inode) {
    return bytes.getInt(at(inode, XATTRS_LENGTH));
  }

  int name(int entry) {
    return bytes.getInt(entryBase + entry * ImageFormat.ENTRY);
  }

  int nameLength(int entry) {
    return bytes.getInt(entryBase + entry * ImageFormat.ENTRY + 4);
  }

  int inodeOf(int entry) {
    return bytes.getInt(entryBase + entry * ImageFormat.ENTRY + 8);
  }

  long page(int extent) {
    return bytes.getLong(extentBase + extent * ImageFormat.EXTENT);
  }

  long position(int extent) {
    return bytes.getLong(extentBase + extent * ImageFormat.EXTENT + 8);
  }

  int pages(int extent) {
    return bytes.getInt(extentBase + extent * ImageFormat.EXTENT + 16);
  }

  int textLength() {
    return bytes.limit() - textBase;
  }

  /** What {@link #textAt} means a place in; not to be changed. */
  byte[] array() {
    return bytes.array();
  }

  /** Where a place in the text is in {@link #array}. */
  int textAt(int position) {
    return textBase + position;
  }

  byte[] text(int position, int length) {
    int from = textAt(position);
    return Arrays.copyOfRange(bytes.array(), from, from + length);
  }

  /** The text of the extended attributes of an inode. */
  ByteBuffer xattrText(int inode) {
    return bytes.slice(textAt(xattrs(inode)), xattrsLength(inode));
  }
}
