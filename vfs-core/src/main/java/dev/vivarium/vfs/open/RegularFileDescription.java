package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import dev.vivarium.vfs.tree.RegularFile;
import dev.vivarium.vfs.tree.StoredContent;
import dev.vivarium.vfs.tree.Tree;

/**
 * An open regular file in memory. It holds the inode's number and looks the inode up at each call,
 * so that a copy that was made below it goes unnoticed.
 */
public final class RegularFileDescription extends FileDescription {
  private final Tree tree;
  private final long device;
  private final long ino;
  private final Credentials opener;
  private long position;

  /**
   * Opens a file, whose permissions have been checked. Called under the tree's lock.
   *
   * @param opener whose writing clears set-id bits, unless root
   */
  public RegularFileDescription(Tree tree, long device, long ino, int flags, Credentials opener) {
    super(flags);
    this.tree = tree;
    this.device = device;
    this.ino = ino;
    this.opener = opener;
    tree.pin(ino);
  }

  /** The same file in a fork of the tree, at the same offset. Called under the fork's lock. */
  public RegularFileDescription in(Tree fork) {
    var copy = new RegularFileDescription(fork, device, ino, flags(), opener);
    copy.position = position;
    return copy;
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public Stat stat() throws ErrnoException {
    synchronized (tree.lock()) {
      return file().stat(device);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws ErrnoException {
    require(readable(), Errno.EBADF);
    synchronized (tree.lock()) {
      int count = readAt(position, buffer, offset, length);
      position += count;
      return count;
    }
  }

  @Override
  public int pread(byte[] buffer, int offset, int length, long at) throws ErrnoException {
    require(at >= 0, Errno.EINVAL);
    require(readable(), Errno.EBADF);
    synchronized (tree.lock()) {
      return readAt(at, buffer, offset, length);
    }
  }

  private int readAt(long at, byte[] buffer, int offset, int length) throws ErrnoException {
    var file = file();
    requireReachable(at, length);
    int count = file.read(at, buffer, offset, length);
    if ((flags() & OpenFlags.O_NOATIME) == 0) {
      tree.touch(file);
    }
    return count;
  }

  @Override
  public int write(byte[] buffer, int offset, int length) throws ErrnoException {
    require(writable(), Errno.EBADF);
    synchronized (tree.lock()) {
      requireReachable(position, length);
      boolean append = (flags() & OpenFlags.O_APPEND) != 0;
      long at = append ? file().size() : position;
      if (append && at == Long.MAX_VALUE && length > 0) {
        throw Errno.EFBIG.exception();
      }
      int count = writeAt(at, buffer, offset, (int) Math.min(length, Long.MAX_VALUE - at));
      if (length > 0) {
        position = at + count;
      }
      return count;
    }
  }

  @Override
  public int pwrite(byte[] buffer, int offset, int length, long at) throws ErrnoException {
    require(at >= 0, Errno.EINVAL);
    require(writable(), Errno.EBADF);
    synchronized (tree.lock()) {
      return writeAt(at, buffer, offset, length);
    }
  }

  private int writeAt(long at, byte[] buffer, int offset, int length) throws ErrnoException {
    requireReachable(at, length);
    file();
    if (length == 0) {
      return 0;
    }
    long now = tree.now();
    int count = ((RegularFile) tree.own(ino)).write(tree, at, buffer, offset, length);
    contentChanged(now);
    return count;
  }

  private void contentChanged(long now) {
    tree.contentChanged(ino, now);
    clearSetId(tree, ino, opener);
  }

  /** Takes the set-id bits from a file that somebody without the right to keep them has changed. */
  public static void clearSetId(Tree tree, long ino, Credentials who) {
    var inode = tree.get(ino);
    if (!who.isRoot() && (inode.mode() & (FileMode.S_ISUID | FileMode.S_ISGID)) != 0) {
      int cleared = AccessCheck.withoutSetId(who, inode);
      if (cleared != inode.mode()) {
        tree.adjustMode(ino, cleared);
      }
    }
  }

  /** See {@link Transfer#cloneFile}, which has checked both. */
  void cloneFrom(RegularFileDescription other) throws ErrnoException {
    RegularFile original;
    synchronized (other.tree.lock()) {
      original = other.file();
      other.tree.seal(original);
    }
    synchronized (tree.lock()) {
      file();
      long now = tree.now();
      ((RegularFile) tree.own(ino)).share(tree, original);
      contentChanged(now);
    }
  }

  /**
   * Gives a hole of the file content that is stored outside of the heap. Errors, in checking order:
   *
   * <ol>
   *   <li>EINVAL if the offset is negative; EBADF if not open for writing
   *   <li>EINVAL if the offset is no multiple of a page's size, or something is there already
   *   <li>ENOSPC, EDQUOT, and nothing has changed
   * </ol>
   *
   * @param position where the content begins in what stores it
   */
  public void attach(long offset, StoredContent content, long position, int length)
      throws ErrnoException {
    require(offset >= 0, Errno.EINVAL);
    require(writable(), Errno.EBADF);
    synchronized (tree.lock()) {
      requireReachable(offset, length);
      file();
      if (length > 0) {
        long now = tree.now();
        ((RegularFile) tree.own(ino)).attach(tree, offset, content, position, length);
        contentChanged(now);
      }
    }
  }

  /**
   * Where content that is stored outside of the heap has the page at an offset, whole but for what
   * is behind the file's end; -1 if it does not have it.
   *
   * @param offset a multiple of a page's size
   * @throws ErrnoException EBADF if it has been closed
   */
  public long positionIn(StoredContent content, long offset) throws ErrnoException {
    synchronized (tree.lock()) {
      return file().positionIn(content, offset);
    }
  }

  @Override
  public long seek(long offset, Whence whence) throws ErrnoException {
    synchronized (tree.lock()) {
      var file = file();
      long size = file.size();
      position =
          switch (whence) {
            case SET -> notNegative(offset);
            case CUR -> notNegative(position + offset);
            case END -> notNegative(size + offset);
            case DATA -> found(file.nextData(withinSize(offset, size)));
            case HOLE -> file.nextHole(withinSize(offset, size));
          };
      return position;
    }
  }

  @Override
  public void truncate(long size) throws ErrnoException {
    if (size < 0 || !OpenFlags.writable(flags())) {
      throw Errno.EINVAL.exception();
    }
    synchronized (tree.lock()) {
      file();
      long now = tree.now();
      ((RegularFile) tree.own(ino)).truncate(tree, size);
      contentChanged(now);
    }
  }

  @Override
  protected void allocateRange(int mode, long offset, long length) throws ErrnoException {
    boolean keepsSize = (mode & AllocateFlags.FALLOC_FL_KEEP_SIZE) != 0;
    boolean punches = (mode & AllocateFlags.FALLOC_FL_PUNCH_HOLE) != 0;
    if (!punches && (mode & ~AllocateFlags.FALLOC_FL_KEEP_SIZE) != 0) {
      throw Errno.EOPNOTSUPP.exception();
    }
    synchronized (tree.lock()) {
      file();
      long now = tree.now();
      var file = (RegularFile) tree.own(ino);
      if (punches) {
        file.punch(tree, offset, length);
      } else {
        file.allocate(tree, offset, length, keepsSize);
      }
      contentChanged(now);
    }
  }

  @Override
  public void sync(boolean dataOnly) {
    // Memory is all there is.
  }

  @Override
  protected void closed() {
    synchronized (tree.lock()) {
      tree.unpin(ino);
    }
  }

  private RegularFile file() throws ErrnoException {
    var file = (RegularFile) tree.get(ino);
    if (file == null) {
      // Another thread closed the last descriptor while this call was on its way.
      throw Errno.EBADF.exception();
    }
    return file;
  }

  /** As Linux answers where no offset could tell the end. */
  private static void requireReachable(long at, int length) throws ErrnoException {
    require(length <= Long.MAX_VALUE - at, Errno.EINVAL);
  }

  // Of a sum that overflows, too, Linux says EINVAL.
  private static long notNegative(long offset) throws ErrnoException {
    require(offset >= 0, Errno.EINVAL);
    return offset;
  }

  private static long withinSize(long offset, long size) throws ErrnoException {
    require(offset >= 0 && offset < size, Errno.ENXIO);
    return offset;
  }

  private static long found(long offset) throws ErrnoException {
    require(offset >= 0, Errno.ENXIO);
    return offset;
  }
}
