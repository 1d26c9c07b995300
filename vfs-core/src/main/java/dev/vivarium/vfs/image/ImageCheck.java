package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.XattrFlags;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Goes through the metadata of an image once, in the order in which it is written, and finds
 * everything in the one place where it can be, or refuses the image.
 */
final class ImageCheck {
  private static final int ROOT = 1;
  private static final int FIRST_COOKIE = 3;
  private static final byte[] USER = "user.".getBytes(StandardCharsets.US_ASCII);

  /** The greatest id; the one above it means "leave alone" to chown(2). */
  private static final long ID_MAX = 0xFFFFFFFEL;

  private final Metadata metadata;
  // What has been met so far.
  private int inodes;
  private int entries;
  private int extents;
  private int text;
  private long content = ImageFormat.HEADER;
  private long links;
  private long wantedLinks;
  private final Map<Integer, Integer> linksOf = new HashMap<>();

  ImageCheck(Metadata metadata) {
    this.metadata = metadata;
  }

  /**
   * Checks.
   *
   * @throws ImageFormatException if anything is not as it has to be
   */
  void check() throws ImageFormatException {
    require(isDirectory(ROOT), "its root is no directory");
    checkInode(ROOT, 0);
    for (int inode = ROOT; inode <= metadata.inodes(); inode++) {
      require(inode <= inodes, "an inode without a name");
      if (isDirectory(inode)) {
        checkEntries(inode);
      }
    }
    require(
        entries == metadata.entries()
            && extents == metadata.extents()
            && text == metadata.textLength()
            && content == metadata.contentEnd(),
        "something in it belongs to nothing");
    boolean linked = links == wantedLinks;
    for (var inode : linksOf.entrySet()) {
      linked &= metadata.nlink(inode.getKey()) == inode.getValue() + 1;
    }
    require(linked, "a link count that is wrong");
  }

  private boolean isDirectory(int inode) {
    return (metadata.mode(inode) & FileMode.S_IFMT) == FileType.DIRECTORY.bits();
  }

  private void checkEntries(int directory) throws ImageFormatException {
    int count = metadata.count(directory);
    require(
        metadata.first(directory) == entries && count >= 0 && count <= metadata.entries() - entries,
        "a directory whose entries are elsewhere");
    int subdirectories = 0;
    byte[] before = {};
    for (int i = 0; i < count; i++) {
      int entry = entries + i;
      byte[] name = checkName(entry);
      require(Arrays.compareUnsigned(before, name) < 0, "names that are not in order");
      before = name;
      int inode = metadata.inodeOf(entry);
      if (inode == inodes + 1 && inode <= metadata.inodes()) {
        checkInode(directory, FIRST_COOKIE + i);
        subdirectories += isDirectory(inode) ? 1 : 0;
      } else {
        require(
            inode > ROOT && inode <= inodes && !isDirectory(inode),
            "a link to what does not come before");
        links++;
        linksOf.merge(inode, 1, Integer::sum);
      }
      require(
          metadata.kind(entry) == (metadata.mode(inode) & FileMode.S_IFMT),
          "an entry of another kind than its inode");
    }
    require(metadata.nlink(directory) == 2 + subdirectories, "a link count that is wrong");
    entries += count;
  }

  private byte[] checkName(int entry) throws ImageFormatException {
    int length = metadata.nameLength(entry);
    require(length >= 1 && length <= ImageFormat.NAME_MAX, "a name of a length that none can have");
    byte[] name = takeText(metadata.name(entry), length);
    require(EntryName.isValid(name), "a name that no entry can have");
    return name;
  }

  /** Meets the next inode, by its first name. */
  private void checkInode(int home, int cookie) throws ImageFormatException {
    int inode = ++inodes;
    int mode = metadata.mode(inode);
    require(
        metadata.home(inode) == home && metadata.cookie(inode) == cookie,
        "an inode that has its name elsewhere");
    require(
        Integer.toUnsignedLong(metadata.uid(inode)) <= ID_MAX
            && Integer.toUnsignedLong(metadata.gid(inode)) <= ID_MAX,
        "an owner that there cannot be");
    if (metadata.xattrsLength(inode) != 0) {
      checkXattrs(inode);
    }
    int kind = mode & FileMode.S_IFMT;
    require((mode & ~FileMode.S_IFMT & ~FileMode.ALL) == 0, "a mode that there cannot be");
    if (kind == FileType.DIRECTORY.bits()) {
      // Its entries, and so its link count, come later.
      require(metadata.value(inode) == 0, "a directory with a size");
      return;
    }
    require(metadata.nlink(inode) >= 1, "a link count that is wrong");
    wantedLinks += metadata.nlink(inode) - 1;
    if (kind == FileType.REGULAR.bits()) {
      checkExtents(inode);
    } else if (kind == FileType.SYMLINK.bits()) {
      checkTarget(inode);
    } else {
      checkNode(inode, kind);
    }
  }

  private void checkXattrs(int inode) throws ImageFormatException {
    int kind = metadata.mode(inode) & FileMode.S_IFMT;
    require(
        kind == FileType.DIRECTORY.bits() || kind == FileType.REGULAR.bits(),
        "attributes of what cannot have any");
    var left = ByteBuffer.wrap(takeText(metadata.xattrs(inode), metadata.xattrsLength(inode)));
    byte[] last = {};
    while (left.hasRemaining()) {
      byte[] name =
          take(
              left,
              left.remaining() < Short.BYTES ? -1 : left.getShort(),
              XattrFlags.XATTR_NAME_MAX);
      require(
          name.length > USER.length
              && Arrays.equals(name, 0, USER.length, USER, 0, USER.length)
              && Arrays.compareUnsigned(last, name) < 0,
          "an attribute that there cannot be");
      last = name;
      take(left, left.remaining() < Integer.BYTES ? -1 : left.getInt(), XattrFlags.XATTR_SIZE_MAX);
    }
  }

  private static byte[] take(ByteBuffer text, int length, int most) throws ImageFormatException {
    require(
        length >= 0 && length <= most && length <= text.remaining(),
        "an attribute of a length that none can have");
    var bytes = new byte[length];
    text.get(bytes);
    return bytes;
  }

  private void checkExtents(int inode) throws ImageFormatException {
    long size = metadata.value(inode);
    int count = metadata.count(inode);
    require(size >= 0, "a file of a size that none can have");
    require(
        metadata.first(inode) == extents && count >= 0 && count <= metadata.extents() - extents,
        "a file whose content is elsewhere");
    long next = 0;
    long all = 0;
    for (int i = extents; i < extents + count; i++) {
      long page = metadata.page(i);
      long pages = metadata.pages(i);
      require(
          page >= next && page <= size / ImageFormat.PAGE && pages > 0,
          "an extent that there cannot be");
      long left = size - page * ImageFormat.PAGE;
      require(left > (pages - 1) * ImageFormat.PAGE, "an extent beyond its file");
      require(metadata.position(i) == content, "a file whose content is elsewhere");
      content += Math.min(left, pages * ImageFormat.PAGE);
      // A hole of a page at least.
      next = page + pages + 1;
      all += pages;
    }
    require(content <= metadata.contentEnd(), "a file whose content is elsewhere");
    require(all <= Integer.MAX_VALUE, "a file of too many pages");
    extents += count;
  }

  private void checkTarget(int inode) throws ImageFormatException {
    int length = metadata.count(inode);
    require(
        (metadata.mode(inode) & FileMode.ALL) == ImageFormat.SYMLINK_MODE
            && metadata.value(inode) == 0,
        "a symbolic link with a mode of its own");
    require(
        length >= 1 && length <= ImageFormat.TARGET_MAX,
        "a symbolic link of a length that none can have");
    for (byte b : takeText(metadata.first(inode), length)) {
      require(b != 0, "a symbolic link that no path resolution can follow");
    }
  }

  private void checkNode(int inode, int kind) throws ImageFormatException {
    long device = metadata.value(inode);
    boolean isDevice =
        kind == FileType.CHARACTER_DEVICE.bits() || kind == FileType.BLOCK_DEVICE.bits();
    boolean other = kind == FileType.FIFO.bits() || kind == FileType.SOCKET.bits();
    require(
        (isDevice && device >= 0 && device <= 0xFFFF_FFFFL) || (other && device == 0),
        "a node of unknown kind");
    require(metadata.first(inode) == 0 && metadata.count(inode) == 0, "a node with content");
  }

  /** Meets the next text. */
  private byte[] takeText(int position, int length) throws ImageFormatException {
    require(
        position == text && length >= 0 && length <= metadata.textLength() - text,
        "a text that is elsewhere");
    text += length;
    return metadata.text(position, length);
  }

  private static void require(boolean right, String wrong) throws ImageFormatException {
    if (!right) {
      throw ImageFormat.damaged(wrong);
    }
  }
}
