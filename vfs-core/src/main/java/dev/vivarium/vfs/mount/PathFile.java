package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;

/** An open file of a {@link PathFileSystem}. Its monitor guards the offset. */
final class PathFile extends FileDescription {
  private final PathFileSystem fileSystem;
  private final PathNode node;
  private final PathContent content;
  private long offset;

  /**
   * Called under the lock of the tree.
   *
   * @param node pinned, and its content held, for this; both let go when it is closed
   */
  PathFile(PathFileSystem fileSystem, PathNode node, int flags) {
    super(flags);
    this.fileSystem = fileSystem;
    this.node = node;
    this.content = node.content();
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public Stat stat() throws ErrnoException {
    return fileSystem.statOfOpen(node);
  }

  @Override
  public synchronized int read(byte[] buffer, int from, int length) throws ErrnoException {
    int count = pread(buffer, from, length, offset);
    offset += count;
    return count;
  }

  @Override
  public int pread(byte[] buffer, int from, int length, long position) throws ErrnoException {
    require(position >= 0, Errno.EINVAL);
    require(readable(), Errno.EBADF);
    require(length <= Long.MAX_VALUE - position, Errno.EINVAL);
    return content.read(buffer, from, length, position);
  }

  @Override
  public synchronized int write(byte[] buffer, int from, int length) throws ErrnoException {
    require(writable(), Errno.EBADF);
    if ((flags() & OpenFlags.O_APPEND) != 0) {
      // The end and what is written there belong together.
      synchronized (content) {
        long end = content.size();
        int count = pwrite(buffer, from, length, end);
        offset = end + count;
        return count;
      }
    }
    int count = pwrite(buffer, from, length, offset);
    offset += count;
    return count;
  }

  @Override
  public int pwrite(byte[] buffer, int from, int length, long position) throws ErrnoException {
    require(position >= 0, Errno.EINVAL);
    require(writable(), Errno.EBADF);
    require(length <= Long.MAX_VALUE - position, Errno.EFBIG);
    return content.write(buffer, from, length, position);
  }

  @Override
  public synchronized long seek(long distance, Whence whence) throws ErrnoException {
    long base =
        switch (whence) {
          case SET -> 0;
          case CUR -> offset;
          case END -> content.size();
          case DATA, HOLE -> {
            // The provider tells no holes: all of a file is data, and its end a hole.
            long size = content.size();
            require(distance >= 0 && distance < size, Errno.ENXIO);
            yield whence == Whence.DATA ? 0 : size - distance;
          }
        };
    // A sum that overflows is negative too.
    require(base + distance >= 0, Errno.EINVAL);
    offset = base + distance;
    return offset;
  }

  @Override
  public void truncate(long size) throws ErrnoException {
    require(size >= 0 && writable(), Errno.EINVAL);
    content.truncate(size);
  }

  @Override
  public void sync(boolean dataOnly) throws ErrnoException {
    content.sync(dataOnly);
  }

  @Override
  protected void closed() {
    content.close();
    fileSystem.closed(node);
  }
}
