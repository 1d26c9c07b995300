package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.tree.Entry;
import dev.vivarium.vfs.tree.StoredInode;
import dev.vivarium.vfs.tree.StoredTree;
import java.util.ArrayList;
import java.util.List;

/** The tree of an image. */
final class StoredImage implements StoredTree {
  private static final int FIRST_COOKIE = 3;

  private final Metadata metadata;
  private final Blocks content;

  StoredImage(Metadata metadata, Blocks content) {
    this.metadata = metadata;
    this.content = content;
  }

  Metadata metadata() {
    return metadata;
  }

  @Override
  public long inodes() {
    return metadata.inodes();
  }

  @Override
  public StoredInode inode(long ino) throws ErrnoException {
    int inode = (int) ino;
    metadata.requireInode(inode);
    int mode = metadata.mode(inode);
    boolean regular = FileType.of(mode) == FileType.REGULAR;
    long value = metadata.value(inode);
    return new StoredInode(
        mode,
        metadata.nlink(inode),
        metadata.uid(inode),
        metadata.gid(inode),
        metadata.atime(inode),
        metadata.mtime(inode),
        metadata.ctime(inode),
        metadata.home(inode),
        metadata.cookie(inode),
        regular ? value : 0,
        regular ? 0 : value,
        regular ? pages(inode) : metadata.count(inode),
        xattrs(inode));
  }

  private int pages(int inode) {
    int pages = 0;
    int first = metadata.first(inode);
    for (int i = first; i < first + metadata.count(inode); i++) {
      pages += metadata.pages(i);
    }
    return pages;
  }

  private List<byte[]> xattrs(int inode) {
    if (metadata.xattrsLength(inode) == 0) {
      return List.of();
    }
    var xattrs = new ArrayList<byte[]>();
    for (var text = metadata.xattrText(inode); text.hasRemaining(); ) {
      var name = new byte[text.getShort()];
      text.get(name);
      var value = new byte[text.getInt()];
      text.get(value);
      xattrs.add(name);
      xattrs.add(value);
    }
    return xattrs;
  }

  @Override
  public Entry[] entries(long directory) {
    int first = metadata.first((int) directory);
    var entries = new Entry[metadata.count((int) directory)];
    for (int i = 0; i < entries.length; i++) {
      byte[] name = metadata.text(metadata.name(first + i), metadata.nameLength(first + i));
      var type = FileType.of(metadata.kind(first + i));
      entries[i] = Entry.of(name, type, metadata.inodeOf(first + i), (long) FIRST_COOKIE + i);
    }
    return entries;
  }

  @Override
  public byte[] target(long symlink) {
    return metadata.text(metadata.first((int) symlink), metadata.count((int) symlink));
  }

  @Override
  public long nextPage(long file, long from) {
    int extent = extent((int) file, from);
    if (from < metadata.page(extent) + metadata.pages(extent)) {
      return Math.max(from, metadata.page(extent));
    }
    int end = metadata.first((int) file) + metadata.count((int) file);
    return extent + 1 < end ? metadata.page(extent + 1) : -1;
  }

  @Override
  public long page(long file, long number) {
    int extent = extent((int) file, number);
    return metadata.position(extent) + (number - metadata.page(extent)) * ImageFormat.PAGE;
  }

  /** The last extent of a file that does not begin behind a page; else the first. */
  private int extent(int file, long page) {
    int low = metadata.first(file);
    int high = low + metadata.count(file);
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (metadata.page(middle) <= page) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws ErrnoException {
    content.read(position, target, offset, length);
  }
}
